package io.taskscheduler.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How one attempt ended, as far as it can be known from here. Texts are kept to their first {@value #MAX_TEXT} characters. */
public sealed interface AttemptResult {

    /** Source: the API's contract; together with the largest body and 20 attempts it keeps a task below DynamoDB's 400 KB. */
    int MAX_TEXT = 1_024;

    /** When the request was about to be sent. */
    Instant startedAt();

    Duration duration();

    /**
     * The receiver answered.
     *
     * @param body       the first characters of the answer; less when the attempt's time ran out while it was read
     * @param retryAfter how long the receiver asked to be left alone, counted from the answer; never negative
     */
    record Response(Instant startedAt, Duration duration, int statusCode, String body, Optional<Duration> retryAfter)
            implements
                AttemptResult {

        public Response {
            body = cut(body);
        }
    }

    /** No answer came. Whether the request reached the receiver is not known for every kind. */
    record Failure(Instant startedAt, Duration duration, FailureKind kind, String message) implements AttemptResult {

        public Failure {
            message = cut(message);
        }
    }

    /** Why no answer came. */
    enum FailureKind {
        DNS_ERROR, CONNECT_TIMEOUT, CONNECTION_REFUSED, UNREACHABLE, TLS_ERROR, TIMEOUT, CONNECTION_CLOSED, INVALID_RESPONSE, IO_ERROR, BLOCKED_ADDRESS, UNKNOWN_SECRET, SECRET_UNAVAILABLE;

        /** Whether the request may have been sent before this happened. */
        public boolean mayHaveReachedReceiver() {
            return switch (this) {
                case DNS_ERROR, CONNECT_TIMEOUT, CONNECTION_REFUSED, UNREACHABLE, TLS_ERROR, BLOCKED_ADDRESS,
                        UNKNOWN_SECRET, SECRET_UNAVAILABLE ->
                    false;
                case TIMEOUT, CONNECTION_CLOSED, INVALID_RESPONSE, IO_ERROR -> true;
            };
        }

        /** Whether another attempt would meet the same, until somebody changes the task or the settings. */
        public boolean isLasting() {
            return this == BLOCKED_ADDRESS || this == UNKNOWN_SECRET;
        }
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        // Half of a surrogate pair could not be stored as UTF-8.
        return text.substring(0, Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT);
    }
}
