package io.taskscheduler.local.faults;

import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A fault with how often it is still to happen. Not safe for concurrent use. */
final class Waiting {
    private final Fault fault;
    private final ObjectNode told;
    private int skip;
    private int times;

    /**
     * A fault that nothing has met yet.
     *
     * @param told
     *            as it is shown, but for what is left
     * @param skip
     *            how many calls of its kind it lets pass first
     */
    Waiting(Fault fault, ObjectNode told, int skip, int times) {
        this.fault = fault;
        this.told = told;
        this.skip = skip;
        this.times = times;
    }

    Fault fault() {
        return fault;
    }

    <F extends Fault> boolean isLeft(Class<F> kind, Predicate<F> hit) {
        return times > 0 && kind.isInstance(fault) && hit.test(kind.cast(fault));
    }

    /** A call meets it: whether it happens, or lets the call pass. */
    boolean strikes() {
        if (skip > 0) {
            skip--;
            return false;
        }
        times--;
        return true;
    }

    JsonNode json() {
        ObjectNode view = told.deepCopy().put("times", times);
        if (view.has("skip")) {
            view.put("skip", skip);
        }
        return view;
    }
}
