package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.Tasks;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Timers} does, the fake and the real one alike. */
abstract class TimersContract {

    abstract Timers timers();

    /** When the timers of a task that have not fired yet will fire, in order. */
    abstract List<Instant> waiting(TaskId task);

    private final TaskId task = new UlidTaskIds().next(Tasks.CREATED);
    /** As far ahead of {@link Tasks#CREATED}, which all of them take for now, as all of them reach. */
    private final Instant at = Tasks.CREATED.plusSeconds(600);

    private Timer timer(long wakeUp, Instant when) {
        return new Timer(task, wakeUp, when, Precision.MINUTE);
    }

    @Test
    void a_timer_waits_for_its_time() {
        timers().set(timer(1, at));

        assertThat(waiting(task)).containsExactly(at);
    }

    @Test
    void setting_the_same_wake_up_again_gives_no_more_than_one_more() {
        timers().set(timer(1, at));
        timers().set(timer(1, at));

        assertThat(waiting(task)).hasSizeBetween(1, 2).containsOnly(at);
    }

    @Test
    void each_wake_up_of_a_task_has_a_timer_of_its_own() {
        timers().set(timer(1, at));
        timers().set(timer(3, at.plusSeconds(7)));

        assertThat(waiting(task)).containsExactly(at, at.plusSeconds(7));
    }

    @Test
    void a_timer_never_waits_for_less_than_its_time() {
        timers().set(timer(1, at.plusMillis(1)));

        assertThat(waiting(task)).singleElement().satisfies(when -> assertThat(when).isAfterOrEqualTo(at.plusMillis(1))
                .isBeforeOrEqualTo(at.plusSeconds(1)));
    }
}
