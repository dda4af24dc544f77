package io.taskscheduler.domain;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a caller wants done, every part of it valid.
 *
 * @param runAt     when the first attempt is wanted, to the millisecond; may have passed
 * @param precision how exactly
 * @param expiresAt after {@code runAt}; from then on a task that has not been started is not started any more
 */
public record Order(Action action, Instant runAt, Precision precision, Optional<Instant> expiresAt, RetryPolicy retry,
        Map<String, String> labels) {

    public Order {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
