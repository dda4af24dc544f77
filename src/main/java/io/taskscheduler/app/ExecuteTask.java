package io.taskscheduler.app;

import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.Standing;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.WokenBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Answers a wake-up: read, wait for the last part of a second, claim, act, settle. The claim is a conditional write, so of two wake-ups for one
 * task only one acts; the other does nothing. When a service does not answer, the exception leaves the task as it stands: before the claim a
 * repeated wake-up starts over, after it the lease runs out and a later wake-up, the reconciler's if there is no other, takes the task over.
 *
 * <p>No action is carried out before its time on this clock, whatever the clocks of those who set and fired the timer said: a wake-up that comes
 * at most {@link #LONGEST_WAIT} early waits, any other sets the near timer again. A clock that is set back in the last part of a second is no
 * longer asked.
 */
public final class ExecuteTask {

    /** What a function is paid for doing nothing: the second that SQS cannot count, and as much for clocks that differ. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final TaskStore store;
    private final Timers timers;
    private final WakeUps line;
    private final Attempts attempts;
    private final Pause pause;
    private final InstantSource clock;
    private final Supplier<String> holders;

    /**
     * Wires the use case.
     *
     * @param line     where timers that come very late are sent to wait for their turn
     * @param attempts carries out what was claimed
     * @param holders  gives a text that no other claim has or will have
     */
    public ExecuteTask(TaskStore store, Timers timers, WakeUps line, Attempts attempts, Pause pause,
            InstantSource clock, Supplier<String> holders) {
        this.store = store;
        this.timers = timers;
        this.line = line;
        this.attempts = attempts;
        this.pause = pause;
        this.clock = clock;
        this.holders = holders;
    }

    /** What became of a wake-up. */
    public sealed interface Outcome {

        record Attempted(Attempts.Made attempt) implements Outcome {}

        /** No attempt was allowed any more; the task has ended now. */
        record Ended(Task task) implements Outcome {}

        /** It was not time yet, but soon: the near timer is set. */
        record Early(Instant dueAt) implements Outcome {}

        /** It is not time for long: the task has been moved since this wake-up's timer was set, and has another. */
        record Moved(Instant dueAt) implements Outcome {}

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

    /**
     * A wake-up that came straight from the task's timer. After an outage thousands of them come at once: those that are late get in line.
     *
     * @param wakeUp which of the task's; empty when the timer did not say
     */
    public Outcome executeInTime(TaskId id, OptionalLong wakeUp) {
        Instant wokenAt = now();
        Optional<Task> found = store.find(id);
        if (found.isPresent() && found.get().state() instanceof Scheduled(Instant dueAt, var mark)) {
            Standing standing = found.get().standing(wokenAt);
            if (standing == Standing.ON_ITS_WAY) {
                return new Outcome.OnItsWay(dueAt);
            }
            if (standing == Standing.OVERDUE && hasGotInLine(id)) {
                return new Outcome.SentToLine(dueAt);
            }
        }
        return execute(id, found, new Cause(WokenBy.TIMER, wakeUp, wokenAt));
    }

    /** A wake-up whose turn it is. */
    public Outcome execute(TaskId id, WokenBy by) {
        Instant wokenAt = now();
        return execute(id, store.find(id), new Cause(by, OptionalLong.empty(), wokenAt));
    }

    /** @param number of the task's wake-up, when it is known */
    private record Cause(WokenBy by, OptionalLong number, Instant at) {}

    private Outcome execute(TaskId id, Optional<Task> first, Cause cause) {
        // Each lost race means that another move was stored in between; a task has only so many.
        Optional<Task> found = first;
        while (found.isPresent()) {
            Optional<Outcome> outcome = answer(found.get(), cause);
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
    private Optional<Outcome> answer(Task task, Cause cause) {
        waitForTheLastPart(task);
        String holder = holders.get();
        return switch (task.claim(holder, cause.by(), now())) {
            case Claim.Granted(Transition start) -> store.commit(start)
                    ? Optional.of(new Outcome.Attempted(attempts.make(holder, start.after(), cause.at())))
                    : Optional.empty();
            case Claim.Ended(Transition end) ->
                store.commit(end) ? Optional.of(new Outcome.Ended(end.after())) : Optional.empty();
            case Claim.Early(Instant dueAt) -> Optional.of(comeAgain(task, cause, dueAt));
            case Claim.Held(Lease lease) -> Optional.of(new Outcome.Duplicate(lease));
            case Claim.Finished() -> Optional.of(new Outcome.Finished(task));
        };
    }

    private void waitForTheLastPart(Task task) {
        if (task.state() instanceof Scheduled(Instant dueAt, var mark)) {
            Instant claimable = dueAt.minus(Task.HEAD_START);
            if (!claimable.isAfter(now().plus(LONGEST_WAIT))) {
                pause.until(claimable);
            }
        }
    }

    /** What does not say which wake-up it is may be that of a far timer, which comes early on purpose, but not that early. */
    private Outcome comeAgain(Task task, Cause cause, Instant dueAt) {
        boolean isOurs = cause.number().isPresent()
                ? cause.number().getAsLong() == task.version()
                : !dueAt.isAfter(now().plus(NearAndFarTimers.HORIZON));
        if (!isOurs) {
            return new Outcome.Moved(dueAt);
        }
        timers.set(Timer.of(task));
        return new Outcome.Early(dueAt);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
