package io.taskscheduler.local.clock;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;

/**
 * The threads that wait for the clock. Each pause lies on the agenda like an entry, so that it ends in its turn, and its thread is at work
 * again from that very step on, whenever it really goes on. Guarded by the agenda's lock.
 */
final class Pauses {

    private final Agenda agenda;
    private final Guard guard;
    private final Entries entries;
    private final Flight flight;
    private final Set<Pausing> inProgress = new HashSet<>();

    Pauses(Agenda agenda, Guard guard, Entries entries, Flight flight) {
        this.agenda = agenda;
        this.guard = guard;
        this.entries = entries;
        this.flight = flight;
    }

    /** One thread's. */
    private final class Pausing {
        private final Condition resumed = guard.condition();
        private final Optional<Crew> crew;
        private boolean over;

        Pausing(Optional<Crew> crew) {
            this.crew = crew;
        }

        void end() {
            over = true;
            crew.ifPresent(Crew::resume);
            resumed.signal();
        }
    }

    Crew crew(Track track, int size) {
        if (!flight.has(track)) {
            throw new IllegalStateException(track + " has ended");
        }
        return Crew.begin(agenda, flight, track, size);
    }

    /** Gives the lock back meanwhile. */
    void until(Instant instant) {
        var pausing = new Pausing(Crew.current(flight).filter(Crew::pause));
        inProgress.add(pausing);
        var entry = entries.add(instant, "end of a pause", pausing::end);
        guard.changed();
        try {
            while (!pausing.over) {
                if (guard.isClosed()) {
                    throw new IllegalStateException("the agenda is closed");
                }
                pausing.resumed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + instant, e);
        } finally {
            if (!pausing.over) {
                entry.cancel();
                pausing.end();
            }
            inProgress.remove(pausing);
            guard.changed();
        }
    }

    /** Whether no thread waits, nor has yet to notice that it need not wait any more. */
    boolean isEmpty() {
        return inProgress.isEmpty();
    }

    /** Has them look whether the agenda is closed. */
    void wake() {
        inProgress.forEach(pausing -> pausing.resumed.signal());
    }
}
