package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.app.port.TaskList.Entry;
import io.taskscheduler.app.port.TaskList.Found;
import io.taskscheduler.app.port.TaskList.Group;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskState;
import io.taskscheduler.domain.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Shows tasks page by page, in order of time. */
public final class ListTasks {

    /** Tasks that one page looks at, those included that its filter leaves out: each costs half a read unit or more. */
    static final int MOST = 100;

    /** Tasks read at once: of large ones few fit into a page, and the others would be read for nothing. */
    static final int CHUNK = 25;

    /** So long a page goes on looking for more: the caller waits. */
    public static final Duration LONGEST = Duration.ofSeconds(8);

    private final TaskList tasks;
    private final InstantSource clock;

    public ListTasks(TaskList tasks, InstantSource clock) {
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Where the tasks stand that are wanted. */
    public enum Status {
        OPEN(Group.OPEN), SCHEDULED(Group.OPEN), RUNNING(Group.OPEN), COMPLETED(Group.COMPLETED), FAILED(
                Group.FAILED), CANCELLED(Group.CANCELLED), EXPIRED(Group.EXPIRED);

        private final Group group;

        Status(Group group) {
            this.group = group;
        }

        private boolean isWholeGroup() {
            return this != SCHEDULED && this != RUNNING;
        }

        private boolean holds(Task task) {
            return isWholeGroup() || (task.state() instanceof TaskState.Running) == (this == RUNNING);
        }
    }

    /**
     * Which tasks are wanted: those for which all of this holds.
     *
     * @param from   in whole milliseconds; the first instant that counts, of the due time of open tasks and of the finishing time of others
     * @param to     in whole milliseconds, after {@code from}; the first instant after it that does not
     * @param host   of the webhook's URL; upper and lower case are the same
     * @param labels that a task has among its own
     */
    public record Filter(Status status, Instant from, Instant to, Optional<String> host, Map<String, String> labels) {

        public Filter {
            labels = Map.copyOf(labels);
        }

        private Stretch stretch() {
            return new Stretch(status.group, from, to);
        }

        /** Whether the order by time alone tells which tasks are wanted. */
        private boolean isOfTimeAlone() {
            return status.isWholeGroup() && host.isEmpty() && labels.isEmpty();
        }

        private boolean holds(Task task) {
            return status.holds(task) && task.order().labels().entrySet().containsAll(labels.entrySet())
                    && host.map(wanted -> task.action() instanceof Webhook webhook && webhook.goesTo(wanted))
                            .orElse(true);
        }
    }

    /**
     * Lays the next tasks on a page, in order, until it has {@code limit} of them, takes no more, or enough were looked at: {@value #MOST}, or for
     * {@link #LONGEST}. A page may so have fewer tasks than its limit, or none, although there are more.
     *
     * @param after where the page before ended; empty for the first
     * @param page  takes a task, or answers {@code false} when there is no room for it any more; must take the first
     * @return where the page ends; empty when there are no more tasks
     */
    public Optional<Position> list(Filter filter, Optional<Position> after, int limit, Predicate<Task> page) {
        Sheet sheet = new Sheet(filter, after, limit, page);
        Instant end = clock.instant().plus(LONGEST);
        while (sheet.goesOn && clock.instant().isBefore(end)) {
            Found found = tasks.find(filter.stretch(), sheet.position, sheet.wanted());
            List<Entry> entries = found.entries();
            int read = 0;
            // The first in any case: a page that got nowhere would be asked for again for ever.
            while (read < entries.size() && sheet.goesOn && (read == 0 || clock.instant().isBefore(end))) {
                List<Entry> chunk = entries.subList(read, Math.min(read + CHUNK, entries.size()));
                read += sheet.look(chunk, tasks.read(filter.status().group, chunk));
            }
            if (read == entries.size() && (!found.more() || entries.isEmpty())) {
                return Optional.empty();
            }
        }
        return sheet.position;
    }

    /** One page while it is being filled. */
    private static final class Sheet {

        private final Filter filter;
        private final int limit;
        private final Predicate<Task> page;
        private Optional<Position> position;
        private int taken;
        private int lookedAt;
        private boolean goesOn = true;

        Sheet(Filter filter, Optional<Position> after, int limit, Predicate<Task> page) {
            this.filter = filter;
            this.position = after;
            this.limit = limit;
            this.page = page;
        }

        int wanted() {
            return filter.isOfTimeAlone() ? Math.min(limit - taken, MOST - lookedAt) : MOST - lookedAt;
        }

        /** How many of the entries were looked at before the page was full. */
        int look(List<Entry> entries, List<Task> read) {
            Map<String, Task> there = read.stream()
                    .collect(Collectors.toMap(task -> task.id().value(), Function.identity()));
            int looked = 0;
            for (Entry entry : entries) {
                Optional<Task> task = Optional.ofNullable(there.get(entry.id())).filter(filter::holds);
                if (task.isPresent() && !page.test(task.get())) {
                    goesOn = false;
                    return looked;
                }
                taken += task.isPresent() ? 1 : 0;
                looked++;
                lookedAt++;
                position = Optional.of(Position.after(position, entry));
                goesOn = taken < limit && lookedAt < MOST;
                if (!goesOn) {
                    return looked;
                }
            }
            return looked;
        }
    }
}
