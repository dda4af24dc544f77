package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.scheduler.SchedulerTimers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.Backends;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Timetable;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;

/** On the local EventBridge Scheduler, or on what {@code -Dcontract.endpoint=} names. */
class SchedulerTimersIT extends TimersContract {

    private static final Timetable TIMETABLE = new Timetable(Backends.scheduler());

    private final Timers timers = TIMETABLE.timers(InstantSource.fixed(Tasks.CREATED));

    @Override
    Timers timers() {
        return timers;
    }

    @Override
    List<Instant> waiting(TaskId task) {
        return TIMETABLE.waiting(task);
    }

    /** AWS remembers a name for as long as its schedule is there. */
    @Test
    void a_wake_up_that_is_set_again_waits_once() {
        TaskId task = new TaskId("01JD5ZK6E0R9W1V8M3Q7T2X4YD");
        timers.set(new Timer(task, 1, Tasks.RUN_AT, Precision.MINUTE));
        timers.set(new Timer(task, 1, Tasks.RUN_AT.plusSeconds(5), Precision.MINUTE));

        assertThat(TIMETABLE.waiting(task)).containsExactly(Instant.parse("2027-05-17T15:00:01Z"));
    }

    @Test
    void a_time_that_has_passed_means_a_second_or_two_from_now() {
        TaskId task = new TaskId("01JD5ZK6E0R9W1V8M3Q7T2X4YC");
        Timers late = TIMETABLE.timers(InstantSource.fixed(Instant.parse("2031-01-01T00:00:00.001Z")));

        late.set(new Timer(task, 1, Tasks.CREATED, Precision.MINUTE));

        assertThat(TIMETABLE.waiting(task)).containsExactly(Instant.parse("2031-01-01T00:00:02Z"));
    }

    @Test
    void a_schedule_is_a_whole_one_with_its_retries_its_dead_letters_and_its_end() {
        timers.set(new Timer(Tasks.ID, 7, Instant.parse("2031-05-17T15:00:00Z"), Precision.SECOND));

        var schedule = TIMETABLE.schedule(Tasks.ID + "-7");
        assertThat(schedule.scheduleExpression()).isEqualTo("at(2031-05-17T15:00:00)");
        assertThat(schedule.scheduleExpressionTimezone()).isEqualTo("UTC");
        assertThat(schedule.actionAfterCompletion()).isEqualTo(ActionAfterCompletion.DELETE);
        assertThat(schedule.flexibleTimeWindow().mode()).isEqualTo(FlexibleTimeWindowMode.OFF);
        assertThat(schedule.target().input())
                .isEqualTo("{\"source\":\"custom.scheduler\",\"detail\":{\"taskId\":\"" + Tasks.ID + "\"}}");
        assertThat(schedule.target().arn()).isEqualTo(Timetable.TARGET.functionArn());
        assertThat(schedule.target().roleArn()).isEqualTo(Timetable.TARGET.roleArn());
        assertThat(schedule.target().deadLetterConfig().arn()).isEqualTo(Timetable.TARGET.deadLetterQueueArn());
        assertThat(schedule.target().retryPolicy().maximumRetryAttempts()).isEqualTo(185);
        assertThat(schedule.target().retryPolicy().maximumEventAgeInSeconds()).isEqualTo(86_400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b_c-d", "...", "an.id.as.long.as.it.may.be.of.which.the.name.has.a.digest.123"})
    void whatever_an_id_is_made_of_it_has_its_timer(String id) {
        timers.set(new Timer(new TaskId(id), 899_999_999_999_999L, Instant.parse("2031-05-17T15:00:00Z"),
                Precision.MINUTE));

        assertThat(TIMETABLE.inputs()).anyMatch(input -> input.contains("\"" + id + "\""));
    }

    @Test
    void a_timer_that_is_refused_is_unavailable() {
        Timers wrong = new SchedulerTimers(Backends.scheduler(), new SchedulerTimers.TimerTarget("no-such-group",
                Timetable.TARGET.functionArn(), Timetable.TARGET.roleArn(), Timetable.TARGET.deadLetterQueueArn()),
                InstantSource.fixed(Tasks.CREATED));

        assertThatThrownBy(() -> wrong.set(Timer.of(Tasks.scheduled()))).isInstanceOf(Unavailable.class)
                .hasMessageContaining("EventBridge Scheduler");
    }

    @Test
    void a_service_that_is_not_there_is_unavailable() {
        Timers nobody = new SchedulerTimers(Backends.scheduler(URI.create("http://127.0.0.1:1")), Timetable.TARGET,
                InstantSource.fixed(Tasks.CREATED));

        assertThatThrownBy(() -> nobody.set(Timer.of(Tasks.scheduled()))).isInstanceOf(Unavailable.class);
    }
}
