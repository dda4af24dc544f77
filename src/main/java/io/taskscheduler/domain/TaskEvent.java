package io.taskscheduler.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One line of a task's history. */
public sealed interface TaskEvent {

    Instant at();

    record TaskScheduled(Instant at) implements TaskEvent {}

    /** Stands at the time of the claim until the attempt has ended, and at the moment its request was about to be sent from then on. */
    record AttemptStarted(Instant at, int attempt, WokenBy by) implements TaskEvent {}

    record AttemptSucceeded(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    record AttemptFailed(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    /**
     * The attempt's lease ran out without a word: whether the receiver was reached is not known.
     *
     * @param lateResult what the attempt had to say when it came back after all; a note, which decides nothing
     */
    record AttemptLost(Instant at, int attempt, Optional<AttemptResult> lateResult) implements TaskEvent {}

    record RetryScheduled(Instant at, Instant nextAttemptAt) implements TaskEvent {}

    record TaskCompleted(Instant at) implements TaskEvent {}

    /**
     * The end without success.
     *
     * @param violations what is wrong with the task, when that is why it failed; else empty
     */
    record TaskFailed(Instant at, FailReason reason, List<Violation> violations) implements TaskEvent {

        public TaskFailed {
            violations = List.copyOf(violations);
        }
    }

    record TaskExpired(Instant at) implements TaskEvent {}
}
