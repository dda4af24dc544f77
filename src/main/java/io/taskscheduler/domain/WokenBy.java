package io.taskscheduler.domain;

/** Who sent a wake-up. */
public enum WokenBy {
    /** The timer that was set for the task. */
    TIMER,
    /** The reconciler, which found the task overdue. */
    RECONCILER,
    /** A wake-up that had been given up and was taken up again from its dead-letter queue. */
    DEAD_LETTER
}
