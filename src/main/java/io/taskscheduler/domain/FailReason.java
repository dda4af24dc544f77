package io.taskscheduler.domain;

/** Why a task failed for good. */
public enum FailReason {
    /** The answer was one that a repetition does not change: a redirect, or a 4xx other than 408, 425 and 429. */
    NOT_RETRYABLE,
    /** The last allowed attempt did not succeed. */
    ATTEMPTS_EXHAUSTED,
    /** What is stored of the task cannot be understood, or is not a valid task. */
    INVALID_TASK
}
