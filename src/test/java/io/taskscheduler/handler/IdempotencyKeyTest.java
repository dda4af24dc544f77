package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests with the header Idempotency-Key. */
class IdempotencyKeyTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String KEY = "key-of-order-4711";
    private static final String BODY = """
            {"action": "webhook", "payload": {"url": "https://example.com/a", "data": {"n": 1.0, "t": "s3cret é"}},
             "run_at": "2027-05-17T15:00:00Z", "labels": {"a": "1", "b": "2"}}""";

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(
            InMemory.useCases(store, timers, clock), "openapi: 3.1.0", Webhooks.RULES,
            clock,
            new Log(clock, new PrintStream(logged, true, StandardCharsets.UTF_8)));

    @Test
    void the_repetition_finds_a_task_whose_data_was_removed_and_no_hash_confirms_a_guess_of_it() {
        String body = BODY.replaceFirst("\\{", "{\"redact\": true, ");
        TaskId id = new TaskId(view(call(Requests.schedule(body, KEY))).get("task_id").stringValue());
        store.commit(Tasks.made(store.find(id).orElseThrow().cancel(Caller.ANONYMOUS, Tasks.CREATED)));

        APIGatewayV2HTTPResponse again = call(Requests.schedule(body, KEY));

        assertThat(again.getStatusCode()).isEqualTo(200);
        assertThat(view(again).get("status").stringValue()).isEqualTo("cancelled");
        assertThat(again.getBody()).doesNotContain("s3cret");
        assertThat(call(Requests.schedule(BODY, KEY)).getBody()).isEqualTo(again.getBody());
        assertThat(store.find(id).orElseThrow().requestHash()).isEmpty();
    }

    @Test
    void the_first_request_is_201_and_its_repetition_200_with_the_same_task_and_place() {
        APIGatewayV2HTTPResponse first = call(Requests.schedule(BODY, KEY));
        clock.advance(Duration.ofSeconds(10));
        APIGatewayV2HTTPResponse again = call(Requests.schedule(BODY, KEY));

        assertThat(first.getStatusCode()).isEqualTo(201);
        assertThat(again.getStatusCode()).isEqualTo(200);
        assertThat(again.getHeaders()).containsEntry("Location", first.getHeaders().get("Location"));
        assertThat(view(again).get("task_id")).isEqualTo(view(first).get("task_id"));
        assertThat(view(again).get("created_at").stringValue()).isEqualTo("2027-05-17T14:00:00Z");
        assertThat(logged.toString(StandardCharsets.UTF_8).lines()
                .filter(line -> line.contains("task found by its key"))).singleElement()
                .satisfies(line -> assertThat(line).contains("\"task_id\":\"", "\"request_id\":\"request-1\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"labels\":{\"b\":\"2\",\"a\":\"1\"},\"run_at\":\"2027-05-17T15:00:00Z\",\"action\":\"webhook\",\"payload\":{\"data\":{\"t\":\"s3cret \\u00e9\",\"n\":10e-1},\"url\":\"https:\\/\\/example.com/a\"}}",
            "\n{\"action\": \"webhook\", \"payload\": {\"url\": \"https://example.com/a\", \"data\": {\"n\": 1, \"t\": \"s3cret é\"} },\n \"run_at\": \"2027-05-17T15:00:00Z\", \"labels\": {\"a\": \"1\", \"b\": \"2\"}} "})
    void another_spelling_of_the_same_body_is_a_repetition(String body) {
        call(Requests.schedule(BODY, KEY));

        assertThat(call(Requests.schedule(body, KEY)).getStatusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret e", "S3cret é", "quite another"})
    void the_key_with_another_body_is_422_and_shows_and_logs_nothing_of_either(String text) {
        call(Requests.schedule(BODY, KEY));
        Task first = stored(KEY);
        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BODY.replace("s3cret é", text), KEY));

        assertThat(answer.getStatusCode()).isEqualTo(422);
        assertThat(answer.getHeaders()).containsEntry("Content-Type", "application/problem+json");
        assertThat(view(answer).get("type").stringValue()).endsWith("/idempotency-key-reused");
        assertThat(view(answer).get("detail").stringValue()).contains("Send a new key");
        assertThat(answer.getBody() + logged).doesNotContain(KEY, "s3cret", text, "example.com",
                first.requestHash().orElseThrow());
        assertThat(answer.getBody()).doesNotContain(first.id().value());
        assertThat(stored(KEY)).isEqualTo(first);
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void a_finished_task_is_still_found_when_its_time_is_long_past() {
        call(Requests.schedule(BODY, KEY));
        Task running = Tasks.granted(stored(KEY).claim("a", WokenBy.TIMER, Tasks.RUN_AT)).after();
        store.commit(Tasks.granted(stored(KEY).claim("a", WokenBy.TIMER, Tasks.RUN_AT)));
        store.commit(Tasks.settled(running, Tasks.status(200), Tasks.RUN_AT.plusSeconds(1)));
        clock.advance(Duration.ofDays(20));

        APIGatewayV2HTTPResponse again = call(Requests.schedule(BODY, KEY));

        assertThat(again.getStatusCode()).as(again.getBody()).isEqualTo(200);
        assertThat(view(again).get("status").stringValue()).isEqualTo("completed");
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void a_request_that_is_too_late_and_never_came_before_is_refused_for_its_time() {
        clock.advance(Duration.ofDays(20));

        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BODY, KEY));

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains("more than 5 minutes in the past");
    }

    @Test
    void a_bad_body_is_refused_for_its_faults_though_its_key_is_known() {
        call(Requests.schedule(BODY, KEY));

        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BODY.replace("webhook", "fax"), KEY));

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains("known are: webhook");
    }

    @Test
    void a_bad_key_is_told_together_with_all_other_faults() {
        APIGatewayV2HTTPResponse answer = call(
                Requests.schedule(BODY.replace("webhook", "fax").replace("2027-05-17T15:00:00Z", "soon"), "a b"));

        assertThat(view(answer).get("violations").valueStream().map(v -> v.get("member").stringValue()))
                .containsExactlyInAnyOrder("Idempotency-Key", "action", "run_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "a,b", "\"quoted\"", "%20", "${jndi:ldap://x}", "../../etc"})
    void every_visible_character_of_ascii_may_stand_in_a_key(String key) {
        assertThat(call(Requests.schedule(BODY, key)).getStatusCode()).isEqualTo(201);
        assertThat(call(Requests.schedule(BODY, key)).getStatusCode()).isEqualTo(200);
    }

    @Test
    void a_key_may_have_255_characters_and_the_last_one_counts() {
        assertThat(call(Requests.schedule(BODY, "k".repeat(255))).getStatusCode()).isEqualTo(201);
        assertThat(call(Requests.schedule(BODY, "k".repeat(254) + "j")).getStatusCode()).isEqualTo(201);
    }

    /** API Gateway joins a header that is sent twice with a comma, which is a character like any other. */
    @Test
    void the_headers_case_does_not_matter_and_the_keys_does() {
        call(Requests.schedule(BODY, KEY));

        assertThat(call(Requests.schedule(BODY,
                Map.of("Content-Type", "application/json", "IDEMPOTENCY-Key", KEY))).getStatusCode()).isEqualTo(200);
        assertThat(call(Requests.schedule(BODY, "K" + KEY.substring(1))).getStatusCode()).isEqualTo(201);
        assertThat(call(Requests.schedule(BODY, KEY + "," + KEY)).getStatusCode()).isEqualTo(201);
    }

    @Test
    void a_silent_store_is_503_and_neither_the_key_nor_the_body_is_logged() {
        call(Requests.schedule(BODY, KEY));
        store.then(Fault.NONE, Fault.BEFORE);

        assertThat(call(Requests.schedule(BODY, KEY)).getStatusCode()).isEqualTo(503);
        clock.advance(Duration.ofDays(1));
        store.then(Fault.BEFORE);
        assertThat(call(Requests.schedule(BODY, KEY)).getStatusCode()).isEqualTo(503);

        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(KEY, "s3cret", "example.com");
    }

    @Test
    void a_request_without_a_key_makes_a_task_each_time() {
        assertThat(call(Requests.schedule(BODY)).getStatusCode()).isEqualTo(201);
        assertThat(call(Requests.schedule(BODY)).getStatusCode()).isEqualTo(201);
        assertThat(timers.set()).hasSize(2).allSatisfy(timer -> assertThat(timer.wakeUp()).isEqualTo(1));
    }

    private Task stored(String key) {
        TaskId id = new SequentialTaskIds().of(key);
        return store.find(id).orElseThrow();
    }

    private static JsonNode view(APIGatewayV2HTTPResponse answer) {
        return MAPPER.readTree(answer.getBody());
    }

    private APIGatewayV2HTTPResponse call(APIGatewayV2HTTPEvent event) {
        return Requests.answer(handler, event);
    }
}
