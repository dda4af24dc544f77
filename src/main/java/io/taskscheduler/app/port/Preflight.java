package io.taskscheduler.app.port;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.Action;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what carrying an action out would do, without doing it. */
public interface Preflight {

    /** What the attempt would send at that time, exactly but for secrets. */
    Request request(Attempt attempt, Instant sentAt);

    /** Where the action would go, as things stand now. Takes {@value #MOST_SECONDS} seconds at most. */
    Address address(Action action);

    /** Source: a look-up takes milliseconds; one that hangs must not keep the function, which the account has few of. */
    int MOST_SECONDS = 2;

    /**
     * An HTTP request.
     *
     * @param headers in the order they are sent, the names in lower case
     */
    record Request(String method, String url, Map<String, String> headers, Optional<String> body) {}

    /** Where a name leads. */
    sealed interface Address {

        /** It would be called there. */
        record Allowed(List<String> addresses) implements Address {}

        /** At least one of them may not be called, so that none is. */
        record Blocked(List<String> addresses) implements Address {}

        /** The name leads nowhere, or nobody answered what it leads to. */
        record DnsError() implements Address {}
    }
}
