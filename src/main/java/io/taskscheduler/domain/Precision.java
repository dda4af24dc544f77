package io.taskscheduler.domain;

/** What a task's timer must reach. */
public enum Precision {
    /** The first attempt starts within a fraction of a second of its time; a far timer then costs a message more. */
    SECOND,
    /** The first attempt starts within the minute that follows its time. */
    MINUTE
}
