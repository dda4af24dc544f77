package io.taskscheduler.app;

import io.taskscheduler.app.port.FinishedTasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Says how late the tasks began that finished in the last hour. */
public final class MeasureLateness {

    public static final Duration WINDOW = Duration.ofHours(1);

    /** Finished tasks that are looked at: a thousand of them cost some 12 read units, and so many some seconds. */
    static final int MOST = 100_000;

    /** So long it goes on asking for more of them: the caller waits. */
    static final Duration LONGEST = Duration.ofSeconds(8);

    private final FinishedTasks finished;
    private final InstantSource clock;

    public MeasureLateness(FinishedTasks finished, InstantSource clock) {
        this.finished = finished;
        this.clock = clock;
    }

    /** What was found. */
    public sealed interface Lateness {

        /** No task finished that was promised for its second. */
        record Unknown() implements Lateness {}

        /**
         * The lateness that so many in a hundred tasks did not exceed, by nearest rank: each is the lateness of a task.
         *
         * @param count tasks that were measured, 1 or more
         */
        record Known(int count, Duration p50, Duration p90, Duration p99, Duration max) implements Lateness {}
    }

    /**
     * Measures the tasks that finished in the last hour, completed or failed, and were promised for their second. Of more than {@link #MOST}
     * finished tasks the newest are looked at; and if the store is so slow that {@link #LONGEST} is over before, some of its parts, which are as
     * good as any: a task's part has nothing to do with its time.
     */
    public Lateness measure() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Duration> measured = new ArrayList<>();
        Iterator<List<Duration>> parts = finished.latenesses(now.minus(WINDOW), now, MOST).iterator();
        while (clock.instant().isBefore(now.plus(LONGEST)) && parts.hasNext()) {
            measured.addAll(parts.next());
        }
        if (measured.isEmpty()) {
            return new Lateness.Unknown();
        }
        List<Duration> sorted = measured.stream().sorted().toList();
        return new Lateness.Known(sorted.size(), percentile(sorted, 50), percentile(sorted, 90),
                percentile(sorted, 99), sorted.getLast());
    }

    private static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
    }
}
