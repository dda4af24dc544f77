package io.taskscheduler.app.port;

import io.taskscheduler.domain.TaskId;
import java.time.Instant;

/** What wakes tasks. A timer fires at least once, at or after its time, and the wake-up names the task. */
public interface Timers {

    /**
     * Sets the timer of one wake-up. A time that has passed means as soon as can be. Setting the same wake-up again changes nothing.
     *
     * @param wakeUp the task's version that waits for it: a wake-up's number is never used twice
     * @throws Unavailable when the timer was refused or the service did not answer; it may then have been set or not
     */
    void set(TaskId task, long wakeUp, Instant at);
}
