package io.taskscheduler.app;

import io.taskscheduler.app.ExecuteTask.Outcome;
import io.taskscheduler.app.ExecuteTask.Timing;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
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

    /**
     * Makes the attempt that the holder has claimed.
     *
     * @param wokenAt when what led to it began
     */
    Outcome make(String holder, Task running, Instant wokenAt) {
        Instant claimedAt = now();
        Instant dueAt = running.dueAt().orElseThrow();
        pause.until(dueAt);
        AttemptResult result = actions.perform(new Actions.Attempt(running.id(), running.action(), running.attempts(),
                running.runAt(), running.mayHaveReachedReceiver()));
        Instant possible = dueAt.isBefore(running.createdAt()) ? running.createdAt() : dueAt;
        Timing timing = new Timing(possible, wokenAt, claimedAt, result.startedAt());
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

    private Outcome settled(Task task, AttemptResult result, Timing timing) {
        if (task.state() instanceof Scheduled) {
            timers.set(Timer.of(task));
        }
        return new Outcome.Attempted(task, result, timing);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
