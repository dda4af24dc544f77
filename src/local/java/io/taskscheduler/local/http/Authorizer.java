package io.taskscheduler.local.http;

import java.util.Optional;

import io.taskscheduler.local.template.RouteAuth;

import tools.jackson.databind.node.ObjectNode;

/** Who decides whether a request may go on to the function of its route. */
@FunctionalInterface
public interface Authorizer {

    /** What a request is told. */
    sealed interface Verdict {

        /**
         * It goes on.
         *
         * @param caller
         *            the event's {@code requestContext.authorizer}; empty when nobody was asked for
         */
        record Allowed(Optional<ObjectNode> caller) implements Verdict {}

        /** It goes no further than to this answer. */
        record Refused(Reply.Answer answer) implements Verdict {}
    }

    /**
     * Judges a request.
     *
     * @param wanted
     *            what its route asks for
     */
    Verdict judge(RouteAuth wanted, Request request);
}
