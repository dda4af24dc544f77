package io.taskscheduler.app.port;

import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A line of wake-ups, in which many tasks can wait without running all at once. Each comes out at least once, at or after its time, as fast as
 * the operator lets the line move; their order is roughly that of their times.
 */
public interface WakeUps {

    /** The farthest ahead that a wake-up may lie. Source: the longest delay of an SQS message. */
    Duration HORIZON = Duration.ofMinutes(15);

    /**
     * Puts them into the line. A time that has passed means now.
     *
     * @throws Unavailable when not all were taken; some may then have been
     */
    void send(List<WakeUp> wakeUps);

    /** How many wait in the line, roughly. */
    int waiting();

    /**
     * One of them.
     *
     * @param at at most {@link #HORIZON} ahead
     */
    record WakeUp(TaskId task, WokenBy by, Instant at) {}
}
