package io.taskscheduler.domain;

/** Who sees to a task at an instant. */
public enum Standing {
    /** It has come to its end. */
    FINAL,
    /** Its time has not come, or came so short a while ago that its timer may still be on the way. */
    WAITING,
    /** An attempt holds it under a living lease. */
    LEASED,
    /** It was overdue, and the reconciler's wake-up is on its way. */
    ON_ITS_WAY,
    /** Nobody: it should have been woken, or its attempt's lease is dead. */
    OVERDUE
}
