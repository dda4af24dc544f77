package io.taskscheduler.domain;

import java.time.Instant;

/** Where a task stands, with exactly the facts that are true there. */
public sealed interface TaskState {

    /** Waits for its time: the first one or, after a failed attempt, the next. */
    record Scheduled(Instant dueAt) implements TaskState {}

    /** An attempt that was due at {@code dueAt} holds it. */
    record Running(Instant dueAt, Lease lease) implements TaskState {}

    /** The action succeeded. */
    record Completed(Instant finishedAt) implements TaskState {}

    /** The action failed for good. */
    record Failed(Instant finishedAt, FailReason reason) implements TaskState {}
}
