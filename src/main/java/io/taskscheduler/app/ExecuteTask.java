package io.taskscheduler.app;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Standing;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.WokenBy;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Answers a wake-up: read, claim, act, settle. The claim is a conditional write, so of two wake-ups for one task only one acts; the other
 * does nothing. When a service does not answer, the exception leaves the task as it stands: before the claim a repeated wake-up starts
 * over, after it the lease runs out and a later wake-up, the reconciler's if there is no other, takes the task over.
 */
public final class ExecuteTask {

    private final TaskStore store;
    private final Timers timers;
    private final WakeUps line;
    private final Actions actions;
    private final InstantSource clock;
    private final Supplier<String> holders;
    private final RandomGenerator random;

    /**
     * Wires the use case.
     *
     * @param line    where timers that come very late are sent to wait for their turn
     * @param holders gives a text that no other claim has or will have
     */
    public ExecuteTask(TaskStore store, Timers timers, WakeUps line, Actions actions, InstantSource clock,
            Supplier<String> holders, RandomGenerator random) {
        this.store = store;
        this.timers = timers;
        this.line = line;
        this.actions = actions;
        this.clock = clock;
        this.holders = holders;
        this.random = random;
    }

    /** What became of a wake-up. */
    public sealed interface Outcome {

        /** An attempt was made; the task is as it stands after it. */
        record Attempted(Task task, AttemptResult result) implements Outcome {}

        /** The attempt was made, but its lease had been taken over before its result could be stored: at most a note was kept of it. */
        record TooLate(Task task, AttemptResult result) implements Outcome {}

        /** No attempt was allowed any more; the task has ended now. */
        record Ended(Task task) implements Outcome {}

        /** It was not time yet: a new timer is set. */
        record Early(Instant dueAt) implements Outcome {}

        /** It comes so late that it may be one of very many, and was sent to the line. */
        record SentToLine(Instant dueAt) implements Outcome {}

        /** It comes late, and the reconciler has sent another wake-up already. */
        record OnItsWay(Instant dueAt) implements Outcome {}

        /** Another invocation is at it. */
        record Duplicate(Lease lease) implements Outcome {}

        /** The task had come to its end before. */
        record Finished(Task task) implements Outcome {}

        /** No task has this id: it was taken back, or removed after its retention. */
        record Unknown() implements Outcome {}
    }

    /** A wake-up that came straight from the task's timer. After an outage thousands of them come at once: those that are late get in line. */
    public Outcome executeInTime(TaskId id) {
        Optional<Task> found = store.find(id);
        if (found.isPresent() && found.get().state() instanceof Scheduled(Instant dueAt, var wakeUp)) {
            Standing standing = found.get().standing(now());
            if (standing == Standing.ON_ITS_WAY) {
                return new Outcome.OnItsWay(dueAt);
            }
            if (standing == Standing.OVERDUE && hasGotInLine(id)) {
                return new Outcome.SentToLine(dueAt);
            }
        }
        return execute(id, found, WokenBy.TIMER);
    }

    /** A wake-up whose turn it is. */
    public Outcome execute(TaskId id, WokenBy by) {
        return execute(id, store.find(id), by);
    }

    private Outcome execute(TaskId id, Optional<Task> first, WokenBy by) {
        // Each lost race means that another move was stored in between; a task has only so many.
        Optional<Task> found = first;
        while (found.isPresent()) {
            Optional<Outcome> outcome = answer(found.get(), by);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            found = store.find(id);
        }
        return new Outcome.Unknown();
    }

    /** Without the line a late task is better run now than not. */
    private boolean hasGotInLine(TaskId id) {
        try {
            line.send(List.of(new WakeUp(id, WokenBy.TIMER, now())));
            return true;
        } catch (Unavailable silent) {
            return false;
        }
    }

    /** @return empty when another move came first and the task must be read again */
    private Optional<Outcome> answer(Task task, WokenBy by) {
        String holder = holders.get();
        return switch (task.claim(holder, by, now())) {
            case Claim.Granted(Transition start) ->
                store.commit(start) ? Optional.of(attempt(holder, start.after())) : Optional.empty();
            case Claim.Ended(Transition end) ->
                store.commit(end) ? Optional.of(new Outcome.Ended(end.after())) : Optional.empty();
            case Claim.Early(Transition again, Instant dueAt) -> {
                if (!store.commit(again)) {
                    yield Optional.empty();
                }
                timers.set(task.id(), again.after().version(), dueAt);
                yield Optional.of(new Outcome.Early(dueAt));
            }
            case Claim.Held(Lease lease) -> Optional.of(new Outcome.Duplicate(lease));
            case Claim.Finished() -> Optional.of(new Outcome.Finished(task));
        };
    }

    private Outcome attempt(String holder, Task running) {
        AttemptResult result = actions.perform(new Actions.Attempt(running.id(), running.action(), running.attempts(),
                running.runAt(), running.mayHaveReachedReceiver()));
        Optional<Task> found = Optional.of(running);
        while (found.isPresent()) {
            switch (found.get().settle(holder, running.attempts(), result, random.nextDouble(), now())) {
                case Settlement.Settled(Transition settled) -> {
                    if (store.commit(settled)) {
                        return settled(settled.after(), result);
                    }
                }
                case Settlement.Noted(Transition noted) -> {
                    if (store.commit(noted)) {
                        return new Outcome.TooLate(noted.after(), result);
                    }
                }
                case Settlement.TooLate() -> {
                    return new Outcome.TooLate(running, result);
                }
            }
            found = store.find(running.id());
        }
        return new Outcome.TooLate(running, result);
    }

    private Outcome settled(Task task, AttemptResult result) {
        if (task.state() instanceof Scheduled next) {
            timers.set(task.id(), task.version(), next.dueAt());
        }
        return new Outcome.Attempted(task, result);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
