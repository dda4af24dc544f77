package io.taskscheduler.local.clock;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The work that recurs on an {@link Agenda}. Guarded by the agenda's lock. */
final class Background {

    private final Set<BackgroundEntry> entries = new LinkedHashSet<>();

    void add(BackgroundEntry entry) {
        entries.add(entry);
    }

    boolean remove(BackgroundEntry entry) {
        return entries.remove(entry);
    }

    void clear() {
        entries.clear();
    }

    /** All periods begin now. */
    void restart(Instant now) {
        entries.forEach(entry -> entry.restart(now));
    }

    /** Never what is running. */
    List<BackgroundEntry> due(Instant now) {
        return those(entry -> !entry.isRunning() && !entry.next().isAfter(now));
    }

    /** Who looks for what came from outside: all, or only who has not done so for its period. */
    List<BackgroundEntry> lookouts(boolean all) {
        return those(entry -> entry.looksOut(all));
    }

    List<BackgroundEntry> all() {
        return List.copyOf(entries);
    }

    /** When the first is due of those that are not running: never when there is none. */
    Instant next() {
        return those(entry -> !entry.isRunning()).stream().map(BackgroundEntry::next).min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    private List<BackgroundEntry> those(Predicate<BackgroundEntry> wanted) {
        return entries.stream().filter(wanted).toList();
    }
}
