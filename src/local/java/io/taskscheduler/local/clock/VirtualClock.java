package io.taskscheduler.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of the local run: the real time plus an offset. It runs at the speed of the real time; only an {@link Agenda} moves the offset.
 * Digits below the millisecond are those of the real source. Safe for use by many threads.
 */
public final class VirtualClock implements InstantSource {

    private final InstantSource real;
    private volatile Duration offset;

    public VirtualClock(InstantSource real) {
        this(real, Duration.ZERO);
    }

    public VirtualClock(InstantSource real, Duration offset) {
        this.real = real;
        this.offset = offset;
    }

    @Override
    public Instant instant() {
        return real.instant().plus(offset);
    }

    /** How far this clock is ahead of the real time. */
    public Duration offset() {
        return offset;
    }

    Instant instantAt(Duration anOffset) {
        return real.instant().plus(anOffset);
    }

    Duration offsetThatShows(Instant instant) {
        return Duration.between(real.instant(), instant);
    }

    /** Never backwards: the real time may have passed meanwhile what the offset was reckoned for. */
    void forwardTo(Duration newOffset) {
        if (newOffset.compareTo(offset) > 0) {
            offset = newOffset;
        }
    }

    void reset() {
        offset = Duration.ZERO;
    }
}
