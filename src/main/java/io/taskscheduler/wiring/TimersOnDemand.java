package io.taskscheduler.wiring;

import io.taskscheduler.app.port.Timers;
import java.util.function.Supplier;

/** Made when the first timer is set: most functions live and end without a far one, and ExecuteTask without any. */
final class TimersOnDemand implements Timers {

    private final Supplier<Timers> timers;

    TimersOnDemand(Supplier<Timers> maker) {
        this.timers = new OnDemand<>(maker);
    }

    @Override
    public void set(Timer timer) {
        timers.get().set(timer);
    }
}
