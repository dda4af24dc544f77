package io.taskscheduler.app;

import io.taskscheduler.domain.Caller;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.WokenBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.ScheduleTask.Outcome.Accepted;
import io.taskscheduler.app.ScheduleTask.Outcome.NotAccepted;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Tasks;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTaskTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final Order order = Tasks.order(Tasks.TWICE, Tasks.RUN_AT);

    @Test
    void an_accepted_task_is_stored_and_its_timer_set() {
        Task task = ((Accepted) scheduler(timers).schedule(order, Caller.ANONYMOUS, Tasks.CREATED)).task();

        assertThat(store.find(task.id())).contains(task);
        assertThat(timers.set()).containsExactly(new Timer(task.id(), 1, Tasks.RUN_AT, Precision.SECOND));
    }

    @Test
    void a_task_whose_timer_cannot_be_set_is_taken_back() {
        timers.fallSilent();

        assertThat(scheduler(timers).schedule(order, Caller.ANONYMOUS, Tasks.CREATED)).isInstanceOf(NotAccepted.class);
        assertThat(theTask()).isEmpty();
    }

    @Test
    void a_task_whose_storing_was_not_answered_is_taken_back() {
        store.then(Fault.AFTER);

        assertThat(scheduler(timers).schedule(order, Caller.ANONYMOUS, Tasks.CREATED)).isInstanceOf(NotAccepted.class);
        assertThat(theTask()).isEmpty();
        assertThat(timers.set()).isEmpty();
    }

    @Test
    void a_store_that_falls_silent_in_the_middle_leaves_a_whole_task() {
        timers.fallSilent();
        store.then(Fault.NONE, Fault.BEFORE);

        assertThat(scheduler(timers).schedule(order, Caller.ANONYMOUS, Tasks.CREATED)).isInstanceOf(NotAccepted.class);
        assertThat(theTask()).isPresent();
    }

    @Test
    void a_timer_that_was_set_after_all_and_has_woken_the_task_makes_it_accepted() {
        RecordingTimers quick = new RecordingTimers(() -> {
            Task stored = theTask().orElseThrow();
            store.commit(Tasks.granted(stored.claim("quick", WokenBy.TIMER, Tasks.RUN_AT)));
            throw new Unavailable("answer lost", new IllegalStateException("planned"));
        });

        assertThat(scheduler(quick).schedule(order, Caller.ANONYMOUS, Tasks.CREATED)).isInstanceOfSatisfying(
                Accepted.class,
                accepted -> assertThat(accepted.task().version()).isEqualTo(2));
    }

    private ScheduleTask scheduler(RecordingTimers used) {
        return new ScheduleTask(store, used, new SequentialTaskIds(), new Random(1));
    }

    private Optional<Task> theTask() {
        return store.find(new SequentialTaskIds().next(Tasks.CREATED));
    }
}
