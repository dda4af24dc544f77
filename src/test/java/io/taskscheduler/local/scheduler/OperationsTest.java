package io.taskscheduler.local.scheduler;

import static io.taskscheduler.local.scheduler.LocalScheduler.LAMBDA;
import static io.taskscheduler.local.scheduler.LocalScheduler.OPTIONS;
import static io.taskscheduler.local.scheduler.LocalScheduler.QUEUE;
import static io.taskscheduler.local.scheduler.LocalScheduler.START;
import static io.taskscheduler.local.scheduler.LocalScheduler.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.ListSchedulesRequest;
import software.amazon.awssdk.services.scheduler.model.ResourceNotFoundException;
import software.amazon.awssdk.services.scheduler.model.RetryPolicy;
import software.amazon.awssdk.services.scheduler.model.ScheduleGroupState;
import software.amazon.awssdk.services.scheduler.model.ScheduleGroupSummary;
import software.amazon.awssdk.services.scheduler.model.ScheduleState;
import software.amazon.awssdk.services.scheduler.model.ScheduleSummary;
import software.amazon.awssdk.services.scheduler.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.scheduler.model.Tag;
import software.amazon.awssdk.services.scheduler.model.UpdateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.ValidationException;

@Timeout(60)
class OperationsTest {

    private static final String ARN = "arn:aws:scheduler:eu-west-1:000000000000:";
    private static final String LATER = "at(2026-12-24T10:00:00)";

    private final LocalScheduler scheduler = LocalScheduler.inMemory();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void a_schedule_is_read_as_it_was_created() {
        group("tasks");
        var target = target(to -> to.deadLetterConfig(dlq -> dlq.arn(QUEUE))
                .retryPolicy(RetryPolicy.builder().maximumRetryAttempts(3)
                        .maximumEventAgeInSeconds(3600).build())
                .sqsParameters(sqs -> sqs.messageGroupId("g")));
        var request = LocalScheduler.schedule("t-1", LATER,
                it -> it.groupName("tasks").description("d").scheduleExpressionTimezone(
                        "Europe/Rome").actionAfterCompletion(ActionAfterCompletion.DELETE)
                        .startDate(START.plusSeconds(60)).endDate(START.plusMillis(
                                90_500))
                        .state(ScheduleState.DISABLED).target(target).flexibleTimeWindow(window -> window.mode(
                                FlexibleTimeWindowMode.FLEXIBLE).maximumWindowInMinutes(4)));

        assertThat(scheduler.client.createSchedule(request).scheduleArn()).isEqualTo(ARN + "schedule/tasks/t-1");

        var got = scheduler.client.getSchedule(it -> it.name("t-1").groupName("tasks"));
        assertThat(got.arn()).isEqualTo(ARN + "schedule/tasks/t-1");
        assertThat(got.name()).isEqualTo("t-1");
        assertThat(got.groupName()).isEqualTo("tasks");
        assertThat(got.description()).isEqualTo("d");
        assertThat(got.scheduleExpression()).isEqualTo(LATER);
        assertThat(got.scheduleExpressionTimezone()).isEqualTo("Europe/Rome");
        assertThat(got.actionAfterCompletion()).isEqualTo(ActionAfterCompletion.DELETE);
        assertThat(got.state()).isEqualTo(ScheduleState.DISABLED);
        assertThat(got.startDate()).isEqualTo(START.plusSeconds(60));
        assertThat(got.endDate()).isEqualTo(START.plusMillis(90_500));
        assertThat(got.flexibleTimeWindow()).isEqualTo(request.flexibleTimeWindow());
        assertThat(got.target()).isEqualTo(target);
        assertThat(got.creationDate()).isEqualTo(START);
        assertThat(got.lastModificationDate()).isEqualTo(START);
        assertThat(got.responseMetadata().requestId()).isNotBlank();
    }

