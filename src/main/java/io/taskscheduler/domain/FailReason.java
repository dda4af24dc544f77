package io.taskscheduler.domain;

/** Why a task failed for good. */
public enum FailReason {
    /**
     * What came is what a repetition does not change: a redirect, a 4xx other than 408, 425 and 429, an address that may not be called, a secret
     * that does not exist.
     */
    NOT_RETRYABLE,
    /** The last allowed attempt did not succeed. */
    ATTEMPTS_EXHAUSTED,
    /** What is stored of the task cannot be understood, or is not a valid task. */
    INVALID_TASK
}
