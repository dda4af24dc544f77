package io.taskscheduler.fake;

import io.taskscheduler.app.port.FinishedTasks;
import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A store that holds tasks in memory, and does not answer when it is told so. */
public final class InMemoryTaskStore implements TaskStore, OpenTasks, FinishedTasks {

    private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();

    /** What happens to a call. */
    public enum Fault {
        NONE, BEFORE, AFTER
    }

    /** The next calls fare so, in turn. */
    public InMemoryTaskStore then(Fault... next) {
        faults.addAll(List.of(next));
        return this;
    }

    @Override
    public Optional<Task> add(Task task) {
        Fault fault = begin();
        Task there = tasks.putIfAbsent(task.id(), task);
        end(fault);
        return Optional.ofNullable(there).filter(other -> !other.equals(task));
    }

    @Override
    public Optional<Task> find(TaskId id) {
        Fault fault = begin();
        Optional<Task> found = Optional.ofNullable(tasks.get(id));
        end(fault);
        return found;
    }

    @Override
    public boolean commit(Transition transition) {
        Fault fault = begin();
        Task after = transition.after();
        boolean done = after.equals(tasks.computeIfPresent(after.id(),
                (id, stored) -> stored.version() == transition.decidedOn() ? after : stored));
        end(fault);
        return done;
    }

    @Override
    public boolean takeBack(Task task) {
        Fault fault = begin();
        boolean gone = tasks.computeIfPresent(task.id(),
                (id, stored) -> stored.version() == task.version() ? null : stored) == null;
        end(fault);
        return gone;
    }

    /** Everything that is kept, in no order. */
    public List<Task> all() {
        Fault fault = begin();
        List<Task> all = List.copyOf(tasks.values());
        end(fault);
        return all;
    }

    @Override
    public List<TaskId> dueBefore(Instant time, int limit) {
        return openBefore(time).limit(limit).map(Task::id).toList();
    }

    @Override
    public long countDueBefore(Instant time, long most) {
        return openBefore(time).limit(most).count();
    }

    @Override
    public List<Task> read(List<TaskId> ids) {
        return ids.stream().map(tasks::get).filter(Objects::nonNull).toList();
    }

    @Override
    public Stream<List<Duration>> latenesses(Instant from, Instant to, int most) {
        return Stream.of(tasks.values().stream().filter(task -> isCarriedOut(task))
                .filter(task -> !finishedAt(task).isBefore(from) && finishedAt(task).isBefore(to))
                .sorted(Comparator.comparing(InMemoryTaskStore::finishedAt).reversed()).limit(most)
                .flatMap(task -> task.finalLateness().stream()).toList());
    }

    private static boolean isCarriedOut(Task task) {
        return task.state() instanceof Completed || task.state() instanceof Failed;
    }

    private static Instant finishedAt(Task task) {
        return task.finishedAt().orElseThrow();
    }

    private Stream<Task> openBefore(Instant time) {
        return tasks.values().stream().filter(task -> task.dueAt().filter(due -> due.isBefore(time)).isPresent())
                .sorted(Comparator.comparing(task -> task.dueAt().orElseThrow()));
    }

    private Fault begin() {
        Fault fault = Optional.ofNullable(faults.poll()).orElse(Fault.NONE);
        if (fault == Fault.BEFORE) {
            throw silent();
        }
        return fault;
    }

    private static void end(Fault fault) {
        if (fault == Fault.AFTER) {
            throw silent();
        }
    }

    private static Unavailable silent() {
        return new Unavailable("the store is silent", new IllegalStateException("planned"));
    }
}
