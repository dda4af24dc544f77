package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Change;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Cancels a task, edits and moves it, runs it at once. Each change is one conditional write of the task, so that of a change and an attempt, or of
 * two changes, whichever is stored first decides, and the other is decided anew on what is then true.
 *
 * <p>A change that leaves the task waiting sets its timer after the write: only then is the wake-up's number ours alone. The timers of
 * before still fire, and find that it is not their time. When the timer cannot be set the change is undone, so that a refused caller has changed
 * nothing. When this process dies in between, the task stands as changed and {@link ReconcileTasks} wakes it when it is overdue.
 */
public final class ChangeTask {

    /** Below the function's time-out by what one try takes; in it a change loses hundreds of races. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TaskStore store;
    private final Timers timers;

    public ChangeTask(TaskStore store, Timers timers) {
        this.store = store;
        this.timers = timers;
    }

    /** What became of a wish to change a task. */
    public sealed interface Outcome {

        record Changed(Task task) implements Outcome {}

        /** There was no such task, or it had come to its end, and there is a new one now. */
        record Created(Task task) implements Outcome {}

        /** It is as was wished, and was so before. */
        record Unchanged(Task task) implements Outcome {}

        /** An attempt holds the task. */
        record TooLate(Task task) implements Outcome {}

        record AlreadyFinished(Task task) implements Outcome {}

        record Invalid(List<Violation> violations) implements Outcome {

            public Invalid {
                violations = List.copyOf(violations);
            }
        }

        /** What the caller took for granted does not hold. */
        record PreconditionFailed() implements Outcome {}

        record NoSuchTask() implements Outcome {}

        /** A service did not answer. Nothing has changed, unless the store did not answer the undoing either. */
        record NotAccepted(Unavailable cause) implements Outcome {}
    }

    public Outcome cancel(TaskId id, Precondition condition, Caller by, Instant now) {
        return change(id, condition, now, (task, at) -> task.cancel(by, at));
    }

    public Outcome edit(TaskId id, Precondition condition, Edit edit, Caller by, Instant now) {
        return change(id, condition, now, (task, at) -> task.edit(edit, by, at));
    }

    /** Runs it at once, also once more. One that is due and waits for its wake-up gets another. */
    public Outcome runNow(TaskId id, Precondition condition, Caller by, Instant now) {
        Outcome outcome = change(id, condition, now, (task, at) -> task.runNow(by, at));
        if (outcome instanceof Outcome.Unchanged(Task task)) {
            timers.set(Timer.of(task));
        }
        return outcome;
    }

    /**
     * Decides until a decision was stored or none was needed; others that are always quicker end it after {@link #PATIENCE}.
     *
     * @param wish is told the time of the change: not before the change that it follows
     */
    Outcome change(TaskId id, Precondition condition, Instant now, BiFunction<Task, Instant, Change> wish) {
        long begun = System.nanoTime();
        while (Duration.ofNanos(System.nanoTime() - begun).compareTo(PATIENCE) < 0) {
            Optional<Task> found = store.find(id);
            if (found.isEmpty()) {
                return new Outcome.NoSuchTask();
            }
            if (!condition.holds(found)) {
                return new Outcome.PreconditionFailed();
            }
            Task task = found.get();
            Instant at = now.isBefore(task.updatedAt()) ? task.updatedAt() : now;
            Optional<Outcome> outcome = answer(task, wish.apply(task, at));
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return new Outcome.NotAccepted(
                new Unavailable("the task is being changed by too many",
                        new TimeoutException("no turn in " + PATIENCE)));
    }

    /** @return empty when another move came first and the task must be read again */
    private Optional<Outcome> answer(Task before, Change change) {
        return switch (change) {
            case Change.Made(Transition made) ->
                store.commit(made) ? Optional.of(seenThrough(before, made, Outcome.Changed::new)) : Optional.empty();
            case Change.Anew(Transition made) ->
                store.commit(made) ? Optional.of(seenThrough(before, made, Outcome.Created::new)) : Optional.empty();
            case Change.Unneeded() -> Optional.of(new Outcome.Unchanged(before));
            case Change.TooLate() -> Optional.of(new Outcome.TooLate(before));
            case Change.AlreadyFinished() -> Optional.of(new Outcome.AlreadyFinished(before));
            case Change.Invalid(List<Violation> violations) -> Optional.of(new Outcome.Invalid(violations));
        };
    }

    /** Also when the time is the same: whoever set it may not have come to set its timer, and leaves that to who comes after. */
    private Outcome seenThrough(Task before, Transition change, Function<Task, Outcome> done) {
        Task after = change.after();
        if (!(after.state() instanceof Scheduled)) {
            return done.apply(after);
        }
        try {
            timers.set(Timer.of(after));
            return done.apply(after);
        } catch (Unavailable cause) {
            return undone(before, change, cause);
        }
    }

    private Outcome undone(Task before, Transition change, Unavailable cause) {
        Transition undo = before.undo(change);
        try {
            if (store.commit(undo)) {
                wakeAsBefore(undo.after(), cause);
                return new Outcome.NotAccepted(cause);
            }
            // It has moved on: its timer was set after all, or who changed it has set another.
            return store.find(before.id()).<Outcome>map(Outcome.Changed::new).orElseGet(Outcome.NoSuchTask::new);
        } catch (Unavailable alsoSilent) {
            cause.addSuppressed(alsoSilent);
            return new Outcome.NotAccepted(cause);
        }
    }

    /** Its wake-up may have come while the task stood as changed, and have found that it was not its time. Else the reconciler wakes it. */
    private void wakeAsBefore(Task task, Unavailable cause) {
        if (task.state() instanceof Scheduled) {
            try {
                timers.set(Timer.of(task));
            } catch (Unavailable stillSilent) {
                cause.addSuppressed(stillSilent);
            }
        }
    }
}
