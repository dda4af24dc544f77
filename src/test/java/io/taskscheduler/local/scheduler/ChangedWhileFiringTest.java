package io.taskscheduler.local.scheduler;

import static io.taskscheduler.local.scheduler.LocalScheduler.QUEUE;
import static io.taskscheduler.local.scheduler.LocalScheduler.schedule;
import static io.taskscheduler.local.scheduler.LocalScheduler.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;

/** Changes that arrive over the wire while an attempt at the schedule's target is under way. */
@Timeout(60)
class ChangedWhileFiringTest {

    private static final String FIRST = "at(2026-11-21T10:00:05)";

    private final TargetFailure busy = new TargetFailure("TooManyRequestsException", "slow down", true);
    private final LocalScheduler scheduler = LocalScheduler.inMemory();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void an_update_stands_and_fires_at_its_new_time() {
        scheduler.create("t", FIRST);
        scheduler.targets
                .during(() -> update("at(2026-11-21T11:00:00)", it -> it.target(target(to -> to.input("[]")))));

        scheduler.pass(Duration.ofDays(1));

        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z", "t 2026-11-21T11:00:00Z");
        assertThat(inputs()).containsExactly("{\"task\":\"1\"}", "[]");
    }

    @Test
    void a_schedule_that_got_a_new_time_is_not_deleted_after_the_old_one() {
        scheduler.create("t", FIRST, it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE));
        scheduler.targets.during(() -> update("at(2026-11-21T11:00:00)",
                it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE)));

        scheduler.pass(Duration.ofMinutes(1));
        assertThat(scheduler.client.getSchedule(it -> it.name("t")).scheduleExpression())
                .isEqualTo("at(2026-11-21T11:00:00)");

        scheduler.pass(Duration.ofDays(1));
        assertThat(scheduler.targets.calls()).hasSize(2);
        assertGone();
    }

    @Test
    void an_attempt_that_fails_is_tried_again_as_the_update_says() {
        scheduler.targets.failUntilAttempt(2, busy);
        scheduler.create("t", FIRST);
        scheduler.targets.during(() -> update("at(2030-01-01T00:00:00)",
                it -> it.target(target(to -> to.input("[]")))));

        scheduler.pass(Duration.ofMinutes(1));

        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z", "t 2026-11-21T10:00:06Z");
        assertThat(inputs()).containsExactly("{\"task\":\"1\"}", "[]");
    }

    @Test
    void a_recurring_schedule_that_is_disabled_does_not_recur() {
        scheduler.targets.during(() -> update("rate(20 minutes)", it -> it.state(ScheduleState.DISABLED)));
        scheduler.create("t", "rate(20 minutes)");

        scheduler.pass(Duration.ofDays(1));

        assertThat(scheduler.targets.calls()).hasSize(1);
        assertThat(scheduler.client.getSchedule(it -> it.name("t")).state()).isEqualTo(ScheduleState.DISABLED);
    }

    @Test
    void a_deleted_schedule_stays_deleted_and_its_failed_attempt_is_the_last() {
        scheduler.targets.failAlways(busy);
        scheduler.create("t", FIRST, it -> it.target(target(to -> to.deadLetterConfig(dlq -> dlq.arn(QUEUE)))));
        scheduler.targets.during(this::delete);

        scheduler.pass(Duration.ofDays(2));

        assertThat(scheduler.targets.calls()).hasSize(1);
        assertThat(scheduler.targets.deadLetters()).isEmpty();
        assertGone();
    }

    @Test
    void a_deleted_schedule_that_recurred_does_not_recur() {
        scheduler.targets.during(this::delete);
        scheduler.create("t", "rate(20 minutes)");

        scheduler.pass(Duration.ofDays(1));

        assertThat(scheduler.targets.calls()).hasSize(1);
        assertGone();
    }

    /** The retry of the one that is gone would otherwise call the target of the one that took its name. */
    @Test
    void another_schedule_under_the_same_name_inherits_nothing() {
        scheduler.targets.failUntilAttempt(2, busy);
        scheduler.create("t", FIRST);
        scheduler.targets.during(() -> {
            delete();
            scheduler.create("t", "at(2026-11-21T11:00:00)", it -> it.target(target(to -> to.input("[]"))));
        });

        scheduler.pass(Duration.ofMinutes(30));
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z");

        scheduler.pass(Duration.ofMinutes(40));
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z", "t 2026-11-21T11:00:00Z",
                "t 2026-11-21T11:00:01Z");
        assertThat(inputs()).containsExactly("{\"task\":\"1\"}", "[]", "[]");
    }

    private void update(String expression, Consumer<CreateScheduleRequest.Builder> change) {
        CreateScheduleRequest wanted = schedule("t", expression, change);
        scheduler.client.updateSchedule(it -> it.name("t").scheduleExpression(expression).state(wanted.state())
                .actionAfterCompletion(wanted.actionAfterCompletion()).flexibleTimeWindow(wanted.flexibleTimeWindow())
                .target(wanted.target()));
    }

    private void delete() {
        scheduler.client.deleteSchedule(it -> it.name("t"));
    }

    private List<String> inputs() {
        return scheduler.targets.calls().stream().map(call -> call.invocation().input()).toList();
    }

    private void assertGone() {
        assertThatThrownBy(() -> scheduler.client.getSchedule(it -> it.name("t")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
