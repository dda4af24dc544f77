package io.taskscheduler.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * The right of one invocation to run one attempt. While it lives no other may start.
 *
 * @param holder unique for each claim: two invocations that claim in the same millisecond must not take each other's claim for their own
 * @param until  the first instant at which it is dead
 */
public record Lease(String holder, Instant until) {

    /** Beyond the attempt's own time-out: two store calls with their retries, and clocks that differ. */
    public static final Duration MARGIN = Duration.ofSeconds(30);

    boolean isAlive(Instant now) {
        return now.isBefore(until);
    }
}
