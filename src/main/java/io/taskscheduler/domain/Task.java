package io.taskscheduler.domain;

import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.AttemptSucceeded;
import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCompleted;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task and every move it can make. A move changes nothing here: it answers what would be true after it, for the store to commit.
 *
 * @param version  counts the moves, from 1
 * @param runAt    when the caller wants the first attempt, to the millisecond
 * @param attempts started so far
 * @param history  what happened, in order
 */
public record Task(TaskId id, long version, Action action, RetryPolicy retry, Map<String, String> labels, Instant runAt,
        Instant createdAt, Instant updatedAt, TaskState state, int attempts, List<TaskEvent> history) {

    public Task {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        history = List.copyOf(history);
    }

    /** A new task, due at its {@code runAt}; a time that has passed means at once. */
    public static Task schedule(TaskId id, Action action, RetryPolicy retry, Map<String, String> labels, Instant runAt,
            Instant now) {
        return new Task(id, 1, action, retry, labels, runAt, now, now, new Scheduled(runAt), 0,
                List.of(new TaskScheduled(now)));
    }

    /**
     * A wake-up asks to run an attempt. An attempt whose lease has died counts as one that was made: its outcome is unknown, and it may have
     * reached the receiver.
     *
     * @param holder unique for this wake-up
     */
    public Claim claim(String holder, Instant now) {
        return switch (state) {
            case Scheduled s when now.isBefore(s.dueAt()) ->
                new Claim.Early(move(s, attempts, now, List.of()), s.dueAt());
            case Scheduled s -> new Claim.Granted(start(s.dueAt(), holder, now, List.of()));
            case Running r when r.lease().isAlive(now) -> new Claim.Held(r.lease());
            case Running r -> takeOver(r, holder, now);
            case Completed c -> new Claim.Finished();
            case Failed f -> new Claim.Finished();
        };
    }

    private Claim takeOver(Running dead, String holder, Instant now) {
        TaskEvent lost = new AttemptLost(now, attempts);
        if (attempts >= retry.maxAttempts()) {
            FailReason reason = FailReason.ATTEMPTS_EXHAUSTED;
            return new Claim.Exhausted(
                    move(new Failed(now, reason), attempts, now, List.of(lost, new TaskFailed(now, reason))));
        }
        return new Claim.Granted(start(dead.dueAt(), holder, now, List.of(lost)));
    }

    private Transition start(Instant dueAt, String holder, Instant now, List<TaskEvent> before) {
        List<TaskEvent> events = new ArrayList<>(before);
        events.add(new AttemptStarted(now, attempts + 1));
        Lease lease = new Lease(holder, now.plus(action.timeout()).plus(Lease.MARGIN));
        return move(new Running(dueAt, lease), attempts + 1, now, events);
    }

    /**
     * The attempt that holds this task has ended.
     *
     * @param random uniform in [0, 1); spreads the next attempt
     * @throws IllegalStateException when no attempt holds the task: only who was granted a claim has a result
     */
    public Transition settle(AttemptResult result, double random, Instant now) {
        if (!(state instanceof Running)) {
            throw new IllegalStateException("no attempt holds task " + id);
        }
        Task begun = withAttemptBegunAt(result.startedAt());
        return switch (retry.judge(attempts, result, random)) {
            case RetryPolicy.Verdict.Success() -> begun.move(new Completed(now), attempts, now,
                    List.of(new AttemptSucceeded(now, attempts, result), new TaskCompleted(now)));
            case RetryPolicy.Verdict.GiveUp(FailReason reason) -> begun.move(new Failed(now, reason), attempts, now,
                    List.of(new AttemptFailed(now, attempts, result), new TaskFailed(now, reason)));
            case RetryPolicy.Verdict.Retry(var delay) -> begun.move(new Scheduled(now.plus(delay)), attempts, now, List
                    .of(new AttemptFailed(now, attempts, result), new RetryScheduled(now, now.plus(delay))));
        };
    }

    private Task withAttemptBegunAt(Instant start) {
        List<TaskEvent> events = new ArrayList<>(history);
        events.replaceAll(e -> e instanceof AttemptStarted s && s.attempt() == attempts
                ? new AttemptStarted(start, attempts)
                : e);
        return new Task(id, version, action, retry, labels, runAt, createdAt, updatedAt, state, attempts, events);
    }

    private Transition move(TaskState next, int attemptsAfter, Instant now, List<TaskEvent> events) {
        List<TaskEvent> all = new ArrayList<>(history);
        all.addAll(events);
        return new Transition(version, new Task(id, version + 1, action, retry, labels, runAt, createdAt, now, next,
                attemptsAfter, all), events);
    }

    /** When the first attempt started. */
    public Optional<Instant> startedAt() {
        return history.stream().filter(AttemptStarted.class::isInstance).map(TaskEvent::at).findFirst();
    }

    /** How the last attempt that came back ended. */
    public Optional<AttemptResult> lastResult() {
        return history.reversed().stream().<AttemptResult>mapMulti((event, found) -> {
            if (event instanceof AttemptSucceeded s) {
                found.accept(s.result());
            } else if (event instanceof AttemptFailed f) {
                found.accept(f.result());
            }
        }).findFirst();
    }
}
