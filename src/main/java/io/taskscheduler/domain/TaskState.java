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

    /** The action succeeded. */
    record Completed(Instant finishedAt) implements TaskState {}

    /** The action failed for good. */
    record Failed(Instant finishedAt, FailReason reason) implements TaskState {}

    /** It had not been started when it expired; the action was not carried out. */
    record Expired(Instant finishedAt) implements TaskState {}
}
