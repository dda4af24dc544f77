package io.taskscheduler.local.clock;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** The moves of the clock, one after another. */
final class ClockMoves {

    // The clock runs on, and timers lie years ahead of it: nothing writes years of five digits.
    private static final Instant LATEST = Instant.parse("9990-01-01T00:00:00Z");

    private final ReentrantLock oneAtATime = new ReentrantLock(true);
    private final VirtualClock clock;
    private final Steps steps;
    private final LongSupplier fired;

    /** @param fired how many entries have fired so far */
    ClockMoves(VirtualClock clock, Steps steps, LongSupplier fired) {
        this.clock = clock;
        this.steps = steps;
        this.fired = fired;
    }

    Move to(UnaryOperator<Instant> aim) throws InterruptedException {
        oneAtATime.lockInterruptibly();
        try {
            return move(finalOffset(aim));
        } finally {
            oneAtATime.unlock();
        }
    }

    Instant reset() throws InterruptedException {
        oneAtATime.lockInterruptibly();
        try {
            steps.moving(true);
            steps.reset();
            return clock.instant();
        } finally {
            steps.moving(false);
            oneAtATime.unlock();
        }
    }

    private Duration finalOffset(UnaryOperator<Instant> aim) {
        var now = clock.instant();
        var target = target(aim, now);
        if (target.isBefore(now)) {
            throw new IllegalArgumentException("the clock cannot go back: it is " + now + " already");
        }
        return clock.offset().plus(Duration.between(now, target));
    }

    private static Instant target(UnaryOperator<Instant> aim, Instant now) {
        try {
            var target = aim.apply(now);
            if (!target.isAfter(LATEST)) {
                return target;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("the clock goes no further than " + LATEST, e);
        }
        throw new IllegalArgumentException("the clock goes no further than " + LATEST);
    }

    private Move move(Duration finalOffset) throws InterruptedException {
        var firedBefore = fired.getAsLong();
        steps.moving(true);
        try {
            steps.lookOut(true);
            jumpTo(finalOffset);
            steps.runBackgroundOnce();
            // The background may have set off what is due by now.
            jumpTo(finalOffset);
            return new Move(clock.instant(), fired.getAsLong() - firedBefore);
        } finally {
            steps.moving(false);
        }
    }

    private void jumpTo(Duration finalOffset) throws InterruptedException {
        var more = true;
        while (more) {
            steps.lookOut(false);
            more = steps.jump(finalOffset);
        }
    }
}
