package io.taskscheduler.app;

import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.domain.Standing;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says with numbers whether any task that was accepted has been forgotten. */
public final class CheckInvariant {

    /** Tasks past their time that one check looks at, the longest due first; each that it does not look at counts as a violation. */
    static final int MOST = 10_000;

    /** So long it goes on looking at them: a store that is busy catching up is slow, and the caller waits. */
    static final Duration LONGEST = Duration.ofSeconds(8);

    /** Open tasks that one check counts: a thousand of them cost some 12 read units, and so many some seconds. */
    static final long MOST_COUNTED = 1_000_000;

    private static final Instant EVER = Instant.parse("9999-12-31T23:59:59Z");

    private final OpenTasks open;
    private final InstantSource clock;

    public CheckInvariant(OpenTasks open, InstantSource clock) {
        this.open = open;
        this.clock = clock;
    }

    /**
     * How the open tasks stand.
     *
     * @param open          tasks without a final state; counted up to {@link #MOST_COUNTED}
     * @param overdue       those of them that were due more than {@link Task#GRACE} ago: leased, on their way, and the others
     * @param leased        overdue, and an attempt holds them
     * @param onTheirWay    overdue, and a wake-up was sent for them
     * @param violations    overdue, neither leased nor on their way, and so for longer than it takes the reconciler to come by. Must be 0
     * @param oldestOverdue how long ago the longest due of the overdue ones was due; zero when there is none
     */
    public record Invariant(Instant checkedAt, long open, long overdue, long leased, long onTheirWay, long violations,
            Duration oldestOverdue) {}

    public Invariant check() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant due = now.minus(Task.GRACE);
        List<TaskId> found = open.dueBefore(due, MOST);
        Map<Standing, Long> standings = new EnumMap<>(Standing.class);
        long violations = 0;
        Duration oldest = Duration.ZERO;
        int read = 0;
        while (read < found.size() && clock.instant().isBefore(now.plus(LONGEST))) {
            List<TaskId> page = found.subList(read, Math.min(read + OpenTasks.PAGE, found.size()));
            read += page.size();
            for (Task task : open.read(page)) {
                Optional<Instant> dueAt = task.dueAt();
                if (dueAt.isPresent()) {
                    standings.merge(task.standing(now), 1L, Long::sum);
                    violations += task.standing(now.minus(ReconcileTasks.PERIOD)) == Standing.OVERDUE ? 1 : 0;
                    Duration age = Duration.between(dueAt.get(), now);
                    oldest = age.compareTo(oldest) > 0 ? age : oldest;
                }
            }
        }
        long unread = Math.max(found.size(), found.size() < MOST ? 0 : open.countDueBefore(due, MOST_COUNTED)) - read;
        long overdue = standings.values().stream().mapToLong(n -> n).sum() + unread;
        return new Invariant(now, open.countDueBefore(EVER, MOST_COUNTED), overdue,
                standings.getOrDefault(Standing.LEASED, 0L),
                standings.getOrDefault(Standing.ON_ITS_WAY, 0L), violations + unread, oldest);
    }
}
