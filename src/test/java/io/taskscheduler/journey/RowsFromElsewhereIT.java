package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.RunningSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows that another program puts into the table, with nothing but DynamoDB's own API. */
class RowsFromElsewhereIT {

    private static @Nullable RunningSystem system;

    private final Caller caller = new Caller(requireNonNull(system).api());
    private final String id = "order-" + UUID.randomUUID();
    private final String url = caller.api() + "/_local/inbox/" + id;

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    @Test
    void a_row_with_a_map_as_its_payload_runs_like_any_other_task() {
        Instant runAt = caller.now().plus(Duration.ofHours(1));
        put("{\"action\": \"webhook\", \"run_at\": \"%s\", \"payload\": {\"url\": \"%s\", \"data\": {\"n\": 1}}}"
                .formatted(runAt, url));

        caller.pass("PT59M");
        assertThat(caller.deliveries(id)).isEmpty();
        assertThat(caller.task(id).text("status")).isEqualTo("scheduled");
        caller.pass("PT2M");

        assertThat(caller.deliveries(id)).singleElement()
                .satisfies(delivery -> assertThat(delivery.get("body").stringValue()).isEqualTo("{\"n\":1}"));
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", "attempt_succeeded",
                "task_completed");
        assertThat(caller.task(id).json().get("late_by_ms").longValue()).isLessThan(5_000);
    }

    @Test
    void a_row_with_json_text_as_its_payload_keeps_it_to_the_letter() {
        String payload = "{\"url\": \"" + url + "\", \"data\": [1.0,  1e2]}";
        put("{\"action\": \"webhook\", \"run_at\": \"%s\", \"payload\": %s}".formatted(caller.now(),
                JsonMapper.builder().build().writeValueAsString(payload)));

        caller.pass("PT5S");

        assertThat(caller.deliveries(id)).singleElement()
                .satisfies(delivery -> assertThat(delivery.get("body").stringValue()).isEqualTo("[1.0,  1e2]"));
    }

    @Test
    void a_row_that_is_no_task_has_failed_and_says_all_that_is_wrong() {
        put("{\"action\": \"email\", \"run_at\": \"tomorrow\", \"payload\": {}}");

        caller.pass("PT1S");

        JsonNode task = caller.task(id).json();
        assertThat(task.get("status").stringValue()).isEqualTo("failed");
        assertThat(task.get("action").stringValue()).isEqualTo("email");
        JsonNode end = task.get("history").get(0);
        assertThat(end.get("reason").stringValue()).isEqualTo("invalid_task");
        assertThat(end.get("violations").valueStream().map(v -> v.get("member").stringValue()))
                .containsExactlyInAnyOrder("action", "payload.url", "run_at");
    }

    @Test
    void a_row_that_is_put_again_is_the_new_task_and_its_old_timer_does_nothing() {
        Instant now = caller.now();
        String row = "{\"action\": \"webhook\", \"run_at\": \"%s\", \"payload\": {\"url\": \"" + url + "\"}}";
        put(row.formatted(now.plusSeconds(600)));
        caller.pass("PT1S");
        put(row.formatted(now.plusSeconds(1_200)));

        caller.pass("PT15M");
        assertThat(caller.deliveries(id)).isEmpty();
        caller.pass("PT6M");

        assertThat(caller.deliveries(id)).hasSize(1);
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
    }

    @Test
    @Timeout(30)
    void a_row_is_adopted_without_anybody_asking() {
        put("{\"action\": \"webhook\", \"run_at\": \"%s\", \"payload\": {\"url\": \"%s\"}}"
                .formatted(caller.now().plus(Duration.ofDays(1)), url));

        while (caller.task(id).status() == 404) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }

        assertThat(caller.task(id).text("status")).isEqualTo("scheduled");
    }

    private void put(String row) {
        try (DynamoDbClient client = DynamoDbClient.builder().region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create()).build()) {
            client.putItem(put -> put.tableName("TasksTable")
                    .item(EnhancedDocument.fromJson(row).toBuilder().putString("task_id", id).build().toMap()));
        }
    }
}