    @Test
    void what_a_schedule_leaves_out_has_the_defaults_of_aws() {
        scheduler.create("t", LATER);
        var got = scheduler.client.getSchedule(it -> it.name("t"));
        assertThat(got.groupName()).isEqualTo("default");
        assertThat(got.state()).isEqualTo(ScheduleState.ENABLED);
        assertThat(got.scheduleExpressionTimezone()).isEqualTo("UTC");
        assertThat(got.actionAfterCompletion()).isEqualTo(ActionAfterCompletion.NONE);
        assertThat(got.target().retryPolicy())
                .isEqualTo(RetryPolicy.builder().maximumRetryAttempts(185).maximumEventAgeInSeconds(86_400)
                        .build());
        assertThat(got.description()).isNull();
        assertThat(got.startDate()).isNull();
    }

    @Test
    void an_update_replaces_the_whole_and_keeps_the_date_of_creation() {
        scheduler.create("t", LATER, it -> it.description("old").state(ScheduleState.DISABLED));
        scheduler.pass(Duration.ofHours(1));

        scheduler.client.updateSchedule(update("t", "rate(1 hour)"));

        var got = scheduler.client.getSchedule(it -> it.name("t"));
        assertThat(got.description()).isNull();
        assertThat(got.state()).isEqualTo(ScheduleState.ENABLED);
        assertThat(got.scheduleExpression()).isEqualTo("rate(1 hour)");
        assertThat(got.creationDate()).isEqualTo(START);
        assertThat(got.lastModificationDate()).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void a_name_is_taken_in_its_group_only() {
        group("tasks");
        scheduler.create("t", LATER);
        scheduler.create("t", LATER, it -> it.groupName("tasks"));
        assertThatThrownBy(() -> scheduler.create("t", LATER)).isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "Schedule t already exists.");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        var client = scheduler.client;
        scheduler.create("t", LATER);
        assertNotFound("Schedule u does not exist.", () -> client.getSchedule(it -> it.name("u")));
        assertNotFound("Schedule u does not exist.", () -> client.deleteSchedule(it -> it.name("u")));
        assertNotFound("Schedule u does not exist.", () -> client.updateSchedule(update("u", LATER)));
        assertNotFound("Schedule t does not exist.", () -> client.getSchedule(it -> it.name("t").groupName("other")));
        assertNotFound("Schedule group g does not exist.", () -> scheduler.create("u", LATER, it -> it.groupName("g")));
        assertNotFound("Schedule group g does not exist.", () -> client.listSchedules(it -> it.groupName("g")));
        assertNotFound("Schedule group g does not exist.", () -> client.getScheduleGroup(it -> it.name("g")));
        assertNotFound("Schedule group g does not exist.", () -> client.deleteScheduleGroup(it -> it.name("g")));
        assertNotFound("Schedule group g does not exist.", () -> client.listTagsForResource(it -> it.resourceArn(ARN
                + "schedule-group/g")));
        assertNotFound("does not exist", () -> client.listTagsForResource(it -> it.resourceArn(
                "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default")));
    }

    @Test
    void the_same_request_with_the_same_token_again_changes_nothing() {
        scheduler.create("t", LATER, it -> it.clientToken("one"));
        scheduler.create("t", LATER, it -> it.clientToken("one"));
        scheduler.client.deleteSchedule(it -> it.name("t").clientToken("one"));
        scheduler.client.deleteSchedule(it -> it.name("t").clientToken("one"));
        scheduler.create("t", LATER, it -> it.clientToken("one"));
        assertThat(names(ListSchedulesRequest.builder().build())).isEmpty();
    }

    @Test
    void the_same_token_with_another_request_is_a_conflict() {
        scheduler.create("t", LATER, it -> it.clientToken("one"));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> scheduler.create("u", LATER, it -> it.clientToken("one")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> scheduler.create("t", LATER, it -> it.clientToken("one")
                        .description("d")));
    }

