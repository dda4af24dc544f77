package io.taskscheduler.app.port;

import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;

/** What wakes tasks. A timer fires at least once, and the wake-up names the task. */
public interface Timers {

    /**
     * Sets the timer of one wake-up. A time that has passed means as soon as can be. Setting the same wake-up again gives no more than one
     * wake-up more.
     *
     * @throws Unavailable when the timer was refused or the service did not answer; it may then have been set or not
     */
    void set(Timer timer);

    /**
     * One wake-up of a task.
     *
     * @param wakeUp    the task's version that waits for it: a wake-up's number is never used twice
     * @param at        when the task is to run
     * @param precision {@link Precision#SECOND}: fires before the time, but not by much, for whoever is woken to wait for it;
     *                  {@link Precision#MINUTE}: fires at or after the time
     */
    record Timer(TaskId task, long wakeUp, Instant at, Precision precision) {

        /** The one that an open task waits for. */
        public static Timer of(Task task) {
            return new Timer(task.id(), task.version(), task.dueAt().orElseThrow(), task.order().precision());
        }
    }
}
