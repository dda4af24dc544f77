package io.taskscheduler.domain;

import java.time.Instant;
import java.util.Optional;

/** Where a task stands, with exactly the facts that are true there. */
public sealed interface TaskState {

    /**
     * Waits for its time: the first one or, after a failed attempt, the next.
     *
     * @param wakeUp the reconciler's, once it has found the task overdue: while it lives no other is sent
     */
    record Scheduled(Instant dueAt, Optional<Lease> wakeUp) implements TaskState {

        public Scheduled(Instant dueAt) {
            this(dueAt, Optional.empty());
        }
    }

    /** An attempt that was due at {@code dueAt} holds it. */
    record Running(Instant dueAt, Lease lease) implements TaskState {}

    /** It has come to its end. Only a caller can start it anew. */
    sealed interface Finished extends TaskState {

        Instant finishedAt();
    }

    /** The action succeeded. */
    record Completed(Instant finishedAt) implements Finished {}

    /** The action failed for good. */
    record Failed(Instant finishedAt, FailReason reason) implements Finished {}

    /** A caller did not want it any more, before an attempt held it. */
    record Cancelled(Instant finishedAt) implements Finished {}

    /** It had not been started when it expired; the action was not carried out. */
    record Expired(Instant finishedAt) implements Finished {}
}
