package io.taskscheduler.contract;

import io.taskscheduler.app.port.Timers;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.app.port.Timers.Timer;
import java.time.Instant;
import java.util.List;

class RecordingTimersTest extends TimersContract {

    private final RecordingTimers timers = new RecordingTimers();

    @Override
    Timers timers() {
        return timers;
    }

    @Override
    List<Instant> waiting(TaskId task) {
        return timers.set().stream().filter(timer -> timer.task().equals(task)).map(Timer::at).sorted().toList();
    }
}
