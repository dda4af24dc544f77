package io.taskscheduler.app.port;

import java.time.Instant;

/** Waits inside a call, for parts of a second that no timer can count. */
public interface Pause {

    /**
     * Returns once the clock reads that instant or later: at once when it does already.
     *
     * @throws IllegalStateException when the waiting thread is interrupted
     */
    void until(Instant instant);
}
