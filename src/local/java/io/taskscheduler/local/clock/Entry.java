package io.taskscheduler.local.clock;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.Predicate;

/** Work that waits in an {@link Agenda}. */
public final class Entry implements Comparable<Entry> {

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::when)
            .thenComparingLong(entry -> entry.number);

    private final Instant when;
    private final long number;
    private final String what;
    private final Runnable begins;
    private final Predicate<Entry> remove;

    Entry(Instant when, long number, String what, Runnable begins, Predicate<Entry> remove) {
        this.when = when;
        this.number = number;
        this.what = what;
        this.begins = begins;
        this.remove = remove;
    }

    /** When it is due; it starts then or, when that was past already, at once. */
    public Instant when() {
        return when;
    }

    public String what() {
        return what;
    }

    /**
     * Takes the work off the agenda, unless it has started.
     *
     * @return whether it was still waiting, and will now never run
     */
    public boolean cancel() {
        return remove.test(this);
    }

    /** Sets it off; called once, with the agenda's lock held. */
    void begin() {
        begins.run();
    }

    @Override
    public int compareTo(Entry other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return what + " at " + when;
    }
}
