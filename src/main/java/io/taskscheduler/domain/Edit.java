package io.taskscheduler.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller wants changed of a task that waits; what is empty stays as it is.
 *
 * @param runAt a new time for the first attempt, also when one has been made already
 */
public record Edit(Optional<Instant> runAt, Optional<Instant> expiresAt, Optional<Action> action,
        Optional<RetryPolicy> retry, Optional<Map<String, String>> labels) {

    Order of(Order order) {
        return new Order(action.orElse(order.action()), runAt.orElse(order.runAt()), order.precision(),
                expiresAt.or(order::expiresAt), retry.orElse(order.retry()), labels.orElse(order.labels()),
                order.redact());
    }
}
