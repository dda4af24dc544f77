package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All tasks in order of time: open ones by when they are due, the next first; finished ones by when they finished, the last first. Many tasks
 * may have the same time; their order is the store's own, and does not change. What was stored in the last second or so may be missing. Throws
 * {@link Unavailable} when the store does not answer.
 */
public interface TaskList {

    /** At most this many can be read with one {@link #read}. */
    int PAGE = 100;

    /** Which tasks stand in one order. */
    enum Group {
        OPEN, COMPLETED, FAILED, CANCELLED, EXPIRED
    }

    /**
     * The next tasks after the position, or from the beginning of the stretch, without a gap.
     *
     * @param most 1 or more; fewer may be found although there are more, but then at least one
     */
    Found find(Stretch stretch, Optional<Position> after, int most);

    /**
     * The tasks that still stand where they were found, in the order of the entries. Those that have moved since, that are gone or past their
     * retention, or that another version of this program has written are left out. At most {@link #PAGE}.
     */
    List<Task> read(Group group, List<Entry> entries);

    /**
     * A stretch of time.
     *
     * @param from in whole milliseconds; the first instant that counts
     * @param to   in whole milliseconds, after {@code from}; the first instant after it that does not
     */
    record Stretch(Group group, Instant from, Instant to) {

        /** Before and after every time that a task can have. */
        public static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");
        public static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

        public Stretch {
            if (!from.isBefore(to) || from.isBefore(BEGINNING) || to.isAfter(END)) {
                throw new IllegalArgumentException("a stretch of time has a beginning before its end");
            }
        }
    }

    /**
     * Where a task was found.
     *
     * @param part of the store, one of those into which it divides its tasks
     * @param id   as the store holds it
     */
    record Entry(int part, Instant time, String id) {}

    /**
     * What was found.
     *
     * @param more whether there may be others after these; if not, there are none
     */
    record Found(List<Entry> entries, boolean more) {

        public Found {
            entries = List.copyOf(entries);
        }
    }

    /**
     * How far a list has been looked at: everything before {@code time}, and of what stands at that very time everything up to one entry of each
     * part.
     *
     * @param last the id of that entry, for the parts in which anything at that time was looked at
     */
    record Position(Instant time, Map<Integer, String> last) {

        public Position {
            last = Map.copyOf(last);
        }

        /** The position after the entry that comes next. */
        public static Position after(Optional<Position> before, Entry entry) {
            Map<Integer, String> last = new HashMap<>(
                    before.filter(position -> position.time.equals(entry.time)).map(Position::last).orElse(Map.of()));
            last.put(entry.part, entry.id);
            return new Position(entry.time, last);
        }
    }
}
