package io.taskscheduler.local.clock;

/** Work in flight: a move of the clock goes no further until it is closed. Closing it again does nothing. */
public final class Track implements AutoCloseable {

    private final String what;
    private final Agenda agenda;

    /** How many threads work on it that do not pause; the {@link Flight}'s. */
    int working;

    Track(String what, Agenda agenda) {
        this.what = what;
        this.agenda = agenda;
    }

    /**
     * Leaves this work, until the crew is closed, to at most so many threads, of which each may pause. The caller, who does nothing meanwhile
     * but wait for them, starts them, or starts who starts them.
     *
     * @throws IllegalStateException when this has ended
     */
    public Crew crew(int size) {
        return agenda.crew(this, size);
    }

    @Override
    public void close() {
        agenda.ended(this);
    }

    @Override
    public String toString() {
        return what;
    }
}
