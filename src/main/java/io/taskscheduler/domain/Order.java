package io.taskscheduler.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller wants done, every part of it valid.
 *
 * @param runAt     to the millisecond; may have passed
 * @param expiresAt after {@code runAt}
 */
public record Order(Action action, Instant runAt, Optional<Instant> expiresAt, RetryPolicy retry,
        Map<String, String> labels) {

    public Order {
        labels = Map.copyOf(labels);
    }
}
