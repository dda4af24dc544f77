package io.taskscheduler.local.clock;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What a move of an {@link Agenda}'s clock is made of; each is one at a time. */
final class Steps {

    private final VirtualClock clock;
    private final Guard guard;
    private final Entries entries;
    private final Flight flight;
    private final Pauses pauses;
    private final Background background;
    private final Consumer<BackgroundEntry> starter;

    // Guarded by the agenda's lock.
    private boolean moving;

    /** @param starter starts work of the background, with the lock held */
    Steps(VirtualClock clock, Guard guard, Entries entries, Flight flight, Pauses pauses, Background background,
            Consumer<BackgroundEntry> starter) {
        this.clock = clock;
        this.guard = guard;
        this.entries = entries;
        this.flight = flight;
        this.pauses = pauses;
        this.background = background;
        this.starter = starter;
    }

    /** While moving, the background is held back. */
    void moving(boolean now) {
        guard.run(() -> {
            moving = now;
            background.restart(clock.instant());
            guard.changed();
        });
    }

    boolean isMoving() {
        return guard.get(() -> moving);
    }

    /** Waits until nothing is in flight and nothing due, then jumps to the next entry's instant if the final offset would pass it. */
    boolean jump(Duration finalOffset) throws InterruptedException {
        guard.lock();
        try {
            awaitQuiet();
            var next = entries.next();
            var here = !next.isAfter(clock.instantAt(finalOffset));
            clock.forwardTo(here ? clock.offsetThatShows(next) : finalOffset);
            guard.changed();
            return here;
        } finally {
            guard.unlock();
        }
    }

    /** Runs what looks out and waits for what that sets off: all of it, or only what has not looked for its period. */
    void lookOut(boolean all) throws InterruptedException {
        guard.lock();
        try {
            if (!background.lookouts(all).isEmpty()) {
                awaitQuiet();
                background.lookouts(all).forEach(starter);
                awaitQuiet();
            }
        } finally {
            guard.unlock();
        }
    }

    void runBackgroundOnce() throws InterruptedException {
        guard.lock();
        try {
            background.all().forEach(starter);
            awaitQuiet();
        } finally {
            guard.unlock();
        }
    }

    /** Who pauses waits for an instant that may be far away in the real time: they come first. */
    void reset() throws InterruptedException {
        guard.lock();
        try {
            await(() -> isQuiet() && pauses.isEmpty());
            clock.reset();
        } finally {
            guard.unlock();
        }
    }

    private void awaitQuiet() throws InterruptedException {
        await(this::isQuiet);
    }

    private boolean isQuiet() {
        return flight.isQuiet() && entries.next().isAfter(clock.instant());
    }

    private void await(BooleanSupplier state) throws InterruptedException {
        while (!state.getAsBoolean()) {
            if (guard.isClosed()) {
                throw new IllegalStateException("the agenda is closed");
            }
            guard.changed();
            guard.change().await();
        }
    }
}
