package io.taskscheduler.domain;

import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCancelled;
import io.taskscheduler.domain.TaskEvent.TaskEdited;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskEvent.TaskRescheduled;
import io.taskscheduler.domain.TaskEvent.TaskRunAgain;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import io.taskscheduler.domain.TaskState.Cancelled;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Finished;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task and every move it can make. A move changes nothing here: it answers what would be true after it, for the store to commit.
 *
 * <p>There is no finished task that was to be redacted and is not: whatever makes one, what it carried is not in it.
 *
 * @param version     counts the moves
 * @param order       what the caller wants
 * @param requestHash of the request that made it, by which its repetition is told from another; empty when it cannot be repeated
 * @param attempts    started so far in this round: for the {@code runAt} in force
 * @param history     what happened, in order; a very long one has been cut
 */
public record Task(TaskId id, long version, Order order, Optional<String> requestHash, Instant createdAt,
        Instant updatedAt, TaskState state, int attempts, List<TaskEvent> history) {

    /**
     * How long after its time a task's own wake-up may still come: where the minute is enough EventBridge Scheduler fires within the minute
     * after it, and Lambda tries an invocation that failed again a minute later.
     */
    public static final Duration GRACE = Duration.ofMinutes(2);

    /**
     * How long before its time an attempt may be claimed, so that storing the claim does not make it late. What is claimed early waits for its
     * time. The price: in this moment the task can no longer be stopped. Several times the single-digit milliseconds that AWS names for a write.
     */
    public static final Duration HEAD_START = Duration.ofMillis(50);

    public Task {
        boolean redacted = Redaction.isDue(order, state);
        order = redacted ? Redaction.of(order) : order;
        history = redacted ? Redaction.of(history) : List.copyOf(history);
        // A hash confirms a guess of what it was made of.
        requestHash = redacted ? Optional.empty() : requestHash;
    }

    /**
     * A new task, due at the order's {@code runAt}; a time that has passed means at once.
     *
     * @param version the first one: 1, unless the id may have had a task before
     */
    public static Task schedule(TaskId id, long version, Order order, Caller by, Instant now) {
        return schedule(id, version, order, Optional.empty(), by, now);
    }

    /** Whether a request with that hash, which comes under this task's id, is the one that made it. Once a task is redacted nobody can tell: then it is. */
    public boolean isSameRequest(Optional<String> hash) {
        return requestHash.equals(hash) || Redaction.isDue(order, state);
    }

    /** As {@link #schedule(TaskId, long, Order, Caller, Instant)}, by a request that may be repeated. */
    public static Task schedule(TaskId id, long version, Order order, Optional<String> requestHash, Caller by,
            Instant now) {
        return new Task(id, version, order, requestHash, now, now, new Scheduled(order.runAt()), 0,
                List.of(new TaskScheduled(now, by)));
    }

    /** A task that never can be run and has failed at once. */
    public static Task refuse(TaskId id, long version, Unusable action, boolean redact, Instant now) {
        Order order = new Order(action, now, Precision.SECOND, Optional.empty(), RetryPolicy.DEFAULT, Map.of(), redact);
        return new Task(id, version, order, Optional.empty(), now, now, new Failed(now, FailReason.INVALID_TASK), 0,
                List.of(new TaskFailed(now, FailReason.INVALID_TASK, action.violations())));
    }

    /**
     * The request that made the task has come again and is to be told of it: from then on nobody may take it back as if it had not moved.
     *
     * @return a move that changes no more than the version; empty when there has been another
     */
    public Optional<Transition> confirm(Instant now) {
        return state instanceof Scheduled && attempts == 0 && updatedAt.equals(createdAt)
                ? Optional.of(moves().to(state, attempts, now, List.of()))
                : Optional.empty();
    }

    /**
     * A wake-up asks to run an attempt. An attempt whose lease has died counts as one that was made: its outcome is unknown, and it may have
     * reached the receiver.
     *
     * @param holder unique for this wake-up
     */
    public Claim claim(String holder, WokenBy by, Instant now) {
        return switch (state) {
            case Scheduled s when action() instanceof Unusable broken -> new Claim.Ended(moves().fail(broken, now));
            case Scheduled s when now.isBefore(claimableFrom(s)) -> new Claim.Early(s.dueAt());
            case Scheduled s when isExpired(now) -> new Claim.Ended(moves().expire(by, now));
            case Scheduled s -> new Claim.Granted(moves().start(s.dueAt(), holder, by, now, List.of()));
            case Running r when r.lease().isAlive(now) -> new Claim.Held(r.lease());
            case Running r when isLastAttempt() -> new Claim.Ended(moves().failAfterLastWasLost(by, now));
            case Running r ->
                new Claim.Granted(moves().start(r.dueAt(), holder, by, now, List.of(moves().lost(by, now))));
            case Finished f -> new Claim.Finished();
        };
    }

    /**
     * The reconciler asks what to do with the task.
     *
     * @param holder   unique for this question
     * @param patience until when no other wake-up is sent, if one is needed
     */
    public Recovery recover(String holder, Instant patience, Instant now) {
        Standing standing = standing(now);
        if (standing != Standing.OVERDUE) {
            return new Recovery.LeaveAlone(standing);
        }
        Optional<Lease> wakeUp = Optional.of(new Lease(holder, patience));
        return switch (state) {
            case Running r when isLastAttempt() ->
                new Recovery.End(moves().failAfterLastWasLost(WokenBy.RECONCILER, now), Recovery.Orphan.ATTEMPT_LOST);
            case Running r -> new Recovery.Wake(
                    moves().to(new Scheduled(r.dueAt(), wakeUp), attempts, now,
                            List.of(moves().lost(WokenBy.RECONCILER, now))),
                    Recovery.Orphan.ATTEMPT_LOST);
            case Scheduled s when action() instanceof Unusable broken ->
                new Recovery.End(moves().fail(broken, now), orphan());
            case Scheduled s when isExpired(now) -> new Recovery.End(moves().expire(WokenBy.RECONCILER, now), orphan());
            case Scheduled s -> new Recovery.Wake(
                    moves().to(new Scheduled(s.dueAt(), wakeUp), attempts, now, List.of()), orphan());
            case Finished f -> new Recovery.LeaveAlone(Standing.FINAL);
        };
    }

    /** Who sees to the task now. */
    public Standing standing(Instant now) {
        return switch (state) {
            case Scheduled s when now.isBefore(s.dueAt().plus(GRACE)) -> Standing.WAITING;
            case Scheduled s when s.wakeUp().filter(lease -> lease.isAlive(now)).isPresent() -> Standing.ON_ITS_WAY;
            case Scheduled s -> Standing.OVERDUE;
            case Running r -> r.lease().isAlive(now) ? Standing.LEASED : Standing.OVERDUE;
            case Finished f -> Standing.FINAL;
        };
    }

    /** A caller does not want it any more. */
    public Change cancel(Caller by, Instant now) {
        return switch (state) {
            case Scheduled s -> new Change.Made(
                    moves().to(new Cancelled(now), attempts, now, List.of(new TaskCancelled(now, by))));
            case Running r -> new Change.TooLate();
            case Cancelled c -> new Change.Unneeded();
            case Finished f -> new Change.AlreadyFinished();
        };
    }

    /** A caller wants it otherwise. With a new time the attempts are counted anew. */
    public Change edit(Edit edit, Caller by, Instant now) {
        Order edited = edit.of(order);
        boolean wouldExpire = edited.expiresAt().filter(end -> !end.isAfter(edited.runAt())).isPresent();
        if (wouldExpire && state instanceof Scheduled) {
            return new Change.Invalid(List.of(new Violation(edit.runAt().isPresent() ? "run_at" : "expires_at",
                    "must leave the task's expires_at after its run_at; give both")));
        }
        boolean wouldBeOver = edit.runAt().isEmpty() && attempts > 0 && attempts >= edited.retry().maxAttempts();
        if (wouldBeOver && state instanceof Scheduled) {
            return new Change.Invalid(List.of(new Violation("retry.max_attempts",
                    "must be above the " + attempts + " attempts that have been made; a new run_at counts anew")));
        }
        return reorder(edited, edit.runAt().isPresent(), by, now);
    }

    /** A caller wants a new task in the place of this one once it has come to its end, whose history ends with it; else as {@link #replace}. */
    public Change replaceOrStartAnew(Order wanted, Optional<Duration> patience, Caller by, Instant now) {
        return state instanceof Finished
                ? new Change.Anew(new Transition(version, schedule(id, version + 1, wanted, by, now), List.of()))
                : replace(wanted, patience, by, now);
    }

    /**
     * A caller wants another order in its place.
     *
     * @param patience how long after this one was first wanted it may be put off at most
     */
    public Change replace(Order wanted, Optional<Duration> patience, Caller by, Instant now) {
        Instant latest = patience.map(createdAt::plus).map(end -> end.isBefore(now) ? now : end)
                .orElse(wanted.runAt());
        return reorder(latest.isBefore(wanted.runAt()) ? wanted.at(latest) : wanted, true, by, now);
    }

    private Change reorder(Order wanted, boolean anew, Caller by, Instant now) {
        return switch (state) {
            case Scheduled s -> {
                List<TaskEvent> events = new ArrayList<>();
                List<String> members = order.differencesTo(wanted);
                if (!members.isEmpty()) {
                    events.add(new TaskEdited(now, members, by));
                }
                if (anew) {
                    events.add(new TaskRescheduled(now, wanted.runAt(), by));
                }
                // What was answered while it was to be redacted is not kept for the order that takes its place either.
                History before = order.redact() && !wanted.redact() ? new History(Redaction.of(history)) : past();
                yield new Change.Made(
                        moves().after(before).after(wanted).to(anew ? new Scheduled(wanted.runAt()) : s,
                                anew ? 0 : attempts,
                                now, events));
            }
            case Running r -> new Change.TooLate();
            case Finished f -> new Change.AlreadyFinished();
        };
    }

    /** A caller wants it to run at once: its next attempt, or all of it again when it has come to its end, if there is anything left to run. */
    public Change runNow(Caller by, Instant now) {
        return switch (state) {
            case Scheduled s when !s.dueAt().isAfter(now) -> new Change.Unneeded();
            case Scheduled s when attempts > 0 -> new Change.Made(moves().to(new Scheduled(now), attempts, now,
                    List.of(new RetryScheduled(now, now, Optional.of(by)))));
            case Scheduled s -> new Change.Made(moves().after(order.at(now)).to(new Scheduled(now), 0, now,
                    List.of(new TaskRescheduled(now, now, by))));
            case Running r -> new Change.TooLate();
            case Finished f when order.redact() -> new Change.AlreadyFinished();
            case Finished f -> new Change.Made(moves().after(order.at(now)).to(new Scheduled(now), 0, now,
                    List.of(new TaskRunAgain(now, by))));
        };
    }

    /** A change of this task could not be seen through: as it was before, but for the version, which never goes back. */
    public Transition undo(Transition change) {
        long next = change.after().version() + 1;
        return new Transition(change.after().version(), new Task(id, next, order, requestHash, createdAt, updatedAt,
                state, attempts, history), List.of());
    }

    private static Instant claimableFrom(Scheduled scheduled) {
        return scheduled.dueAt().minus(HEAD_START);
    }

    private Recovery.Orphan orphan() {
        return attempts == 0 ? Recovery.Orphan.NOT_STARTED : Recovery.Orphan.NOT_RETRIED;
    }

    private boolean isExpired(Instant now) {
        return attempts == 0 && order.expiresAt().filter(at -> !now.isBefore(at)).isPresent();
    }

    private boolean isLastAttempt() {
        return attempts >= order.retry().maxAttempts();
    }

    /**
     * An attempt has ended. Its result counts if it still holds the task; if its lease was taken over it is kept as a note beside the line that
     * says that it was lost.
     *
     * @param holder  who was granted the claim
     * @param attempt the attempt's number
     * @param random  uniform in [0, 1); spreads the next attempt
     */
    public Settlement settle(String holder, int attempt, AttemptResult result, double random, Instant now) {
        if (state instanceof Running running && running.lease().holder().equals(holder)) {
            return new Settlement.Settled(moves().settle(result, random, now));
        }
        return past().noted(attempt, result).<Settlement>map(noted -> new Settlement.Noted(
                moves().after(noted).to(state, attempts, now, List.of()))).orElseGet(Settlement.TooLate::new);
    }

    private Moves moves() {
        return new Moves(this);
    }

    private History past() {
        return new History(history);
    }

    public Action action() {
        return order.action();
    }

    /** When the caller wants the first attempt, to the millisecond. */
    public Instant runAt() {
        return order.runAt();
    }

    /** When it should run next, or the attempt that holds it should have; empty when it has come to its end. */
    public Optional<Instant> dueAt() {
        return switch (state) {
            case Scheduled s -> Optional.of(s.dueAt());
            case Running r -> Optional.of(r.dueAt());
            case Finished f -> Optional.empty();
        };
    }

    /** When it came to its end; empty while it is open. */
    public Optional<Instant> finishedAt() {
        return state instanceof Finished f ? Optional.of(f.finishedAt()) : Optional.empty();
    }

    /** When this round's first attempt started. */
    public Optional<Instant> startedAt() {
        return past().startedAt();
    }

    /** From when an attempt that is due then could start: what was due before its time was set could not. */
    public Instant startableFrom(Instant dueAt) {
        return past().roundSetAt().filter(dueAt::isBefore).orElse(dueAt);
    }

    /** How much later than it could the first attempt started; empty before. */
    public Optional<Duration> lateness() {
        return startedAt().map(started -> Duration.between(startableFrom(runAt()), started));
    }

    /** {@link #lateness()} of a task that was promised for its second, once it has come to its end; empty for every other. */
    public Optional<Duration> finalLateness() {
        return finishedAt().isPresent() && order.precision() == Precision.SECOND ? lateness() : Optional.empty();
    }

    /** How the last attempt that came back in time ended. */
    public Optional<AttemptResult> lastResult() {
        return past().lastResult();
    }

    /** Whether an attempt may have reached the receiver without its answer having come back in time. */
    public boolean mayHaveReachedReceiver() {
        return past().mayHaveReachedReceiver();
    }

    /** The trace that the last request belongs to that led to what the task does now; empty when none said. */
    public Optional<String> traceparent() {
        return past().traceparent();
    }
}
