package io.taskscheduler.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * The right of one invocation to see to a task: to run one attempt, while no other may start, or to wake it, while no other wake-up is sent.
 *
 * @param holder unique for each: two invocations that claim in the same millisecond must not take each other's claim for their own
 * @param until  the first instant at which it is dead
 */
public record Lease(String holder, Instant until) {

    /** Beyond the attempt's own time-out: two store calls with their retries, and clocks that differ. */
    public static final Duration MARGIN = Duration.ofSeconds(30);

    boolean isAlive(Instant now) {
        return now.isBefore(until);
    }
}
