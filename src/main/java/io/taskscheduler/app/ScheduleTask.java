package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Accepts a task: store, then timer. The store comes first because a timer without a task wakes nobody, while a task without a timer can
 * be found. When the timer cannot be set the task is taken back, so that a refused caller may try again without a second task running.
 *
 * <p>A request with a key makes one task, however often it comes and however many at once: the key gives the id, and the store keeps one task
 * under it. Whoever finds the task of another call moves it on before telling of it, so that the other call can no longer take it back.
 *
 * <p>Not promised: when this process dies between the two writes, or the store falls silent after the first, a stored task without a timer
 * may stay behind. It is a whole task: its key finds it and sets its timer, and {@link ReconcileTasks} wakes it when it is overdue.
 */
public final class ScheduleTask {

    /** Above the versions of tasks without a key; 15 digits with room for the moves that follow, as a timer's name wants it. */
    private static final long LEAST_DRAWN_VERSION = 100_000_000_000_000L;
    private static final long MOST_DRAWN_VERSION = 900_000_000_000_000L;

    private final TaskStore store;
    private final Timers timers;
    private final TaskIds ids;
    private final RandomGenerator random;

    public ScheduleTask(TaskStore store, Timers timers, TaskIds ids, RandomGenerator random) {
        this.store = store;
        this.timers = timers;
        this.ids = ids;
        this.random = random;
    }

    /** What became of a request. */
    public sealed interface Outcome {

        /** What becomes of a task that no earlier request has made. */
        sealed interface OfNewTask extends Outcome {}

        record Accepted(Task task) implements OfNewTask {}

        /** The key and the body had come before and made this task. */
        record Repeated(Task task) implements Outcome {}

        /** The key had come before, with another body. */
        record KeyReused() implements Outcome {}

        /**
         * A service did not answer. No task is left behind, unless the store did not answer its removal either, or an earlier request with the
         * key has made it.
         */
        record NotAccepted(Unavailable cause) implements OfNewTask {}
    }

    /**
     * Keeps the task and sets its timer.
     *
     * @param now when the order was read: what its delay was counted from
     */
    public Outcome schedule(Order order, Caller by, Instant now) {
        return keep(draft(order, by, now));
    }

    /** A task that is not kept yet, under an id that nobody else has. */
    Task draft(Order order, Caller by, Instant now) {
        return Task.schedule(ids.next(now), 1, order, by, now);
    }

    /** Keeps a draft and sets its timer. It may be tried again: it remains one task. */
    Outcome keep(Task draft) {
        try {
            // One that is there already can only be this one, which has moved since.
            return store.add(draft).<Outcome>map(Outcome.Accepted::new).orElseGet(() -> setTimer(draft));
        } catch (Unavailable cause) {
            return takeBack(draft, cause);
        }
    }

    /** As {@link #schedule(Order, Caller, Instant)}, once for all requests with the key. */
    public Outcome schedule(Order order, RequestKey key, Caller by, Instant now) {
        return schedule(Task.schedule(ids.of(key.value()), drawnVersion(), order, Optional.of(key.bodyHash()), by, now),
                now);
    }

    /** As {@link #schedule(Order, Caller, Instant)}, under a name of the caller's. Empty when there is such a task. */
    Optional<Outcome.OfNewTask> schedule(TaskId name, Order order, Caller by, Instant now) {
        Task task = Task.schedule(name, drawnVersion(), order, by, now);
        try {
            return store.add(task).isPresent() ? Optional.empty() : Optional.of(setTimer(task));
        } catch (Unavailable cause) {
            return Optional.of(notAccepted(task, cause));
        }
    }

    /** The id may have had a task before, or be given one by another call right now: the version tells this call's task and its timer from theirs. */
    private long drawnVersion() {
        return random.nextLong(LEAST_DRAWN_VERSION, MOST_DRAWN_VERSION);
    }

    private Outcome.OfNewTask notAccepted(Task task, Unavailable cause) {
        try {
            store.takeBack(task);
        } catch (Unavailable alsoSilent) {
            cause.addSuppressed(alsoSilent);
        }
        return new Outcome.NotAccepted(cause);
    }

    private Outcome schedule(Task task, Instant now) {
        Optional<Task> earlier;
        try {
            earlier = store.add(task);
        } catch (Unavailable cause) {
            return takeBack(task, cause, now);
        }
        if (earlier.isEmpty()) {
            return setTimer(task);
        }
        try {
            // When it was taken back in between, the place is free.
            return recall(earlier, task.id(), task.requestHash(), now).orElseGet(() -> schedule(task, now));
        } catch (Unavailable cause) {
            return new Outcome.NotAccepted(cause);
        }
    }

    /**
     * The task that the same request has made before, for one that could not be accepted any more: its time has passed.
     *
     * @throws Unavailable when a service did not answer
     */
    public Optional<Task> recall(RequestKey key, Instant now) {
        TaskId id = ids.of(key.value());
        return recall(store.find(id), id, Optional.of(key.bodyHash()), now)
                .flatMap(outcome -> outcome instanceof Outcome.Repeated(Task task)
                        ? Optional.of(task)
                        : Optional.empty());
    }

    /** Makes sure of another call's task. It is not this call's to take back, whatever fails here. Empty when there is none any more. */
    private Optional<Outcome> recall(Optional<Task> found, TaskId id, Optional<String> requestHash, Instant now) {
        Optional<Task> there = found;
        while (there.isPresent()) {
            Task task = there.get();
            if (!task.isSameRequest(requestHash)) {
                return Optional.of(new Outcome.KeyReused());
            }
            Optional<Transition> confirmed = task.confirm(now);
            if (confirmed.map(store::commit).orElse(true)) {
                Task kept = confirmed.map(Transition::after).orElse(task);
                setFirstTimer(kept);
                return Optional.of(new Outcome.Repeated(kept));
            }
            there = store.find(id);
        }
        return Optional.empty();
    }

    private void setFirstTimer(Task task) {
        if (task.state() instanceof Scheduled && task.attempts() == 0) {
            timers.set(Timer.of(task));
        }
    }

    private Outcome.OfNewTask setTimer(Task task) {
        try {
            timers.set(Timer.of(task));
            return new Outcome.Accepted(task);
        } catch (Unavailable cause) {
            return takeBack(task, cause);
        }
    }

    /** Of a task that was stored, or that no other call can have stored. */
    private Outcome.OfNewTask takeBack(Task task, Unavailable cause) {
        try {
            if (store.takeBack(task)) {
                return new Outcome.NotAccepted(cause);
            }
            // Its timer was set after all and has already woken it, or its key has come again and found it.
            return store.find(task.id()).<Outcome.OfNewTask>map(Outcome.Accepted::new)
                    .orElseGet(() -> new Outcome.NotAccepted(cause));
        } catch (Unavailable alsoSilent) {
            cause.addSuppressed(alsoSilent);
            return new Outcome.NotAccepted(cause);
        }
    }

    /** Of a task that may not have been stored: another's may stand in its place. */
    private Outcome takeBack(Task task, Unavailable cause, Instant now) {
        try {
            return store.takeBack(task)
                    ? new Outcome.NotAccepted(cause)
                    : recall(store.find(task.id()), task.id(), task.requestHash(), now)
                            .orElseGet(() -> new Outcome.NotAccepted(cause));
        } catch (Unavailable alsoSilent) {
            cause.addSuppressed(alsoSilent);
            return new Outcome.NotAccepted(cause);
        }
    }
}
