package io.taskscheduler.app;

import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.domain.Precision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Chooses the timer: the near one reaches {@link #HORIZON} ahead and hits the second, the far one reaches years ahead and hits the minute. Where
 * the second matters the far timer fires {@link #LEAD} early, and whom it wakes sets the near one.
 */
public final class NearAndFarTimers implements Timers {

    /** How far the near timer reaches. */
    public static final Duration HORIZON = WakeUps.HORIZON;

    /**
     * How early a far timer fires for the second's sake. EventBridge Scheduler fires within the minute that follows, and Lambda tries a wake-up
     * that failed again after one minute and after two more: a wake-up that fails twice is still in time.
     */
    public static final Duration LEAD = Duration.ofMinutes(5);

    private final Timers near;
    private final Timers far;
    private final InstantSource clock;

    public NearAndFarTimers(Timers near, Timers far, InstantSource clock) {
        this.near = near;
        this.far = far;
        this.clock = clock;
    }

    @Override
    public void set(Timer timer) {
        Duration ahead = Duration.between(clock.instant(), timer.at());
        if (ahead.compareTo(HORIZON) <= 0) {
            near.set(timer);
        } else {
            Instant at = timer.precision() == Precision.SECOND ? timer.at().minus(LEAD) : timer.at();
            far.set(new Timer(timer.task(), timer.wakeUp(), at, timer.precision()));
        }
    }
}
