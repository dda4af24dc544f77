package io.taskscheduler.fake;

import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A line from which nothing comes out by itself. */
public final class RecordingWakeUps implements WakeUps {

    private final InstantSource clock;
    private final List<WakeUp> sent = new ArrayList<>();
    private boolean silent;

    public RecordingWakeUps(InstantSource clock) {
        this.clock = clock;
    }

    public RecordingWakeUps() {
        this(InstantSource.fixed(Instant.MAX));
    }

    @Override
    public synchronized void send(List<WakeUp> wakeUps) {
        if (silent) {
            throw new Unavailable("the line is silent", new IllegalStateException("planned"));
        }
        for (WakeUp wakeUp : wakeUps) {
            if (Duration.between(clock.instant(), wakeUp.at()).compareTo(HORIZON) > 0) {
                throw new IllegalArgumentException("too far ahead");
            }
        }
        sent.addAll(wakeUps);
    }

    @Override
    public synchronized int waiting() {
        return sent.size();
    }

    public synchronized List<WakeUp> sent() {
        return List.copyOf(sent);
    }

    /** All that was sent has come out. */
    public synchronized void empty() {
        sent.clear();
    }

    public synchronized void fallSilent() {
        silent = true;
    }
}
