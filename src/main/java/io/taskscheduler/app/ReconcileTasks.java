package io.taskscheduler.app;

import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.Recovery;
import io.taskscheduler.domain.Recovery.Orphan;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The safety net: finds open tasks that nobody sees to and wakes them. One run takes the longest due first and ends after {@link #LONGEST}, or
 * when a minute's worth of wake-ups is in the line.
 *
 * <p>A task is first stored as woken and then sent its wake-up, so of two runs at the same time one sends it, and the next run passes over
 * what this one has done: that is how it resumes. A run that dies in between leaves a task that is found again {@link Task#GRACE} after the
 * wake-up that never came.
 *
 * <p>Few tasks are woken at once. Many are spread over the coming minute at the operator's pace.
 */
public final class ReconcileTasks {

    /** How often it runs. */
    public static final Duration PERIOD = Duration.ofMinutes(1);

    /** From then on no further task is seen to: what is begun, a move and a message, has the rest of the minute. */
    static final Duration LONGEST = Duration.ofSeconds(40);

    /** Keys that one run looks at; more than that many open tasks past their time are counted only. */
    static final int MOST = 20_000;

    /** Counting costs too. */
    static final long MOST_COUNTED = 1_000_000;

    /** So many are marked before their wake-ups are sent: a death in between leaves no more than that to be found again. */
    private static final int AT_ONCE = 10;

    private final OpenTasks open;
    private final TaskStore store;
    private final WakeUps line;
    private final InstantSource clock;
    private final Supplier<String> holders;
    private final int wakeUpsPerSecond;

    /**
     * Wires the use case.
     *
     * @param holders          gives a text that no other run has or will have
     * @param wakeUpsPerSecond the pace at which the line is filled
     */
    public ReconcileTasks(OpenTasks open, TaskStore store, WakeUps line, InstantSource clock,
            Supplier<String> holders, int wakeUpsPerSecond) {
        this.open = open;
        this.store = store;
        this.line = line;
        this.clock = clock;
        this.holders = holders;
        this.wakeUpsPerSecond = wakeUpsPerSecond;
    }

    /**
     * What a run found and did.
     *
     * @param overdue       tasks that nobody saw to when it began, those included that it could not look at
     * @param oldestOverdue how long ago the longest due of them was due; zero when there is none
     * @param woken         wake-ups sent, by why they were needed
     * @param ended         tasks that had no attempt left, or had expired, or were not valid
     * @param left          overdue tasks that are left to the next run
     */
    public record Report(long overdue, Duration oldestOverdue, Map<Orphan, Long> woken, long ended, long left) {

        public Report {
            woken = Map.copyOf(woken);
        }
    }

    public Report reconcile() {
        Instant start = now();
        Instant due = start.minus(Task.GRACE);
        List<TaskId> found = open.dueBefore(due, MOST);
        Run run = new Run(start, found.isEmpty() ? 0 : line.waiting());
        int read = 0;
        while (read < found.size() && run.hasTime()) {
            List<TaskId> page = found.subList(read, Math.min(read + OpenTasks.PAGE, found.size()));
            run.see(open.read(page));
            read += page.size();
        }
        boolean moreThanAsked = found.size() == MOST && run.hasTime();
        long unread = (moreThanAsked ? Math.max(MOST, open.countDueBefore(due, MOST_COUNTED)) : found.size()) - read;
        return run.report(unread);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private final class Run {

        private final Instant start;
        private final int room;
        private final Duration patience;
        private final Map<Orphan, Long> woken = new EnumMap<>(Orphan.class);
        private final List<WakeUp> unsent = new ArrayList<>();
        private int marked;
        private long ended;
        private long overdue;
        private long left;
        private Duration oldest = Duration.ZERO;

        /**
         * Begins it.
         *
         * @param waiting in the line: while it moves slowly, what was sent takes longer to come out, and is not sent again so soon
         */
        Run(Instant start, int waiting) {
            this.start = start;
            this.room = Math.max(0, Math.toIntExact(wakeUpsPerSecond * PERIOD.toSeconds()) - waiting);
            this.patience = waiting == 0 ? Task.GRACE : WakeUps.HORIZON;
        }

        boolean hasTime() {
            return now().isBefore(start.plus(LONGEST));
        }

        void see(List<Task> tasks) {
            for (Task task : tasks) {
                if (hasTime()) {
                    see(task);
                } else {
                    overdue++;
                    left++;
                }
            }
            send();
        }

        private void see(Task task) {
            Instant at = start.plusSeconds(marked / wakeUpsPerSecond);
            switch (task.recover(holders.get(), at.plus(patience), now())) {
                case Recovery.LeaveAlone alone -> {
                }
                case Recovery.End(var end, Orphan orphan) -> {
                    count(task);
                    ended += store.commit(end) ? 1 : 0;
                }
                case Recovery.Wake(var wake, Orphan orphan) when marked < room -> {
                    count(task);
                    if (store.commit(wake)) {
                        marked++;
                        woken.merge(orphan, 1L, Long::sum);
                        unsent.add(new WakeUp(task.id(), WokenBy.RECONCILER, at));
                    }
                }
                case Recovery.Wake later -> {
                    count(task);
                    left++;
                }
            }
            if (unsent.size() == AT_ONCE) {
                send();
            }
        }

        private void send() {
            List<WakeUp> wakeUps = List.copyOf(unsent);
            unsent.clear();
            line.send(wakeUps);
        }

        private void count(Task task) {
            overdue++;
            Duration age = Duration.between(task.dueAt().orElse(start), start);
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
        }

        Report report(long unread) {
            return new Report(overdue + unread, oldest, woken, ended, left + unread);
        }
    }
}
