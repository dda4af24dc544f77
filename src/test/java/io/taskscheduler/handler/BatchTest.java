package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Collectors;
import java.util.Optional;
import java.net.URI;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Caller;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /schedule-tasks}. */
class BatchTest {

    private static final String GOOD = "{\"action\": \"webhook\", \"payload\": {\"url\": \"https://example.com/a\", \"data\": {\"b\": 1.0}}, \"delay\": \"PT1M\"}";

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(InMemory.useCases(store, timers, clock),
            "openapi: 3.1.0", Webhooks.RULES, clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void each_entry_has_its_result_in_order_and_leaves_the_others_alone() {
        String large = "{\"action\": \"" + "x".repeat(256 * 1_024) + "\"}";
        String deep = "{\"payload\": " + "[".repeat(600) + "]".repeat(600) + "}";

        List<JsonNode> results = results(batch(List.of(GOOD, "{}", GOOD, "5", large, deep,
                "{\"action\": \"webhook\", \"action\": \"webhook\"}", GOOD)));

        assertThat(results.stream().map(r -> r.get("status").intValue())).containsExactly(201, 400, 201, 400, 413, 400,
                400, 201);
        assertThat(results.getFirst().at("/task/payload/data")).hasToString("{\"b\":1.0}");
        assertThat(results.get(1).at("/problem/violations")).hasSize(3);
        assertThat(results.get(3).at("/problem/detail").stringValue())
                .isEqualTo("Each of the tasks must be a JSON object.");
        assertThat(timers.set()).hasSize(3);
    }

    @Test
    void an_answer_that_would_be_too_large_names_the_later_tasks_only() {
        String keyed = GOOD.replace("\"delay\"", "\"idempotency_key\": \"k-1\", \"delay\"");
        JsonNode made = results(batch(List.of(keyed))).getFirst().get("task");
        Task task = store.find(new TaskId(made.get("task_id").stringValue())).orElseThrow();
        Webhook large = new Webhook(URI.create("https://example.com"), Webhook.Method.POST, Map.of(),
                Optional.of("\"" + "x".repeat(200_000) + "\""), Webhook.DEFAULT_TIMEOUT);
        store.commit(Tasks.made(task.edit(new Edit(Optional.empty(), Optional.empty(), Optional.of(large),
                Optional.empty(), Optional.empty()), Caller.ANONYMOUS, Tasks.CREATED)));

        APIGatewayV2HTTPResponse answer = batch(Collections.nCopies(100, keyed));

        assertThat(answer.getBody()).hasSizeLessThan(2_700_000);
        List<JsonNode> results = results(answer);
        assertThat(results.getFirst().has("task")).isTrue();
        assertThat(results.getLast()).hasToString("{\"status\":200,\"task_id\":\"" + task.id() + "\"}");
    }

    @Test
    void of_very_many_faults_fifty_are_told() {
        String faulty = "{" + IntStream.range(0, 10_000).mapToObj(i -> "\"member" + i + "\": 1")
                .collect(Collectors.joining(",")) + ", \"" + "x".repeat(10_000) + "\": 1}";

        APIGatewayV2HTTPResponse answer = batch(Collections.nCopies(6, faulty));

        assertThat(answer.getBody()).hasSizeLessThan(100_000);
        assertThat(results(answer).getFirst().at("/problem/violations")).hasSize(51).last()
                .hasToString("{\"member\":\"\",\"problem\":\"and 9954 more faults\"}");
    }

    @Test
    void an_entrys_key_is_the_key_of_a_single_request() {
        String keyed = GOOD.replace("\"delay\"", "\"idempotency_key\": \"k-1\", \"delay\"");
        String reused = keyed.replace("PT1M", "PT2M");
        APIGatewayV2HTTPResponse alone = call("POST /schedule-task", GOOD, Map.of("idempotency-key", "k-1"));

        List<JsonNode> results = results(batch(List.of(keyed, reused)));

        assertThat(alone.getStatusCode()).isEqualTo(201);
        assertThat(results.stream().map(r -> r.get("status").intValue())).containsExactly(200, 422);
        assertThat(results.getFirst().at("/task/task_id"))
                .isEqualTo(new JsonMapper().readTree(alone.getBody()).get("task_id"));
    }

    @Test
    void a_keyed_entry_whose_time_has_passed_is_found_again() {
        String keyed = GOOD.replace("\"delay\": \"PT1M\"",
                "\"run_at\": \"2027-05-17T14:01:00Z\", \"idempotency_key\": \"k-1\"");
        results(batch(List.of(keyed)));
        clock.advance(Duration.ofHours(1));

        assertThat(results(batch(List.of(keyed, keyed.replace("k-1", "k-2")))).stream()
                .map(r -> r.get("status").intValue())).containsExactly(200, 400);
    }

    @Test
    void two_entries_with_one_key_make_one_task() {
        String keyed = GOOD.replace("\"delay\"", "\"idempotency_key\": \"k-1\", \"delay\"");

        List<JsonNode> results = results(batch(Collections.nCopies(20, keyed)));

        assertThat(results.stream().map(r -> r.get("status").intValue()).filter(s -> s == 201)).hasSize(1);
        assertThat(results.stream().map(r -> r.at("/task/task_id")).distinct()).hasSize(1);
    }

    @Test
    void what_a_service_does_not_answer_is_tried_again_and_remains_one_task() {
        store.then(InMemoryTaskStore.Fault.AFTER, InMemoryTaskStore.Fault.NONE, InMemoryTaskStore.Fault.BEFORE);

        List<JsonNode> results = results(batch(List.of(GOOD)));

        assertThat(results.getFirst().get("status").intValue()).isEqualTo(201);
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void a_hundred_are_taken_and_one_more_is_refused() {
        assertThat(results(batch(Collections.nCopies(100, GOOD)))).hasSize(100);
        assertThat(batch(Collections.nCopies(101, GOOD)).getBody()).contains("must be 1 to 100, are 101");
        assertThat(timers.set()).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                           | with the member tasks
            {}                           | is required
            {"tasks": []}                | must be 1 to 100, are 0
            {"tasks": {}}                | must be an array
            {"tasks": null}              | must be an array
            {"tasks": [{}], "more": [1]} | is not known here
            {"tasks": [{}], "tasks": []} | stands there twice
            {"tasks": [{}]} x            | The body is not valid JSON
            {"tasks": [{}                | it breaks off
            {"tasks": [nonsense]}        | The body is not valid JSON
            """)
    void what_is_no_batch_is_refused_as_a_whole(String body, String says) {
        APIGatewayV2HTTPResponse answer = call("POST /schedule-tasks", body, Map.of());

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains(says);
    }

    @Test
    void a_key_for_the_whole_is_refused_because_it_would_be_lost() {
        APIGatewayV2HTTPResponse answer = call("POST /schedule-tasks", "{\"tasks\": [" + GOOD + "]}",
                Map.of("idempotency-key", "k"));

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains("idempotency_key");
    }

    @Test
    void more_than_two_mebibytes_are_413() {
        APIGatewayV2HTTPResponse answer = call("POST /schedule-tasks",
                "{\"tasks\": [" + " ".repeat(2 * 1_024 * 1_024) + "]}", Map.of());

        assertThat(answer.getStatusCode()).isEqualTo(413);
    }

    private APIGatewayV2HTTPResponse batch(List<String> entries) {
        return call("POST /schedule-tasks", "{\"tasks\": [" + String.join(", ", entries) + "]}", Map.of());
    }

    private APIGatewayV2HTTPResponse call(String route, String body, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        return Requests.answer(handler,
                Requests.event(route, route.substring(5)).withHeaders(all).withBody(body).build());
    }

    private static List<JsonNode> results(APIGatewayV2HTTPResponse answer) {
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(200);
        return new JsonMapper().readTree(answer.getBody()).get("results").valueStream().toList();
    }
}
