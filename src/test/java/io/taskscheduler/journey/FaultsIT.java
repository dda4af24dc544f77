package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.local.RunningSystem;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;

/** The faults of the control API, met by the deployed handlers. */
class FaultsIT {

    private static @Nullable RunningSystem system;

    private final Caller caller = new Caller(requireNonNull(system).api());
    private final String inbox = "faults-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    /** No task may be left that would meet the next test's fault. */
    @AfterEach
    void finish() {
        clear();
        caller.pass("PT5M");
    }

    private void clear() {
        assertThat(caller.send(faults().DELETE()).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"sqs, SendMessage, PT1S, PT1M", "scheduler, CreateSchedule, PT20M, PT21M"})
    void a_timer_that_fails_twice_is_tried_again_and_set(String service, String operation, String delay, String time) {
        tell("{\"service\": \"%s\", \"operation\": \"%s\", \"status\": 500, \"times\": 2, \"when\": \"before\"}"
                .formatted(service, operation));

        String id = scheduled(delay);
        caller.pass(time);

        assertThat(left()).isZero();
        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"sqs, SendMessage, PT1S", "scheduler, CreateSchedule, PT20M"})
    void a_timer_that_cannot_be_set_leaves_no_task(String service, String operation, String delay) {
        long before = rows();
        tell("{\"service\": \"%s\", \"operation\": \"%s\", \"status\": 500, \"times\": 10}".formatted(service,
                operation));

        Answer refused = schedule(delay);
        clear();
        caller.pass("PT21M");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(rows()).isEqualTo(before);
        assertThat(caller.deliveries(inbox)).isEmpty();
    }

    @Test
    void a_put_whose_answer_is_lost_stores_exactly_one_task() {
        long before = rows();
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"when\": \"after\"}");

        String id = scheduled();
        caller.pass("PT1M");

        assertThat(rows()).isEqualTo(before + 1);
        assertThat(left()).isZero();
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(caller.deliveries(inbox)).hasSize(1);
    }

    @Test
    void a_put_that_hangs_past_the_time_out_is_done_again_and_its_late_write_changes_nothing() {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"hang_ms\": 3500}");
        long begun = System.nanoTime();

        String id = scheduled();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(3));
        caller.pass("PT1M");
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(caller.deliveries(inbox)).hasSize(1);
    }

    @Test
    void a_throttled_table_is_asked_again() {
        tell("""
                {"service": "dynamodb", "operation": "PutItem", "error": "ProvisionedThroughputExceededException",
                 "times": 2}""");

        scheduled();

        assertThat(left()).isZero();
    }

    @Test
    void a_webhook_that_is_refused_is_an_attempt_that_failed() {
        tell("{\"service\": \"webhook\", \"error\": \"dns_error\"}");
        String id = scheduled();

        caller.pass("PT5S");

        assertThat(caller.deliveries(inbox)).isEmpty();
        assertThat(lastResult(id).get("error").stringValue()).isEqualTo("dns_error");
        caller.pass("PT1M");
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(attempts(id)).isEqualTo(2);
    }

    @Test
    void a_webhook_can_be_answered_in_the_receivers_place() {
        tell("{\"service\": \"webhook\", \"status\": 410}");
        String id = scheduled();

        caller.pass("PT10S");

        assertThat(caller.deliveries(inbox)).isEmpty();
        assertThat(lastResult(id).get("status_code").intValue()).isEqualTo(410);
        assertThat(caller.task(id).text("status")).isEqualTo("failed");
    }

    @Test
    void a_webhook_whose_answer_is_lost_is_sent_again() {
        tell("{\"service\": \"webhook\", \"when\": \"after\"}");
        String id = scheduled();

        caller.pass("PT5S");
        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(lastResult(id).get("error").stringValue()).isEqualTo("connection_closed");

        caller.pass("PT1M");
        assertThat(caller.deliveries(inbox)).hasSize(2);
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
    }

    @Test
    void a_webhook_that_hangs_ends_with_its_attempt() {
        tell("{\"service\": \"webhook\", \"hang_ms\": 60000}");
        String id = caller.post("/schedule-task", """
                {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s", "timeout_seconds": 1}, "delay": "PT1S",
                 "retry": {"max_attempts": 1}}""".formatted(caller.api(), inbox)).text("task_id");

        caller.pass("PT3S");

        assertThat(lastResult(id).get("error").stringValue()).isEqualTo("timeout");
        assertThat(lastResult(id).get("duration_ms").longValue()).isBetween(1_000L, 5_000L);
        assertThat(caller.deliveries(inbox)).isEmpty();
    }

    @Test
    void a_webhook_that_hangs_for_a_while_is_only_late() {
        tell("{\"service\": \"webhook\", \"hang_ms\": 300}");
        String id = scheduled();

        caller.pass("PT5S");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(lastResult(id).get("duration_ms").longValue()).isGreaterThanOrEqualTo(300);
    }

    /** GetItem, PutItem (the claim), the webhook, PutItem (its result). */
    @ParameterizedTest
    @CsvSource({"1, before, 1, 1", "1, after, 1, 1", "2, before, 1, 1", "2, after, 1, 2", "3, before, 1, 2",
            "3, after, 2, 2", "4, before, 2, 2", "4, after, 1, 1"})
    void a_function_that_dies_is_run_again_by_lambda(int call, String when, int deliveries, int attempts) {
        tell("{\"service\": \"lambda\", \"function\": \"ExecuteTaskFunction\", \"kill_at_call\": " + call
                + ", \"when\": \"" + when + "\"}");
        String id = scheduled();

        caller.pass("PT10S");
        assertThat(left()).isZero();
        caller.pass("PT3M");

        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(caller.deliveries(inbox)).hasSize(deliveries);
        assertThat(attempts(id)).isEqualTo(attempts);
    }

    @Test
    void an_api_that_dies_answers_as_api_gateway_does_for_it() {
        tell("{\"service\": \"lambda\", \"function\": \"ScheduleTaskFunction\", \"kill_at_call\": 2}");

        Answer died = schedule();

        assertThat(died.status()).isEqualTo(500);
        assertThat(died.response().body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
        assertThat(schedule().status()).isEqualTo(201);
    }

    @Test
    void what_was_taken_back_does_not_happen() {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"status\": 500, \"times\": 1000}");

        clear();

        scheduled();
        assertThat(caller.get("/_local/faults").json()).isEmpty();
    }

    private void tell(String fault) {
        Answer told = caller.send(faults().PUT(BodyPublishers.ofString("[" + fault + "]")));
        assertThat(told.status()).as(told.response().body()).isEqualTo(200);
    }

    private HttpRequest.Builder faults() {
        return HttpRequest.newBuilder(caller.api().resolve("/_local/faults"));
    }

    private int left() {
        return caller.get("/_local/faults").json().get(0).get("times").intValue();
    }

    private Answer schedule() {
        return schedule("PT1S");
    }

    private Answer schedule(String delay) {
        return caller.post("/schedule-task",
                """
                        {"action": "webhook", "payload": {"url": "%s/_local/inbox/%s", "timeout_seconds": 5}, "delay": "%s"}"""
                        .formatted(caller.api(), inbox, delay));
    }

    private String scheduled() {
        return scheduled("PT1S");
    }

    private String scheduled(String delay) {
        Answer answer = schedule(delay);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.text("task_id");
    }

    private JsonNode lastResult(String id) {
        return caller.task(id).json().get("last_result");
    }

    private int attempts(String id) {
        return caller.task(id).json().get("attempts").intValue();
    }

    private static long rows() {
        try (DynamoDbClient client = DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
            return client.scan(scan -> scan.tableName("TasksTable")).count();
        }
    }
}
