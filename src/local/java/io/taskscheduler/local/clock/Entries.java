package io.taskscheduler.local.clock;

import java.time.Instant;
import java.util.TreeSet;

/** What waits in an {@link Agenda}, in its order. Guarded by the agenda's lock. */
final class Entries {

    private final Guard guard;
    private final TreeSet<Entry> waiting = new TreeSet<>();
    private long numbers;

    Entries(Guard guard) {
        this.guard = guard;
    }

    /** @param begins what happens in its turn, with the lock held */
    Entry add(Instant when, String what, Runnable begins) {
        var entry = new Entry(when, numbers++, what, begins, this::remove);
        if (!guard.isClosed()) {
            waiting.add(entry);
        }
        if (!waiting.isEmpty() && waiting.first().equals(entry)) {
            guard.changed();
        }
        return entry;
    }

    /** When the first is due: never when there is none. */
    Instant next() {
        return waiting.isEmpty() ? Instant.MAX : waiting.first().when();
    }

    void begin(Instant now) {
        while (!next().isAfter(now)) {
            waiting.removeFirst().begin();
        }
    }

    void clear() {
        waiting.clear();
    }

    private boolean remove(Entry entry) {
        return guard.get(() -> {
            var waited = waiting.remove(entry);
            guard.changed();
            return waited;
        });
    }
}
