package io.taskscheduler.contract;

import static java.util.Objects.requireNonNull;

import io.taskscheduler.app.port.Timers;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.Backends;
import io.taskscheduler.fixture.LocalStack;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Timetable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;

/** On LocalStack, where Docker can run it; it keeps schedules and never fires them, which this contract does not ask for. */
class LocalStackTimersIT extends TimersContract {

    private static @Nullable Timetable timetable;

    @BeforeAll
    static void start() {
        timetable = new Timetable(Backends.scheduler(LocalStack.endpointOrSkip()));
    }

    @Override
    Timers timers() {
        return requireNonNull(timetable).timers(InstantSource.fixed(Tasks.CREATED));
    }

    @Override
    List<Instant> waiting(TaskId task) {
        return requireNonNull(timetable).waiting(task);
    }
}
