package io.taskscheduler.local.scheduler;

/** A target did not take an invocation. */
public final class TargetFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final String errorCode;
    private final boolean retryable;

    /**
     * @param errorCode the target service's error name, such as {@code AWS.Lambda.ResourceNotFoundException}
     * @param retryable whether a later attempt may succeed; a failure for good goes to the dead-letter queue at once
     */
    public TargetFailure(String errorCode, String message, boolean retryable) {
        super(message);
        this.errorCode = errorCode;
        this.retryable = retryable;
    }

    public String errorCode() {
        return errorCode;
    }

    public String reason() {
        var message = getMessage();
        return message == null ? "" : message;
    }

    public boolean retryable() {
        return retryable;
    }
}
