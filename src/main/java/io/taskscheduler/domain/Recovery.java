package io.taskscheduler.domain;

/** What the reconciler does with an open task that it found past its time. */
public sealed interface Recovery {

    /** Store the transition, which says when the wake-up comes, and then send it. */
    record Wake(Transition transition, Orphan orphan) implements Recovery {}

    /** No attempt may follow: store the transition, which ends the task. */
    record End(Transition transition, Orphan orphan) implements Recovery {}

    /** Somebody sees to the task: it is not due for long, an attempt holds it, a wake-up is on its way, or it has ended. */
    record LeaveAlone(Standing standing) implements Recovery {}

    /** Why nobody saw to the task. */
    enum Orphan {
        /** Its first wake-up never came: the timer was not set, or was lost. */
        NOT_STARTED,
        /** The wake-up of a further attempt never came. */
        NOT_RETRIED,
        /** The function that held it died. */
        ATTEMPT_LOST
    }
}
