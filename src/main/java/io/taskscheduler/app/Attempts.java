package io.taskscheduler.app;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Carries out attempts that were claimed: waits for the attempt's time, acts, and settles. The action has then been carried out at least in
 * part, so its result is stored however often the task has moved in between, and whatever it has become.
 */
public final class Attempts {

    private final TaskStore store;
    private final Timers timers;
    private final Actions actions;
    private final Pause pause;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Wires it.
     *
     * @param random spreads the times of further attempts
     */
    public Attempts(TaskStore store, Timers timers, Actions actions, Pause pause, InstantSource clock,
            RandomGenerator random) {
        this.store = store;
        this.timers = timers;
        this.actions = actions;
        this.pause = pause;
        this.clock = clock;
        this.random = random;
    }

    /** What became of an attempt. */
    public sealed interface Made {

        /**
         * Its result counts.
         *
         * @param task       as it is after it
         * @param timerFault why the timer of the next one is not set, if one was needed and is not: then the reconciler wakes the task
         */
        record Settled(Task task, AttemptResult result, Timing timing, Optional<Unavailable> timerFault)
                implements
                    Made {}

        /** Its lease had been taken over before its result could be stored: at most a note was kept of it. */
        record TooLate(Task task, AttemptResult result) implements Made {}
    }

    /**
     * When an attempt could have started at the earliest, and when it came how far.
     *
     * @param dueAt     its time, or when the task was ordered if that was later
     * @param wokenAt   the wake-up that led to it began
     * @param claimedAt its claim was stored
     * @param startedAt its action began
     */
    public record Timing(Instant dueAt, Instant wokenAt, Instant claimedAt, Instant startedAt) {}

    /**
     * Makes the attempt that the holder has claimed.
     *
     * @param wokenAt when what led to it began
     */
    Made make(String holder, Task running, Instant wokenAt) {
        Instant claimedAt = now();
        Instant dueAt = running.dueAt().orElseThrow();
        // No more than a claim may be early, should the clock have been set back meanwhile.
        Instant latest = claimedAt.plus(Task.HEAD_START);
        pause.until(dueAt.isBefore(latest) ? dueAt : latest);
        AttemptResult result = actions.perform(new Actions.Attempt(running.id(), running.action(), running.attempts(),
                running.runAt(), running.mayHaveReachedReceiver(), running.traceparent()));
        Timing timing = new Timing(running.startableFrom(dueAt), wokenAt, claimedAt, result.startedAt());
        Optional<Task> found = Optional.of(running);
        while (found.isPresent()) {
            switch (found.get().settle(holder, running.attempts(), result, random.nextDouble(), now())) {
                case Settlement.Settled(Transition settled) -> {
                    if (store.commit(settled)) {
                        return settled(settled.after(), result, timing);
                    }
                }
                case Settlement.Noted(Transition noted) -> {
                    if (store.commit(noted)) {
                        return new Made.TooLate(noted.after(), result);
                    }
                }
                case Settlement.TooLate() -> {
                    return new Made.TooLate(running, result);
                }
            }
            found = store.find(running.id());
        }
        return new Made.TooLate(running, result);
    }

    private Made settled(Task task, AttemptResult result, Timing timing) {
        Optional<Unavailable> fault = Optional.empty();
        if (task.state() instanceof Scheduled) {
            try {
                timers.set(Timer.of(task));
            } catch (Unavailable silent) {
                fault = Optional.of(silent);
            }
        }
        return new Made.Settled(task, result, timing, fault);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
