package io.taskscheduler.local.scheduler;

import static io.taskscheduler.local.scheduler.LocalScheduler.LAMBDA;
import static io.taskscheduler.local.scheduler.LocalScheduler.OPTIONS;
import static io.taskscheduler.local.scheduler.LocalScheduler.QUEUE;
import static io.taskscheduler.local.scheduler.LocalScheduler.START;
import static io.taskscheduler.local.scheduler.LocalScheduler.schedule;
import static io.taskscheduler.local.scheduler.LocalScheduler.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.local.scheduler.RecordingTargets.DeadLetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.RetryPolicy;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.scheduler.model.UpdateScheduleRequest;

@Timeout(60)
class FiringTest {

    private final TargetFailure busy = new TargetFailure("TooManyRequestsException", "slow down", true);
    private final TargetFailure missing = new TargetFailure("ResourceNotFoundException", "no such function",
            false);

    private final LocalScheduler scheduler = LocalScheduler.inMemory();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void a_one_time_schedule_fires_once_on_its_second() {
        scheduler.create("t", "at(2026-11-24T10:00:07)");

        scheduler.pass(Duration.ofDays(3));
        assertThat(scheduler.targets.calls()).isEmpty();
        scheduler.pass(Duration.ofDays(3));

        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-24T10:00:07Z");
        var invocation = scheduler.targets.calls().getFirst().invocation();
        assertThat(invocation.targetArn()).isEqualTo(LAMBDA);
        assertThat(invocation.input()).isEqualTo("{\"task\":\"1\"}");
        assertThat(invocation.attempt()).isEqualTo(1);
    }

    @Test
    void an_at_in_the_past_fires_at_once() {
        scheduler.create("t", "at(2022-12-31T23:59:59)");
        scheduler.pass(Duration.ZERO);
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:00Z");
    }

    @Test
    void a_schedule_deletes_itself_after_it_has_fired_only_when_asked_to() {
        scheduler.create("gone", "at(2026-11-21T10:00:05)",
                it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE));
        scheduler.create("kept", "at(2026-11-21T10:00:05)");

        scheduler.pass(Duration.ofSeconds(5));

        assertThatThrownBy(() -> scheduler.client.getSchedule(it -> it.name("gone")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(scheduler.client.getSchedule(it -> it.name("kept")).state()).isEqualTo(ScheduleState.ENABLED);
    }

    @Test
    void a_deleted_schedule_never_fires() {
        scheduler.create("t", "at(2026-11-21T10:00:05)");
        scheduler.client.deleteSchedule(it -> it.name("t"));
        scheduler.pass(Duration.ofDays(1));
        assertThat(scheduler.targets.calls()).isEmpty();
    }

    @Test
    void an_updated_schedule_fires_at_its_new_time_only() {
        scheduler.create("t", "at(2026-11-21T10:00:05)");
        scheduler.client.updateSchedule(update("t", "at(2026-11-21T11:00:00)", ScheduleState.ENABLED));
        scheduler.pass(Duration.ofDays(1));
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T11:00:00Z");
    }

    @Test
    void a_disabled_schedule_does_not_fire_and_enabled_again_too_late_fires_at_once() {
        scheduler.create("t", "at(2026-11-21T10:00:05)", it -> it.state(ScheduleState.DISABLED));
        scheduler.pass(Duration.ofMinutes(1));
        assertThat(scheduler.targets.calls()).isEmpty();

        scheduler.client.updateSchedule(update("t", "at(2026-11-21T10:00:05)", ScheduleState.ENABLED));
        scheduler.pass(Duration.ZERO);
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:01:00Z");
    }

    @Test
    void a_rate_fires_at_once_and_then_each_period() {
        scheduler.create("t", "rate(20 minutes)");
        scheduler.pass(Duration.ofHours(1));
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:00Z", "t 2026-11-21T10:20:00Z",
                "t 2026-11-21T10:40:00Z",
                "t 2026-11-21T11:00:00Z");
    }

