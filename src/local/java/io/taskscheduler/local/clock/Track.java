package io.taskscheduler.local.clock;

import java.util.function.Consumer;

/** Work in flight: a move of the clock goes no further until it is closed. Closing it again does nothing. */
public final class Track implements AutoCloseable {

    private final String what;
    private final Consumer<Track> ended;

    Track(String what, Consumer<Track> ended) {
        this.what = what;
        this.ended = ended;
    }

    @Override
    public void close() {
        ended.accept(this);
    }

    @Override
    public String toString() {
        return what;
    }
}
