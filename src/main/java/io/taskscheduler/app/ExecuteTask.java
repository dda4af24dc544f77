package io.taskscheduler.app;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Answers a wake-up: read, claim, act, settle. The claim is a conditional write, so of two wake-ups for one task only one acts; the other
 * does nothing. When a service does not answer, the exception leaves the task as it stands: before the claim a repeated wake-up starts
 * over, after it the lease runs out and a later wake-up takes the task over.
 */
public final class ExecuteTask {

    private final TaskStore store;
    private final Timers timers;
    private final Actions actions;
    private final InstantSource clock;
    private final Supplier<String> holders;
    private final RandomGenerator random;

    /**
     * Wires the use case.
     *
     * @param holders gives a text that no other claim has or will have
     */
    public ExecuteTask(TaskStore store, Timers timers, Actions actions, InstantSource clock, Supplier<String> holders,
            RandomGenerator random) {
        this.store = store;
        this.timers = timers;
        this.actions = actions;
        this.clock = clock;
        this.holders = holders;
        this.random = random;
    }

    /** What became of a wake-up. */
    public sealed interface Outcome {

        /** An attempt was made; the task is as it stands after it. */
        record Attempted(Task task, AttemptResult result) implements Outcome {}

        /** The attempt was made, but its lease had been taken over before its result could be stored. */
        record TooLate(Task task, AttemptResult result) implements Outcome {}

        /** The last allowed attempt was lost earlier; the task has failed now. */
        record Exhausted(Task task) implements Outcome {}

        /** It was not time yet: a new timer is set. */
        record Early(Instant dueAt) implements Outcome {}

        /** Another invocation is at it. */
        record Duplicate(Lease lease) implements Outcome {}

        /** The task had come to its end before. */
        record Finished(Task task) implements Outcome {}

        /** No task has this id: it was taken back, or removed after its retention. */
        record Unknown() implements Outcome {}
    }

    public Outcome execute(TaskId id) {
        // Each lost race means that another move was stored in between; a task has only so many.
        while (true) {
            Optional<Task> found = store.find(id);
            if (found.isEmpty()) {
                return new Outcome.Unknown();
            }
            Optional<Outcome> outcome = answer(found.get());
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
    }

    /** @return empty when another move came first and the task must be read again */
    private Optional<Outcome> answer(Task task) {
        return switch (task.claim(holders.get(), now())) {
            case Claim.Granted(Transition start) ->
                store.commit(start) ? Optional.of(attempt(start.after())) : Optional.empty();
            case Claim.Exhausted(Transition end) ->
                store.commit(end) ? Optional.of(new Outcome.Exhausted(end.after())) : Optional.empty();
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

    private Outcome attempt(Task running) {
        AttemptResult result = actions
                .perform(new Actions.Attempt(running.id(), running.action(), running.attempts(), running.runAt()));
        Transition settled = running.settle(result, random.nextDouble(), now());
        if (!store.commit(settled)) {
            return new Outcome.TooLate(running, result);
        }
        Task after = settled.after();
        if (after.state() instanceof Scheduled next) {
            timers.set(after.id(), after.version(), next.dueAt());
        }
        return new Outcome.Attempted(after, result);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
