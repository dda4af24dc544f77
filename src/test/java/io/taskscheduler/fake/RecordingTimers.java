package io.taskscheduler.fake;

import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Timers that are noted and never fire by themselves. */
public final class RecordingTimers implements Timers {

    private final Map<String, Timer> timers = new ConcurrentSkipListMap<>();
    private final Runnable whenSet;
    private volatile boolean silent;

    public RecordingTimers() {
        this(() -> {});
    }

    /** @param whenSet runs after a timer was noted */
    public RecordingTimers(Runnable whenSet) {
        this.whenSet = whenSet;
    }

    @Override
    public void set(Timer timer) {
        if (silent) {
            throw new Unavailable("the timers are silent", new IllegalStateException("planned"));
        }
        timers.putIfAbsent(timer.task() + "-" + timer.wakeUp(), timer);
        whenSet.run();
    }

    public List<Timer> set() {
        return List.copyOf(timers.values());
    }

    public void fallSilent() {
        silent = true;
    }
}
