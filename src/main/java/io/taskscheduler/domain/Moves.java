package io.taskscheduler.domain;

import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.AttemptSucceeded;
import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCompleted;
import io.taskscheduler.domain.TaskEvent.TaskExpired;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a task is after a move that {@link Task} has decided on. */
record Moves(Task task) {

    /** The same, of the task with another history. */
    Moves after(History history) {
        return new Moves(new Task(task.id(), task.version(), task.order(), task.requestHash(), task.createdAt(),
                task.updatedAt(), task.state(), task.attempts(), history.lines()));
    }

    /** The same, of the task with another order. */
    Moves after(Order order) {
        return new Moves(new Task(task.id(), task.version(), order, task.requestHash(), task.createdAt(),
                task.updatedAt(), task.state(), task.attempts(), task.history()));
    }

    Transition to(TaskState next, int attempts, Instant now, List<TaskEvent> events) {
        return new Transition(task.version(), new Task(task.id(), task.version() + 1, task.order(), task.requestHash(),
                task.createdAt(), now, next, attempts, past().plus(events).lines()),
                Redaction.isDue(task.order(), next) ? Redaction.of(events) : events);
    }

    Transition start(Instant dueAt, String holder, WokenBy by, Instant now, List<TaskEvent> before) {
        List<TaskEvent> events = new ArrayList<>(before);
        events.add(new AttemptStarted(now.isBefore(dueAt) ? dueAt : now, task.attempts() + 1, by));
        Lease lease = new Lease(holder, now.plus(task.action().timeout()).plus(Lease.MARGIN));
        return to(new Running(dueAt, lease), task.attempts() + 1, now, events);
    }

    Transition settle(AttemptResult result, double random, Instant now) {
        int attempt = task.attempts();
        Moves begun = after(past().attemptBegan(attempt, result.startedAt()));
        return switch (task.order().retry().judge(attempt, result, random)) {
            case RetryPolicy.Verdict.Success() -> begun.to(new Completed(now), attempt, now,
                    List.of(new AttemptSucceeded(now, attempt, result), new TaskCompleted(now)));
            case RetryPolicy.Verdict.GiveUp(FailReason reason) -> begun.to(new Failed(now, reason), attempt, now,
                    List.of(new AttemptFailed(now, attempt, result), new TaskFailed(now, reason, List.of())));
            case RetryPolicy.Verdict.Retry(var delay) -> begun.to(new Scheduled(now.plus(delay)), attempt, now,
                    List.of(new AttemptFailed(now, attempt, result),
                            new RetryScheduled(now, now.plus(delay), Optional.empty())));
        };
    }

    TaskEvent lost(WokenBy by, Instant now) {
        return new AttemptLost(now, task.attempts(), by, Optional.empty());
    }

    Transition expire(WokenBy by, Instant now) {
        return to(new Expired(now), task.attempts(), now, List.of(new TaskExpired(now, by)));
    }

    Transition fail(Unusable broken, Instant now) {
        return to(new Failed(now, FailReason.INVALID_TASK), task.attempts(), now,
                List.of(new TaskFailed(now, FailReason.INVALID_TASK, broken.violations())));
    }

    Transition failAfterLastWasLost(WokenBy by, Instant now) {
        FailReason reason = FailReason.ATTEMPTS_EXHAUSTED;
        return to(new Failed(now, reason), task.attempts(), now,
                List.of(lost(by, now), new TaskFailed(now, reason, List.of())));
    }

    private History past() {
        return new History(task.history());
    }
}
