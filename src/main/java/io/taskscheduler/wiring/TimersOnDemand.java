package io.taskscheduler.wiring;

import io.taskscheduler.app.port.Timers;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Made when the first timer is set: most functions live and end without a far one, and its client's classes are part of a cold start. */
final class TimersOnDemand implements Timers {

    private final Supplier<Timers> maker;
    private volatile @Nullable Timers made;

    TimersOnDemand(Supplier<Timers> maker) {
        this.maker = maker;
    }

    @Override
    public void set(Timer timer) {
        timers().set(timer);
    }

    private Timers timers() {
        Timers there = made;
        if (there == null) {
            synchronized (this) {
                there = made;
                if (there == null) {
                    there = maker.get();
                    made = there;
                }
            }
        }
        return there;
    }
}
