package io.taskscheduler.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a caller wants done, every part of it valid.
 *
 * @param runAt     when the first attempt is wanted, to the millisecond; may have passed
 * @param precision how exactly
 * @param expiresAt after {@code runAt}; from then on a task that has not been started is not started any more
 * @param redact    whether a task that has come to its end keeps neither what it carried nor what was answered
 */
public record Order(Action action, Instant runAt, Precision precision, Optional<Instant> expiresAt, RetryPolicy retry,
        Map<String, String> labels, boolean redact) {

    public Order {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Of a task that keeps everything. */
    public Order(Action action, Instant runAt, Precision precision, Optional<Instant> expiresAt, RetryPolicy retry,
            Map<String, String> labels) {
        this(action, runAt, precision, expiresAt, retry, labels, false);
    }

    /** The API's names of what the other one wants differently; the time is not among them. */
    List<String> differencesTo(Order other) {
        List<String> members = new ArrayList<>();
        note(members, "payload", action, other.action);
        note(members, "precision", precision, other.precision);
        note(members, "expires_at", expiresAt, other.expiresAt);
        note(members, "retry", retry, other.retry);
        note(members, "labels", labels, other.labels);
        note(members, "redact", redact, other.redact);
        return members;
    }

    /** The same at another time; an end that has passed by then no longer holds. */
    Order at(Instant time) {
        return new Order(action, time, precision, expiresAt.filter(time::isBefore), retry, labels, redact);
    }

    private static void note(List<String> members, String name, Object one, Object other) {
        if (!one.equals(other)) {
            members.add(name);
        }
    }
}
