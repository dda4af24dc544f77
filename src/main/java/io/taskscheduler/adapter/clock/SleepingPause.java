package io.taskscheduler.adapter.clock;

import io.taskscheduler.app.port.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Sleeps. A clock that is set back meanwhile does not prolong it: then it ends when the time that the clock had first shown to be left has
 * passed.
 */
public final class SleepingPause implements Pause {

    private final InstantSource clock;

    public SleepingPause(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void until(Instant instant) {
        Duration before = Duration.ofSeconds(Long.MAX_VALUE);
        Duration left = Duration.between(clock.instant(), instant);
        // A second round is for a clock that runs a little slower than the one that sleeping goes by.
        while (left.isPositive() && left.compareTo(before) < 0) {
            sleep(left);
            before = left;
            left = Duration.between(clock.instant(), instant);
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an instant", e);
        }
    }
}
