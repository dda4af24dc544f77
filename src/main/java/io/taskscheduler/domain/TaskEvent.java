package io.taskscheduler.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One line of a task's history. What an attempt brought about names nobody: the line of its start does. */
public sealed interface TaskEvent {

    Instant at();

    record TaskScheduled(Instant at, Caller by) implements TaskEvent {}

    /** Stands at the time of the claim until the attempt has ended, and at the moment its request was about to be sent from then on. */
    record AttemptStarted(Instant at, int attempt, WokenBy by) implements TaskEvent {}

    record AttemptSucceeded(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    record AttemptFailed(Instant at, int attempt, AttemptResult result) implements TaskEvent {}

    /**
     * The attempt's lease ran out without a word: whether the receiver was reached is not known.
     *
     * @param by         who found that out
     * @param lateResult what the attempt had to say when it came back after all; a note, which decides nothing
     */
    record AttemptLost(Instant at, int attempt, WokenBy by, Optional<AttemptResult> lateResult) implements TaskEvent {}

    /**
     * A further attempt is to be made.
     *
     * @param by who wanted it sooner than the retry policy; empty when it is the policy's
     */
    record RetryScheduled(Instant at, Instant nextAttemptAt, Optional<Caller> by) implements TaskEvent {}

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

    record TaskExpired(Instant at, WokenBy by) implements TaskEvent {}

    record TaskCancelled(Instant at, Caller by) implements TaskEvent {}

    /** The first attempt has another time. One that had been made already no longer counts: a new round of attempts begins. */
    record TaskRescheduled(Instant at, Instant nextAttemptAt, Caller by) implements TaskEvent {}

    /**
     * Something else than the time was changed.
     *
     * @param members the API's names of what was changed
     */
    record TaskEdited(Instant at, List<String> members, Caller by) implements TaskEvent {

        public TaskEdited {
            members = List.copyOf(members);
        }
    }

    /** It had come to its end, and a new round of attempts begins. */
    record TaskRunAgain(Instant at, Caller by) implements TaskEvent {}

    /**
     * Lines that are gone.
     *
     * @param at     the last one's time
     * @param lines  how many
     * @param failed how many attempts among them failed or were lost
     */
    record HistoryCut(Instant at, int lines, int failed) implements TaskEvent {}
}
