package io.taskscheduler.domain;

import java.time.Instant;

/** One line of a task's history. */
public sealed interface TaskEvent {

    Instant at();

    record TaskScheduled(Instant at) implements TaskEvent {}

    /** Stands at the time of the claim until the attempt has ended, and at the moment its request was about to be sent from then on. */
    record AttemptStarted(Instant at, int attempt) implements TaskEvent {}

    record AttemptSucceeded(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    record AttemptFailed(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    /** The attempt's lease ran out without a word: whether the receiver was reached is not known. */
    record AttemptLost(Instant at, int attempt) implements TaskEvent {}

    record RetryScheduled(Instant at, Instant nextAttemptAt) implements TaskEvent {}

    record TaskCompleted(Instant at) implements TaskEvent {}

    record TaskFailed(Instant at, FailReason reason) implements TaskEvent {}
}