    @Test
    void a_recurring_schedule_fires_from_its_start_to_its_end_and_is_then_deleted() {
        scheduler.create("t", "rate(1 day)",
                it -> it.startDate(START.plus(Duration.ofDays(2))).endDate(START.plus(Duration.ofDays(4)))
                        .actionAfterCompletion(ActionAfterCompletion.DELETE));
        scheduler.pass(Duration.ofDays(3));
        assertThat(scheduler.client.getSchedule(it -> it.name("t")).endDate())
                .isEqualTo(START.plus(Duration.ofDays(4)));
        scheduler.pass(Duration.ofDays(10));

        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-23T10:00:00Z", "t 2026-11-24T10:00:00Z",
                "t 2026-11-25T10:00:00Z");
        assertThatThrownBy(() -> scheduler.client.getSchedule(it -> it.name("t")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void a_one_time_schedule_ignores_start_and_end() {
        scheduler.create("t", "at(2026-11-21T10:00:05)",
                it -> it.startDate(START.plus(Duration.ofDays(2))).endDate(START.minusSeconds(1)));
        scheduler.pass(Duration.ofMinutes(1));
        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z");
    }

    @Test
    void a_cron_follows_its_zones_clock_over_the_change_to_summer_time() {
        scheduler.create("t", "cron(0 9 L 3-4 ? *)", it -> it.scheduleExpressionTimezone("Europe/Rome"));
        scheduler.create("skipped", "cron(30 2 27-30 3 ? 2027)", it -> it.scheduleExpressionTimezone("Europe/Rome"));
        scheduler.pass(Duration.ofDays(200));
        assertThat(scheduler.targets.times()).containsExactly("skipped 2027-03-27T01:30:00Z",
                "skipped 2027-03-29T00:30:00Z",
                "skipped 2027-03-30T00:30:00Z", "t 2027-03-31T07:00:00Z", "t 2027-04-30T07:00:00Z");
    }

    @Test
    void a_retryable_failure_is_tried_again_with_growing_delays() {
        scheduler.targets.failUntilAttempt(4, busy);
        scheduler.create("t", "at(2026-11-21T10:00:05)", it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE));

        scheduler.pass(Duration.ofSeconds(6));
        assertThat(scheduler.client.getSchedule(it -> it.name("t")).name()).isEqualTo("t");
        scheduler.pass(Duration.ofMinutes(1));

        assertThat(scheduler.targets.times()).containsExactly("t 2026-11-21T10:00:05Z", "t 2026-11-21T10:00:06Z",
                "t 2026-11-21T10:00:08Z",
                "t 2026-11-21T10:00:12Z");
        assertThat(scheduler.targets.calls()).extracting(call -> call.invocation().attempt()).containsExactly(1, 2, 3,
                4);
        assertThat(scheduler.targets.calls()).extracting(call -> call.invocation().executionId())
                .doesNotHaveDuplicates();
        assertThat(scheduler.targets.deadLetters()).isEmpty();
        assertThatThrownBy(() -> scheduler.client.getSchedule(it -> it.name("t")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void after_the_last_retry_it_goes_to_the_dead_letter_queue() {
        scheduler.targets.failAlways(busy);
        scheduler.create("t", "at(2026-11-21T10:00:05)",
                it -> it.actionAfterCompletion(ActionAfterCompletion.DELETE).target(target(
                        to -> to.deadLetterConfig(dlq -> dlq.arn(QUEUE))
                                .retryPolicy(RetryPolicy.builder().maximumRetryAttempts(2).build()))));

        scheduler.pass(Duration.ofDays(2));

        assertThat(scheduler.targets.calls()).hasSize(3);
        assertThat(scheduler.targets.deadLetters()).containsExactly(new DeadLetter(QUEUE, "{\"task\":\"1\"}",
                Map.of("ERROR_CODE",
                        "TooManyRequestsException", "ERROR_MESSAGE", "slow down", "EXECUTION_ID",
                        scheduler.targets.calls().getLast().invocation()
                                .executionId(),
                        "EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts", "IS_PAYLOAD_TRUNCATED", "false",
                        "RETRY_ATTEMPTS", "2", "SCHEDULED_TIME", "2026-11-21T10:00:05Z", "SCHEDULE_ARN",
                        "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/t", "TARGET_ARN", LAMBDA)));
        assertThatThrownBy(() -> scheduler.client.getSchedule(it -> it.name("t")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void no_retry_starts_after_the_events_maximum_age() {
        scheduler.targets.failAlways(busy);
        scheduler.create("t", "at(2026-11-21T10:00:00)",
                it -> it.target(target(to -> to.deadLetterConfig(dlq -> dlq.arn(QUEUE)).retryPolicy(
                        RetryPolicy.builder().maximumEventAgeInSeconds(60).build()))));

        scheduler.pass(Duration.ofDays(2));

        assertThat(scheduler.targets.calls().getLast().at()).isEqualTo("2026-11-21T10:00:31Z");
        assertThat(scheduler.targets.deadLetters()).hasSize(1).first()
                .extracting(it -> it.attributes().get("EXHAUSTED_RETRY_CONDITION"))
                .isEqualTo("MaximumEventAgeInSeconds");
    }

    @Test
    void a_failure_for_good_is_dead_lettered_at_once_and_names_no_exhausted_condition() {
        scheduler.targets.failAlways(missing);
        scheduler.create("t", "at(2026-11-21T10:00:05)",
                it -> it.target(target(to -> to.deadLetterConfig(dlq -> dlq.arn(QUEUE))
                        .retryPolicy(RetryPolicy.builder().maximumRetryAttempts(0).build()))));

        scheduler.pass(Duration.ofDays(2));

        assertThat(scheduler.targets.calls()).hasSize(1);
        assertThat(scheduler.targets.deadLetters()).hasSize(1).first()
                .satisfies(it -> assertThat(it.attributes()).containsEntry(
                        "RETRY_ATTEMPTS", "0").doesNotContainKey("EXHAUSTED_RETRY_CONDITION"));
    }

    @Test
    void deleting_a_schedule_ends_its_retries() {
        scheduler.targets.failAlways(busy);
        scheduler.create("t", "at(2026-11-21T10:00:05)");
        scheduler.pass(Duration.ofSeconds(5));
        scheduler.client.deleteSchedule(it -> it.name("t"));
        scheduler.create("t", "at(2030-01-01T00:00:00)");
        scheduler.pass(Duration.ofDays(2));
        assertThat(scheduler.targets.calls()).hasSize(1);
    }

    @Test
    void a_retry_uses_the_target_that_an_update_has_set() {
        scheduler.targets.failUntilAttempt(2, busy);
        scheduler.create("t", "rate(1 hour)");
        scheduler.pass(Duration.ZERO);
        scheduler.client.updateSchedule(
                update("t", "at(2030-01-01T00:00:00)", ScheduleState.ENABLED).toBuilder().target(target(to -> to
                        .input("[]"))).build());
        scheduler.pass(Duration.ofMinutes(1));
        assertThat(scheduler.targets.calls()).extracting(call -> call.invocation().input())
                .containsExactly("{\"task\":\"1\"}", "[]");
    }

    @Test
    void context_attributes_are_replaced_in_the_input() {
        scheduler.create("t", "at(2026-11-21T10:00:05)", it -> it.target(target(to -> to.input(
                "{\"a\":\"<aws.scheduler.schedule-arn>\",\"t\":\"<aws.scheduler.scheduled-time>\",\"n\":\"<aws.scheduler.attempt-number>\","
                        + "\"x\":\"<aws.scheduler.execution-id>\"}"))));
        scheduler.pass(Duration.ofMinutes(1));
        var invocation = scheduler.targets.calls().getFirst().invocation();
        assertThat(invocation.input())
                .isEqualTo("{\"a\":\"arn:aws:scheduler:eu-west-1:000000000000:schedule/default/t\","
                        + "\"t\":\"2026-11-21T10:00:05Z\",\"n\":\"1\",\"x\":\"" + invocation.executionId() + "\"}");
        assertThat(invocation.executionId()).matches("[0-9a-f]{16}");
    }

    @Test
    void a_schedule_without_input_sends_the_event_of_aws() {
        scheduler.create("t", "at(2026-11-21T10:00:05)",
                it -> it.target(to -> to.arn(LAMBDA).roleArn(LocalScheduler.ROLE)));
        scheduler.pass(Duration.ofMinutes(1));
        assertThat(scheduler.targets.calls().getFirst().invocation().input()).contains(
                "\"detail-type\":\"Scheduled Event\"",
                "\"source\":\"aws.scheduler\"", "\"time\":\"2026-11-21T10:00:05Z\"", "\"account\":\"000000000000\"",
                "\"resources\":[\"arn:aws:scheduler:eu-west-1:000000000000:schedule/default/t\"]", "\"detail\":\"{}\"");
    }

    @Test
    void spread_firings_start_within_the_minute_always_at_the_same_second() {
        var first = spread(7);
        assertThat(first).hasSize(40).allSatisfy(second -> assertThat(second).isBetween(0L, 59L)).isEqualTo(spread(7))
                .isNotEqualTo(spread(8));
        assertThat(first.stream().distinct()).hasSizeGreaterThan(10);
    }

    @Test
    void a_spread_flexible_schedule_starts_within_its_window() {
        try (var spread = new LocalScheduler(OPTIONS.spreadBy(1), Optional.empty(), START)) {
            spread.create("t", "rate(1 day)",
                    it -> it.flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.FLEXIBLE)
                            .maximumWindowInMinutes(600)));
            spread.pass(Duration.ofDays(1).plusHours(10));
            var calls = spread.targets.calls();
            assertThat(calls).hasSize(2);
            assertThat(Duration.between(START, calls.getFirst().at())).isBetween(Duration.ofMinutes(1),
                    Duration.ofMinutes(600));
            assertThat(calls.get(1).at()).isEqualTo(calls.getFirst().at().plus(Duration.ofDays(1)));
            assertThat(calls.get(1).invocation().scheduledTime()).isEqualTo(START.plus(Duration.ofDays(1)));
        }
    }

    private static List<Long> spread(long seed) {
        try (var spread = new LocalScheduler(OPTIONS.spreadBy(seed), Optional.empty(), START)) {
            for (var i = 0; i < 40; i++) {
                spread.create("t" + i, "at(2026-11-21T10:00:00)");
            }
            spread.pass(Duration.ofMinutes(1));
            var seconds = new ArrayList<Long>();
            for (var i = 0; i < 40; i++) {
                var arn = "schedule/default/t" + i;
                seconds.add(Duration.between(START,
                        spread.targets.calls().stream().filter(call -> call.invocation().scheduleArn().endsWith(
                                arn)).findFirst().orElseThrow().at())
                        .toSeconds());
            }
            return seconds;
        }
    }

    private static UpdateScheduleRequest update(String name, String expression, ScheduleState state) {
        var request = schedule(name, expression, _ -> {});
        return UpdateScheduleRequest.builder().name(name).scheduleExpression(expression).state(state)
                .flexibleTimeWindow(request
                        .flexibleTimeWindow())
                .target(request.target()).build();
    }
}
