package io.taskscheduler.app.port;

import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;
import java.util.Optional;

/** What carries actions out. */
public interface Actions {

    /** Tries once, within the action's time-out. Whatever the receiver or the network does is a result, never an exception. */
    AttemptResult perform(Attempt attempt);

    /**
     * One try at a task's action.
     *
     * @param number            counted from 1
     * @param scheduledAt       the task's {@code run_at}, the same on every attempt
     * @param possibleDuplicate whether an earlier attempt may have reached the receiver although no answer came back
     * @param traceparent       the trace it belongs to
     */
    record Attempt(TaskId task, Action action, int number, Instant scheduledAt, boolean possibleDuplicate,
            Optional<String> traceparent) {}
}
