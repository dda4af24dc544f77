package io.taskscheduler.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A real time that stands still unless a test moves it. */
public final class ManualTime implements InstantSource {

    private volatile Instant now;

    public ManualTime(Instant start) {
        this.now = start;
    }

    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
