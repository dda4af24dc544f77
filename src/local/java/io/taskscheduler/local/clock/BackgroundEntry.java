package io.taskscheduler.local.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** Work that recurs in an {@link Agenda} and fires only once, at its end, in a move of the clock, however long the move. */
public final class BackgroundEntry {

    private final Duration period;
    private final String what;
    private final Runnable work;
    private final boolean looksOut;
    private final Predicate<BackgroundEntry> remove;

    // Guarded by the agenda's lock.
    private Instant next;
    private boolean running;
    private long endedNanos = System.nanoTime();

    BackgroundEntry(Duration period, String what, Runnable work, boolean looksOut, Instant now,
            Predicate<BackgroundEntry> remove) {
        this.period = period;
        this.what = what;
        this.work = work;
        this.looksOut = looksOut;
        this.remove = remove;
        this.next = now.plus(period);
    }

    /**
     * Ends the recurrence; a run under way is not interrupted.
     *
     * @return whether it was still on the agenda
     */
    public boolean cancel() {
        return remove.test(this);
    }

    Runnable work() {
        return work;
    }

    Instant next() {
        return next;
    }

    /** Whether it looks for what came from outside and, unless any such is asked for, has not done so for its period of real time. */
    boolean looksOut(boolean any) {
        return looksOut && (any || System.nanoTime() - endedNanos >= period.toNanos());
    }

    boolean isRunning() {
        return running;
    }

    void started() {
        running = true;
    }

    void ended(Instant now) {
        running = false;
        endedNanos = System.nanoTime();
        restart(now);
    }

    void restart(Instant now) {
        next = now.plus(period);
    }

    @Override
    public String toString() {
        return what + " every " + period;
    }
}
