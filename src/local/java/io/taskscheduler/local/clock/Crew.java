package io.taskscheduler.local.clock;

import java.util.Optional;

/**
 * The threads that work in flight is left to, known by who started them. While all of them pause, a move of the clock does not wait for
 * that work: those of them who are done are as good as at work until the crew is closed, for nobody knows that they are. To be closed by the
 * thread that opened it; who still pauses then is no part of that work any more.
 */
public final class Crew implements AutoCloseable {

    /** Bound to a thread, and to those that it starts: what pauses does not know for whom. */
    private static final InheritableThreadLocal<Optional<Crew>> CURRENT = new InheritableThreadLocal<>() {
        @Override
        protected Optional<Crew> initialValue() {
            return Optional.empty();
        }
    };

    private final Agenda agenda;
    private final Flight flight;
    private final Track track;
    private final int size;
    private final Optional<Crew> before = CURRENT.get();

    // Guarded by the agenda's lock.
    private int pausing;
    private boolean ended;

    private Crew(Agenda agenda, Flight flight, Track track, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a crew has at least one thread, not " + size);
        }
        this.agenda = agenda;
        this.flight = flight;
        this.track = track;
        this.size = size;
    }

    static Crew begin(Agenda agenda, Flight flight, Track track, int size) {
        var crew = new Crew(agenda, flight, track, size);
        flight.change(track, size - 1);
        CURRENT.set(Optional.of(crew));
        return crew;
    }

    /** The one that the calling thread belongs to, if that is one of this flight. */
    static Optional<Crew> current(Flight flight) {
        return CURRENT.get().filter(crew -> crew.flight == flight);
    }

    @Override
    public void close() {
        agenda.ended(this);
        CURRENT.set(before);
    }

    /** Whether one more of its threads is known to pause, which then has to be resumed. */
    boolean pause() {
        var counts = !ended && pausing < size;
        if (counts) {
            pausing++;
            flight.change(track, -1);
        }
        return counts;
    }

    void resume() {
        if (!ended) {
            pausing--;
            flight.change(track, 1);
        }
    }

    /** Who still pauses is not at work any more; the caller, who waited for them all, is. */
    void end() {
        if (!ended) {
            ended = true;
            flight.change(track, pausing - (size - 1));
        }
    }
}
