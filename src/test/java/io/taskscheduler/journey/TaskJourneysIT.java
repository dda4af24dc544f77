package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.local.RunningSystem;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;

/** Whole lives of tasks, over HTTP, through the deployed handlers and the local AWS. */
class TaskJourneysIT {

    private static final String EXECUTE_TASK = "arn:aws:lambda:us-east-1:123456789012:function:local-ExecuteTask";

    private static @Nullable RunningSystem system;

    private final Caller caller = new Caller(requireNonNull(system).api());
    private final String inbox = "inbox-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    @Test
    void a_task_three_days_ahead_calls_its_webhook_at_its_time_and_is_completed() {
        Instant runAt = caller.now().plus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);
        String id = caller.schedule(inbox, "\"run_at\": \"" + runAt + "\", \"labels\": {\"order\": \"4711\"}");
        assertThat(caller.task(id).text("status")).isEqualTo("scheduled");

        caller.pass("P2DT23H59M");
        assertThat(caller.deliveries(inbox)).isEmpty();
        caller.pass("PT1M1S");

        JsonNode delivery = onlyDelivery();
        Instant arrived = Instant.parse(delivery.get("received_at").stringValue());
        assertThat(arrived).isBetween(runAt, runAt.plusSeconds(5));
        assertThat(header(delivery, "webhook-id")).isEqualTo(id);
        assertThat(header(delivery, "task-attempt")).isEqualTo("1");
        assertThat(header(delivery, "task-scheduled-at")).isEqualTo(runAt.toString());
        Answer task = caller.task(id);
        assertThat(task.text("status")).isEqualTo("completed");
        assertThat(task.json().get("late_by_ms").longValue()).isBetween(0L, 5_000L);
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", "attempt_succeeded",
                "task_completed");
    }

    @Test
    void tasks_are_listed_page_by_page_while_they_wait_and_when_they_are_done() {
        Instant due = caller.now().plus(Duration.ofDays(40)).truncatedTo(ChronoUnit.SECONDS);
        String label = "\"labels\": {\"run\": \"" + inbox + "\"}";
        List<String> ids = IntStream.range(0, 25).mapToObj(i -> caller.schedule(inbox,
                "\"run_at\": \"" + due.plusSeconds(i / 5) + "\", \"precision\": \"minute\", " + label)).toList();
        String mine = "/tasks?label.run=" + inbox + "&limit=10&from=" + due + "&host=" + caller.api().getHost();

        List<String> open = caller.list(mine);
        assertThat(open).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(open.subList(0, 5)).containsExactlyInAnyOrderElementsOf(ids.subList(0, 5));
        assertThat(open.subList(20, 25)).containsExactlyInAnyOrderElementsOf(ids.subList(20, 25));
        assertThat(caller.list(mine + "&to=" + due.plusSeconds(1)))
                .containsExactlyInAnyOrderElementsOf(ids.subList(0, 5));
        String token = caller.get(mine).text("next_token");
        assertThat(caller.get(mine + "&next_token=" + token).status()).isEqualTo(200);
        assertThat(caller.get(mine + "&status=failed&next_token=" + token).status()).isEqualTo(400);
        caller.pass("P41D");

        assertThat(caller.list(mine)).isEmpty();
        assertThat(caller.list(mine + "&status=completed")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(caller.list(mine + "&status=failed")).isEmpty();
        assertThat(caller.get("/tasks?from=" + due + "+00:00&sort=asc").json().get("violations")).hasSize(2);
    }

    @Test
    void the_body_arrives_as_it_was_written() {
        String data = "{\"b\": 1.0, \"a\":[ ], \"e\":1E+2, \"u\":\"\\u00e9 é\"}";
        caller.post("/schedule-task", """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s", "data": %s, "method": "PATCH",
                 "headers": {"x-team": "billing"}}, "delay": "PT0S"}""".formatted(caller.api(), inbox, data));

        caller.pass("PT5S");

        JsonNode delivery = onlyDelivery();
        assertThat(delivery.get("body").stringValue()).isEqualTo(data);
        assertThat(delivery.get("method").stringValue()).isEqualTo("PATCH");
        assertThat(header(delivery, "x-team")).isEqualTo("billing");
        assertThat(header(delivery, "content-type")).isEqualTo("application/json");
    }

    @Test
    void a_receiver_that_asks_for_seven_seconds_gets_them_and_then_the_task_is_completed() {
        caller.tellInbox(inbox,
                "[{\"status\": 503, \"headers\": {\"Retry-After\": \"7\"}}, {\"status\": 200, \"body\": \"thanks\"}]");
        String id = caller.schedule(inbox, "\"delay\": \"PT10S\"");

        caller.pass("PT12S");
        assertThat(caller.task(id).text("status")).isEqualTo("scheduled");
        assertThat(caller.task(id).json().get("attempts").intValue()).isEqualTo(1);
        caller.pass("PT20S");

        List<JsonNode> deliveries = caller.deliveries(inbox);
        assertThat(deliveries).extracting(delivery -> header(delivery, "task-attempt")).containsExactly("1", "2");
        assertThat(deliveries).extracting(delivery -> header(delivery, "webhook-id")).containsOnly(id);
        Duration between = Duration.between(Instant.parse(deliveries.get(0).get("received_at").stringValue()),
                Instant.parse(deliveries.get(1).get("received_at").stringValue()));
        assertThat(between).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", "attempt_failed",
                "retry_scheduled",
                "attempt_started", "attempt_succeeded", "task_completed");
        assertThat(caller.task(id).json().get("last_result").get("body").stringValue()).isEqualTo("thanks");
    }

    @Test
    void a_receiver_that_closes_the_connection_is_tried_again_until_the_attempts_are_used_up() {
        caller.tellInbox(inbox, "[{\"close\": true}]");
        String id = caller.schedule(inbox,
                "\"delay\": \"PT1S\", \"retry\": {\"max_attempts\": 3, \"initial_delay_seconds\": 60, \"backoff_rate\": 2}");

        caller.pass("PT10M");

        assertThat(caller.deliveries(inbox)).hasSize(3);
        JsonNode task = caller.task(id).json();
        assertThat(task.get("status").stringValue()).isEqualTo("failed");
        assertThat(task.get("attempts").intValue()).isEqualTo(3);
        assertThat(task.get("last_result").get("error").stringValue()).isEqualTo("connection_closed");
        assertThat(task.get("history").get(task.get("history").size() - 1).get("reason").stringValue())
                .isEqualTo("attempts_exhausted");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 404, 410})
    void an_answer_that_a_repetition_does_not_change_fails_the_task_at_once(int status) {
        caller.tellInbox(inbox, "[{\"status\": " + status + "}]");
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\"");

        caller.pass("PT1H");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(caller.task(id).text("status")).isEqualTo("failed");
    }

    @Test
    void a_slow_receiver_is_cut_off_at_the_attempts_time() {
        caller.tellInbox(inbox, "[{\"status\": 200, \"delay_ms\": 5000}]");
        Answer scheduled = caller.post("/schedule-task", """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s", "timeout_seconds": 1}, "delay": "PT1S",
                 "retry": {"max_attempts": 1}}""".formatted(caller.api(), inbox));

        caller.pass("PT3S");

        assertThat(caller.task(scheduled.text("task_id")).json().get("last_result").get("error").stringValue())
                .isEqualTo("timeout");
    }

    @Test
    void a_wake_up_that_is_delivered_twice_runs_the_task_once() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\"");
        Instant due = Instant.parse(caller.task(id).text("run_at")).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        wakeAlso(id, due);
        wakeAlso(id, due.plusSeconds(60));

        caller.pass("PT2H");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(caller.task(id).json().get("attempts").intValue()).isEqualTo(1);
    }

    @Test
    void a_wake_up_that_comes_early_runs_nothing_and_the_task_runs_at_its_time() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\"");
        Instant runAt = Instant.parse(caller.task(id).text("run_at"));
        wakeAlso(id, runAt.minusSeconds(1_800));

        caller.pass("PT45M");
        assertThat(caller.deliveries(inbox)).isEmpty();
        caller.pass("PT1H");

        assertThat(Instant.parse(onlyDelivery().get("received_at").stringValue())).isAfterOrEqualTo(runAt);
    }

    @Test
    void an_event_that_names_no_task_ends_in_the_dead_letter_queue_after_its_retries() {
        schedule("nonsense-" + inbox, "{\"source\": \"custom.scheduler\", \"detail\": {\"inbox\": \"" + inbox + "\"}}",
                EXECUTE_TASK,
                caller.now().plusSeconds(60));

        caller.pass("PT10M");
        // Taken up again ten times, 33 minutes apart.
        caller.pass("PT6H");

        assertThat(messages("DeadLetterQueue")).anySatisfy(
                message -> assertThat(message.body()).contains(inbox, "RetriesExhausted", "names no task"));
        assertThat(messages("ExecuteTaskFailureQueue")).isEmpty();
    }

    @Test
    void a_timer_that_could_not_be_delivered_is_turned_back_into_its_task() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\"");
        loseTimersOf(id);
        schedule("gone-" + inbox, "{\"source\": \"custom.scheduler\", \"detail\": {\"taskId\": \"" + id + "\"}}",
                EXECUTE_TASK + "-gone", Instant.parse(caller.task(id).text("run_at")).plusSeconds(2));

        caller.pass("PT1H10S");

        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(caller.task(id).json().get("history").get(1).get("by").stringValue()).isEqualTo("dead_letter");
    }

    @Test
    void a_task_whose_timer_was_lost_is_woken_by_the_reconciler() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\"");
        loseTimersOf(id);

        caller.pass("PT1H1M");
        assertThat(caller.deliveries(inbox)).isEmpty();
        caller.pass("PT2M");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(caller.task(id).json().get("history").get(1).get("by").stringValue()).isEqualTo("reconciler");
        assertThat(caller.get("/invariant").json().get("violations").intValue()).isZero();
    }

    @Test
    void a_task_that_has_not_been_started_when_it_expires_is_not_called_any_more() {
        Instant now = caller.now();
        String id = caller.schedule(inbox, "\"run_at\": \"" + now.plusSeconds(1_200) + "\", \"expires_at\": \""
                + now.plusSeconds(1_230) + "\"");
        assertThat(caller.task(id).text("expires_at"))
                .isEqualTo(now.plusSeconds(1_230).truncatedTo(ChronoUnit.MILLIS).toString());
        loseTimersOf(id);

        caller.pass("PT1H");

        assertThat(caller.deliveries(inbox)).isEmpty();
        assertThat(caller.task(id).text("status")).isEqualTo("expired");
        assertThat(caller.history(id)).containsExactly("task_scheduled", "task_expired");
    }

    @Test
    void a_request_that_is_repeated_with_its_key_makes_one_task_which_runs_once() {
        String body = """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s", "data": [1.0]}, "delay": "PT1M"}"""
                .formatted(caller.api(), inbox);
        Answer first = keyed(body);
        Answer again = keyed(body.replace("1.0", " 1 "));
        Answer other = keyed(body.replace("PT1M", "PT2M"));
        caller.pass("PT5M");
        Answer late = keyed(body);

        assertThat(first.status()).as(first.response().body()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("location")).isEqualTo(first.header("location"))
                .isEqualTo("/tasks/" + first.text("task_id"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.text("status")).isEqualTo("completed");
        assertThat(header(onlyDelivery(), "webhook-id")).isEqualTo(first.text("task_id"));
        assertThat(late.json().get("attempts").intValue()).isEqualTo(1);
    }

    @Test
    void requests_with_one_key_at_the_same_instant_make_one_task() throws Exception {
        String body = """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s"}, "delay": "PT1M"}"""
                .formatted(caller.api(), inbox);
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<Answer>> calls = Collections.nCopies(8, () -> {
            start.await();
            return keyed(body);
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Answer> answers = threads.invokeAll(calls).stream().map(Future::resultNow).toList();

            assertThat(answers.stream().map(Answer::status).sorted()).containsExactly(200, 200, 200, 200, 200, 200,
                    200, 201);
            assertThat(answers.stream().map(answer -> answer.text("task_id")).distinct()).hasSize(1);
        }
        caller.pass("PT5M");
        onlyDelivery();
    }

    @Test
    void a_key_is_free_when_its_task_is_gone_after_its_retention() {
        String body = """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s"}, "delay": "PT1S"}"""
                .formatted(caller.api(), inbox);
        assertThat(keyed(body).status()).isEqualTo(201);
        caller.pass("PT5S");
        assertThat(keyed(body).status()).isEqualTo(200);

        caller.pass("P31D");

        assertThat(keyed(body).status()).isEqualTo(201);
        caller.pass("PT5S");
        assertThat(caller.deliveries(inbox)).hasSize(2);
    }

    @Test
    void a_fired_timer_leaves_no_schedule_behind() {
        String id = caller.schedule(inbox, "\"delay\": \"PT20M\"");
        assertThat(schedulesOf(id)).hasSize(1);

        caller.pass("PT16M");

        assertThat(schedulesOf(id)).isEmpty();
    }

    @Test
    void a_finished_task_is_gone_after_its_retention() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\"");
        caller.pass("PT5S");
        assertThat(caller.task(id).status()).isEqualTo(200);

        caller.pass("P31D");

        assertThat(caller.task(id).status()).isEqualTo(404);
    }

    @Test
    void the_lateness_of_the_tasks_that_ran_in_the_last_hour_is_told() {
        caller.pass("P1D");
        assertThat(caller.get("/lateness").text("window")).isEqualTo("PT1H");
        assertThat(caller.get("/lateness").json().get("count").intValue()).isZero();
        assertThat(caller.get("/lateness").json().get("max_ms").isNull()).isTrue();
        caller.tellInbox(inbox, "[{\"status\": 200}, {\"status\": 404}]");
        List<String> tasks = List.of(caller.schedule(inbox, "\"delay\": \"PT1M\""),
                caller.schedule(inbox, "\"delay\": \"PT2M\""));
        caller.schedule(inbox, "\"delay\": \"PT3M\", \"precision\": \"minute\"");

        caller.pass("PT10M");

        JsonNode lateness = caller.get("/lateness").json();
        List<Long> told = tasks.stream().map(id -> caller.task(id).json().get("late_by_ms").longValue()).sorted()
                .toList();
        assertThat(caller.deliveries(inbox)).hasSize(3);
        assertThat(lateness.get("count").intValue()).isEqualTo(2);
        assertThat(lateness.get("p50_ms").longValue()).isEqualTo(told.getFirst());
        assertThat(lateness.get("p99_ms").longValue()).isEqualTo(told.getLast());
        assertThat(lateness.get("max_ms").longValue()).isEqualTo(told.getLast());
        caller.pass("PT1H");
        assertThat(caller.get("/lateness").json().get("count").intValue()).isZero();
    }

    @Test
    void the_api_describes_itself() {
        Answer document = caller.get("/openapi.yaml");

        assertThat(document.header("content-type")).isEqualTo("application/yaml");
        assertThat(document.response().body()).startsWith("openapi: 3.1.0").contains("/schedule-task:");
    }

    @Test
    void what_cannot_be_read_is_refused_over_the_wire_too() {
        assertThat(raw("", "application/json").status()).isEqualTo(400);
        assertThat(raw("{}", "text/plain").status()).isEqualTo(415);
        assertThat(raw("x".repeat(300 * 1_024), "application/json").status()).isEqualTo(413);
        Answer notUtf8 = caller.send(HttpRequest.newBuilder(caller.api().resolve("/schedule-task"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[]{'{', (byte) 0xff, '}'})));
        assertThat(notUtf8.json().get("detail").stringValue()).contains("UTF-8");
    }

    @Test
    void what_no_route_takes_is_a_problem_of_the_api() {
        Answer wrongMethod = caller.send(HttpRequest.newBuilder(caller.api().resolve("/schedule-task")).DELETE());
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.header("allow")).isEqualTo("OPTIONS, POST");
        Answer wrongPath = caller.get("/nowhere");
        assertThat(wrongPath.status()).isEqualTo(404);
        assertThat(wrongPath.header("content-type")).isEqualTo("application/problem+json");
        assertThat(caller.task("01JD5ZK6E0R9W1V8M3Q7T2X4YB").status()).isEqualTo(404);
    }

    private Answer raw(String body, String type) {
        return caller.send(HttpRequest.newBuilder(caller.api().resolve("/schedule-task")).header("content-type", type)
                .POST(BodyPublishers.ofString(body)));
    }

    private Answer keyed(String body) {
        return caller.send(HttpRequest.newBuilder(caller.api().resolve("/schedule-task"))
                .header("content-type", "application/json").header("Idempotency-Key", "key-of-" + inbox)
                .POST(BodyPublishers.ofString(body)));
    }

    private JsonNode onlyDelivery() {
        List<JsonNode> deliveries = caller.deliveries(inbox);
        assertThat(deliveries).hasSize(1);
        return deliveries.getFirst();
    }

    private static String header(JsonNode delivery, String name) {
        return delivery.get("headers").get(name).stringValue();
    }

    private static void wakeAlso(String id, Instant at) {
        schedule("also-" + id + "-" + at.getEpochSecond(),
                "{\"source\": \"custom.scheduler\", \"detail\": {\"taskId\": \"" + id + "\"}}",
                EXECUTE_TASK, at);
    }

    private static void schedule(String name, String input, String target, Instant at) {
        try (SchedulerClient client = scheduler()) {
            client.createSchedule(create -> create.groupName("ScheduleGroup").name(name)
                    .scheduleExpression("at(" + at.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ")"))
                    .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                    .target(to -> to.arn(target).roleArn("arn:aws:iam::123456789012:role/TimerRole").input(input)
                            .deadLetterConfig(
                                    queue -> queue.arn("arn:aws:sqs:us-east-1:123456789012:TimerDeadLetterQueue"))));
        }
    }

    private static void loseTimersOf(String id) {
        try (SchedulerClient client = scheduler()) {
            schedulesOf(id).forEach(
                    name -> client.deleteSchedule(delete -> delete.groupName("ScheduleGroup").name(name)));
        }
    }

    private static List<String> schedulesOf(String id) {
        try (SchedulerClient client = scheduler()) {
            return client.listSchedules(list -> list.groupName("ScheduleGroup").namePrefix(id)).schedules().stream()
                    .map(schedule -> schedule.name()).toList();
        }
    }

    private static List<Message> messages(String queue) {
        try (SqsClient client = SqsClient.builder().region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create()).build()) {
            String url = client.getQueueUrl(get -> get.queueName(queue)).queueUrl();
            return client.receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10).visibilityTimeout(0))
                    .messages();
        }
    }

    private static SchedulerClient scheduler() {
        return SchedulerClient.builder().region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create()).build();
    }
}
