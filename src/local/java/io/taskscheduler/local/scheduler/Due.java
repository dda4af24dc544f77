package io.taskscheduler.local.scheduler;

import java.time.Duration;
import java.time.Instant;

/**
 * The next occurrence of a schedule.
 *
 * @param occurrence when the expression says
 * @param start when it is invoked, later than that where invocations are spread
 */
record Due(Instant occurrence, Instant start) {

    static Due read(String stored) {
        var parts = stored.split(" ", -1);
        return new Due(Instant.ofEpochMilli(Long.parseLong(parts[0])), Instant.ofEpochMilli(Long.parseLong(parts[1])));
    }

    String stored() {
        return occurrence.toEpochMilli() + " " + start.toEpochMilli();
    }

    Duration delay() {
        return Duration.between(occurrence, start);
    }
}
