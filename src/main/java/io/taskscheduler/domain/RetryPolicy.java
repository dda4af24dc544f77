package io.taskscheduler.domain;

import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.Response;
import java.time.Duration;
import java.util.Optional;

/**
 * What an attempt's result means for the task, and how long to wait before the next attempt.
 *
 * <p>The n-th delay is {@code initialDelay × backoffRate^(n-1)}, spread by a random ±10 % so that tasks which failed together do not
 * come back together, and never above {@code maxDelay}. A receiver that answers 429 or 503 with {@code Retry-After} decides itself: the next
 * attempt is not before it and at most 10 % later, and a wish above {@code maxDelay} counts as {@code maxDelay}.
 *
 * @param maxAttempts 1 to 20; 1 means no retry
 * @param backoffRate 1.0 to 10.0
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, double backoffRate, Duration maxDelay) {

    public static final int MOST_ATTEMPTS = 20;
    public static final double MIN_RATE = 1.0;
    public static final double MAX_RATE = 10.0;
    public static final Duration MIN_DELAY = Duration.ofSeconds(1);
    public static final Duration MAX_DELAY = Duration.ofDays(1);
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(10), 2.0, Duration.ofHours(1));

    private static final double SPREAD = 0.1;

    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("max attempts must be 1 to 20: " + maxAttempts);
        }
        if (!(backoffRate >= MIN_RATE && backoffRate <= MAX_RATE)) {
            throw new IllegalArgumentException("backoff rate must be 1.0 to 10.0: " + backoffRate);
        }
        requireDelay(initialDelay);
        requireDelay(maxDelay);
    }

    /** What follows from a result. */
    public sealed interface Verdict {

        /** The action is done. */
        record Success() implements Verdict {}

        /** Try once more, not before the delay has passed. */
        record Retry(Duration delay) implements Verdict {}

        /** Nothing more is tried. */
        record GiveUp(FailReason reason) implements Verdict {}
    }

    /**
     * Judges an attempt.
     *
     * @param attempt the attempt that ended, counted from 1
     * @param random  uniform in [0, 1)
     */
    public Verdict judge(int attempt, AttemptResult result, double random) {
        if (result instanceof Response response && isSuccess(response.statusCode())) {
            return new Verdict.Success();
        }
        if (!isRetryable(result)) {
            return new Verdict.GiveUp(FailReason.NOT_RETRYABLE);
        }
        if (attempt >= maxAttempts) {
            return new Verdict.GiveUp(FailReason.ATTEMPTS_EXHAUSTED);
        }
        return new Verdict.Retry(delayAfter(attempt, wishOf(result), random));
    }

    /** The shortest delay after the attempt, when the receiver does not ask for another. */
    public Duration leastDelayAfter(int attempt) {
        return delayAfter(attempt, Optional.empty(), 0);
    }

    /** The longest delay after the attempt, when the receiver does not ask for another. */
    public Duration mostDelayAfter(int attempt) {
        return delayAfter(attempt, Optional.empty(), 1);
    }

    private Duration delayAfter(int attempt, Optional<Duration> wish, double random) {
        double wanted = wish.map(w -> seconds(w) * (1 + SPREAD * random)).orElseGet(() -> seconds(initialDelay)
                * Math.pow(backoffRate, attempt - 1.0) * (1 - SPREAD + 2 * SPREAD * random));
        double bounded = Math.min(wanted, seconds(maxDelay));
        return Duration.ofMillis((long) Math.ceil(bounded * 1_000));
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private static boolean isRetryable(AttemptResult result) {
        return switch (result) {
            case Response r -> r.statusCode() == 408 || r.statusCode() == 425 || r.statusCode() == 429
                    || r.statusCode() >= 500;
            case Failure f -> !f.kind().isLasting();
        };
    }

    private static Optional<Duration> wishOf(AttemptResult result) {
        return switch (result) {
            case Response r when r.statusCode() == 429 || r.statusCode() == 503 -> r.retryAfter();
            case Response r -> Optional.empty();
            case Failure f -> Optional.empty();
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static void requireDelay(Duration delay) {
        if (delay.compareTo(MIN_DELAY) < 0 || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("a retry delay must be 1 to 86,400 seconds: " + delay);
        }
    }
}
