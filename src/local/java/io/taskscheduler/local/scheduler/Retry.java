package io.taskscheduler.local.scheduler;

import java.time.Duration;
import java.time.Instant;

/**
 * An invocation that failed and will be tried again.
 *
 * @param attempt the number of the next attempt, from 2
 * @param since when the first attempt began
 * @param at when the next one is due
 */
record Retry(int attempt, Instant since, Instant at) {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    static Retry read(String stored) {
        var parts = stored.split(" ", -1);
        return new Retry(Integer.parseInt(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])),
                Instant.ofEpochMilli(Long.parseLong(
                        parts[2])));
    }

    String stored() {
        return attempt + " " + since.toEpochMilli() + " " + at.toEpochMilli();
    }

    /** 1, 2, 4 … seconds, at most 5 minutes: AWS says no more than that it backs off exponentially. */
    static Duration delayAfter(int attempt) {
        var delay = Duration.ofSeconds(1L << Math.min(attempt - 1, 30));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
