package io.taskscheduler.local.http;

/** A body of the control API that has the wrong shape; the message says what would be right. */
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInput(String whatWouldBeRight) {
        super(whatWouldBeRight);
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
