package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.AttemptResult.FailureKind;

/** A secret that an attempt needs is not there, cannot be read or cannot be used. The message names it, and holds nothing of it. */
final class UnusableSecret extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String text;

    UnusableSecret(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
        this.text = message;
    }

    /** The message. */
    String text() {
        return text;
    }

    FailureKind kind() {
        return kind;
    }
}
