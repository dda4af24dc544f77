package io.taskscheduler.local.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Webhook;

/** Actions as the network might treat them: each is an outside call of its function's run, and meets the fault that waits for it. */
public final class FaultyActions implements Actions {
    private static final String TOLD = "told to fail by /_local/faults";

    private final Actions actions;
    private final InstantSource clock;

    public FaultyActions(Actions actions, InstantSource clock) {
        this.actions = actions;
        this.clock = clock;
    }

    @Override
    public AttemptResult perform(Attempt attempt) {
        Optional<Invocation> running = Invocation.current();
        if (running.isEmpty()) {
            return actions.perform(attempt);
        }
        int call = running.get().begin();
        AttemptResult result = running.get().faults().take(Fault.Webhook.class, any -> true)
                .map(fault -> meet(fault, attempt)).orElseGet(() -> actions.perform(attempt));
        running.get().end(call);
        return result;
    }

    private AttemptResult meet(Fault.Webhook fault, Attempt attempt) {
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long begun = System.nanoTime();
        return switch (fault.when()) {
            case BEFORE -> {
                boolean inTime = hang(fault.hang(), attempt, begun);
                if (!inTime) {
                    yield broken(startedAt, begun, FailureKind.TIMEOUT);
                }
                yield fault.ending().map(ending -> ended(ending, startedAt, begun))
                        .orElseGet(() -> late(actions.perform(shortened(attempt, fault.hang())), startedAt, begun));
            }
            case AFTER -> {
                AttemptResult _ = actions.perform(attempt);
                boolean inTime = hang(fault.hang(), attempt, begun);
                yield broken(startedAt, begun, inTime ? FailureKind.CONNECTION_CLOSED : FailureKind.TIMEOUT);
            }
        };
    }

    /** Waits as told, but no longer than the attempt may last; false when that is over. */
    private static boolean hang(Duration hang, Attempt attempt, long begun) {
        Duration left = attempt.action().timeout().minus(since(begun));
        boolean inTime = hang.compareTo(left) < 0;
        Duration wait = inTime ? hang : left;
        try {
            boolean _ = new CountDownLatch(1).await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during an attempt", e);
        }
        return inTime;
    }

    private static AttemptResult ended(Fault.Ending ending, Instant startedAt, long begun) {
        return switch (ending) {
            case Fault.Ending.Answer(int status) ->
                new Response(startedAt, since(begun), status, "", Optional.empty());
            case Fault.Ending.Broken(FailureKind kind) -> broken(startedAt, begun, kind);
        };
    }

    private static AttemptResult broken(Instant startedAt, long begun, FailureKind kind) {
        return new Failure(startedAt, since(begun), kind, TOLD);
    }

    /** The attempt has begun when it began to hang. */
    private static AttemptResult late(AttemptResult result, Instant startedAt, long begun) {
        return switch (result) {
            case Response r -> new Response(startedAt, since(begun), r.statusCode(), r.body(), r.retryAfter());
            case Failure f -> new Failure(startedAt, since(begun), f.kind(), f.message());
        };
    }

    private static Attempt shortened(Attempt attempt, Duration by) {
        Action rest = switch (attempt.action()) {
            case Webhook w -> {
                Duration left = w.timeout().minus(by);
                yield new Webhook(w.url(), w.method(), w.headers(), w.body(),
                        left.compareTo(Webhook.MIN_TIMEOUT) < 0 ? Webhook.MIN_TIMEOUT : left);
            }
            case Unusable unusable -> unusable;
        };
        return new Attempt(attempt.task(), rest, attempt.number(), attempt.scheduledAt(), attempt.possibleDuplicate(),
                attempt.traceparent());
    }

    /** To the millisecond, as results count. */
    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).truncatedTo(ChronoUnit.MILLIS);
    }
}