    @Test
    void a_refused_request_does_not_use_up_its_token() {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> scheduler.create("t", "at(now)", it -> it.clientToken("one")));
        scheduler.create("t", LATER, it -> it.clientToken("one"));
    }

    @Test
    void a_token_is_forgotten_after_an_hour() {
        scheduler.create("t", LATER, it -> it.clientToken("one"));
        scheduler.pass(Duration.ofHours(1).plusMillis(1));
        scheduler.create("u", LATER);
        scheduler.create("v", LATER, it -> it.clientToken("one"));
    }

    @Test
    void schedules_are_listed_by_group_prefix_and_state_in_pages() {
        group("tasks");
        for (var i = 0; i < 25; i++) {
            var name = (i % 2 == 0 ? "even-" : "odd-") + String.format("%02d", i);
            var state = i % 5 == 0 ? ScheduleState.DISABLED : ScheduleState.ENABLED;
            scheduler.create(name, LATER, it -> it.groupName("tasks").state(state));
        }
        scheduler.create("even-in-default", LATER);

        assertThat(names(ListSchedulesRequest.builder().maxResults(7).build())).hasSize(26).doesNotHaveDuplicates();
        assertThat(names(ListSchedulesRequest.builder().groupName("tasks").maxResults(1).build())).hasSize(25)
                .isSorted();
        assertThat(names(ListSchedulesRequest.builder().namePrefix("even-").maxResults(3).build())).hasSize(14)
                .contains("even-in-default");
        assertThat(names(ListSchedulesRequest.builder().groupName("tasks").namePrefix("odd-").build())).hasSize(12);
        assertThat(names(
                ListSchedulesRequest.builder().groupName("tasks").state(ScheduleState.DISABLED).maxResults(2).build()))
                .containsExactly("even-00", "even-10", "even-20", "odd-05", "odd-15");
        assertThat(scheduler.client.listSchedules(it -> it.groupName("tasks").maxResults(25)).nextToken()).isNull();
    }

    @Test
    void a_listing_shows_what_a_schedule_is_but_not_what_it_sends() {
        scheduler.create("t", LATER);
        assertThat(scheduler.client.listSchedules(_ -> {}).schedules())
                .containsExactly(ScheduleSummary.builder().name("t")
                        .groupName("default").arn(
                                ARN + "schedule/default/t")
                        .state(ScheduleState.ENABLED).creationDate(START).lastModificationDate(START)
                        .target(it -> it.arn(
                                LAMBDA))
                        .build());
    }

    @Test
    void a_page_goes_on_after_its_last_schedule_even_when_that_has_been_deleted() {
        for (var name : List.of("a", "b", "b-1", "c")) {
            scheduler.create(name, LATER);
        }
        var first = scheduler.client.listSchedules(it -> it.maxResults(2));
        scheduler.client.deleteSchedule(it -> it.name("b"));
        var second = scheduler.client.listSchedules(it -> it.maxResults(2).nextToken(first.nextToken()));
        assertThat(second.schedules()).extracting(ScheduleSummary::name).containsExactly("b-1", "c");
    }

    @Test
    void a_token_for_another_question_or_none_at_all_is_refused() {
        scheduler.create("a", LATER);
        scheduler.create("b", LATER);
        var token = scheduler.client.listSchedules(it -> it.maxResults(1)).nextToken();
        for (var wrong : List.of("nonsense!", "bm9uZQ", token + "x")) {
            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> scheduler.client.listSchedules(it -> it.nextToken(wrong)));
        }
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> scheduler.client.listSchedules(it -> it.nextToken(token)
                        .namePrefix("b")));
    }

    @Test
    void groups_are_created_read_listed_and_deleted() {
        assertThat(scheduler.client.createScheduleGroup(it -> it.name("tasks")).scheduleGroupArn())
                .isEqualTo(ARN + "schedule-group/tasks");
        group("timers");

        var got = scheduler.client.getScheduleGroup(it -> it.name("tasks"));
        assertThat(got.arn()).isEqualTo(ARN + "schedule-group/tasks");
        assertThat(got.state()).isEqualTo(ScheduleGroupState.ACTIVE);
        assertThat(got.creationDate()).isEqualTo(START);
        assertThat(groups("")).containsExactly("default", "tasks", "timers");
        assertThat(groups("t")).containsExactly("tasks", "timers");
        assertThatThrownBy(() -> group("tasks")).isInstanceOf(ConflictException.class).hasMessageContaining(
                "Schedule group tasks already exists.");
        scheduler.client.deleteScheduleGroup(it -> it.name("timers"));
        assertThat(groups("")).containsExactly("default", "tasks");
    }

    @Test
    void a_deleted_group_takes_its_schedules_along_and_no_others() {
        group("tasks");
        group("tasks-2");
        scheduler.create("t", "at(2026-11-21T11:00:00)", it -> it.groupName("tasks"));
        scheduler.create("u", "at(2026-11-21T11:00:00)", it -> it.groupName("tasks-2"));

        scheduler.client.deleteScheduleGroup(it -> it.name("tasks"));
        scheduler.pass(Duration.ofDays(1));

        assertThat(scheduler.targets.times()).containsExactly("u 2026-11-21T11:00:00Z");
        group("tasks");
        assertThat(names(ListSchedulesRequest.builder().groupName("tasks").build())).isEmpty();
    }

    @Test
    void the_default_group_cannot_be_deleted() {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> scheduler.client.deleteScheduleGroup(it -> it.name("default")));
    }

    @Test
    void a_group_is_tagged_and_untagged() {
        var arn = ARN + "schedule-group/tasks";
        scheduler.client.createScheduleGroup(it -> it.name("tasks").tags(tag("team", "a"), tag("stage", "dev")));
        scheduler.client.tagResource(it -> it.resourceArn(arn).tags(tag("team", "b"), tag("cost", "1")));
        assertThat(tags(arn)).containsExactlyInAnyOrder(tag("team", "b"), tag("stage", "dev"), tag("cost", "1"));
        scheduler.client.untagResource(it -> it.resourceArn(arn).tagKeys("team", "cost", "unknown"));
        assertThat(tags(arn)).containsExactly(tag("stage", "dev"));
    }

    @Test
    void quotas_are_kept() {
        try (var small = new LocalScheduler(OPTIONS.withQuotas(1, 2), Optional.empty(), START)) {
            small.create("t", LATER);
            assertThatExceptionOfType(ServiceQuotaExceededException.class).isThrownBy(() -> small.create("u", LATER))
                    .matches(e -> e
                            .statusCode() == 402);
            small.client.createScheduleGroup(it -> it.name("g"));
            assertThatExceptionOfType(ServiceQuotaExceededException.class)
                    .isThrownBy(() -> small.client.createScheduleGroup(it -> it.name(
                            "h")));
        }
    }

    private List<String> names(ListSchedulesRequest request) {
        return scheduler.client.listSchedulesPaginator(request).schedules().stream().map(ScheduleSummary::name)
                .toList();
    }

    private List<String> groups(String prefix) {
        var names = new ArrayList<String>();
        scheduler.client
                .listScheduleGroupsPaginator(it -> it.namePrefix(prefix.isEmpty() ? null : prefix).maxResults(1))
                .scheduleGroups()
                .stream().map(ScheduleGroupSummary::name).forEach(names::add);
        return names;
    }

    private List<Tag> tags(String arn) {
        return scheduler.client.listTagsForResource(it -> it.resourceArn(arn)).tags();
    }

    private void group(String name) {
        scheduler.client.createScheduleGroup(it -> it.name(name));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static UpdateScheduleRequest update(String name, String expression) {
        var request = LocalScheduler.schedule(name, expression, _ -> {});
        return UpdateScheduleRequest.builder().name(name).scheduleExpression(expression)
                .flexibleTimeWindow(request.flexibleTimeWindow())
                .target(request.target()).build();
    }

    private static void assertNotFound(String message, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ResourceNotFoundException.class).hasMessageContaining(message);
    }
}
