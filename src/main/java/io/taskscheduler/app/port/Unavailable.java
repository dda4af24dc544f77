package io.taskscheduler.app.port;

/**
 * An outside service that is needed did not answer, or refused for a reason that is not the caller's. Whether the call took effect is not
 * known. The message names the service and the call, never anything that a task holds.
 */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
