package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /schedule-task?dry_run=true}. */
class DryRunTest {

    private static final String BODY = """
            {"action": "webhook", "payload": {"url": "http://%s/a", "data": {"b": 1.0}, "timeout_seconds": 5,
             "headers": {"authorization": "Bearer x"}}, "delay": "%s", "precision": "%s",
             "retry": {"max_attempts": 3, "initial_delay_seconds": 10, "max_delay_seconds": 21}}""";

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(InMemory.useCases(store, timers, clock),
            "openapi: 3.1.0", Webhooks.RULES, clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void the_future_is_shown_and_nothing_is_kept() {
        JsonNode shown = shown(BODY.formatted("127.0.0.1:8080", "PT1M", "second"), Map.of());

        assertThat(shown.get("run_at").stringValue()).isEqualTo("2027-05-17T14:01:00Z");
        assertThat(shown.get("attempts")).hasToString("""
                [{"attempt":1,"earliest":"2027-05-17T14:01:00Z","latest":"2027-05-17T14:01:00Z"},\
                {"attempt":2,"earliest":"2027-05-17T14:01:09Z","latest":"2027-05-17T14:01:16Z"},\
                {"attempt":3,"earliest":"2027-05-17T14:01:27Z","latest":"2027-05-17T14:01:42Z"}]""");
        assertThat(shown.at("/request/method").stringValue()).isEqualTo("POST");
        assertThat(shown.at("/request/url").stringValue()).isEqualTo("http://127.0.0.1:8080/a");
        assertThat(shown.at("/request/body").stringValue()).isEqualTo("{\"b\": 1.0}");
        String id = shown.at("/request/headers/webhook-id").stringValue();
        assertThat(shown.at("/request/signed_content").stringValue()).isEqualTo(id + ".1810562460.{\"b\": 1.0}");
        assertThat(shown.at("/request/headers/authorization").stringValue()).isEqualTo("Bearer x");
        assertThat(shown.get("address")).hasToString("{\"verdict\":\"allowed\",\"addresses\":[\"127.0.0.1\"]}");
        assertThat(shown.get("cost")).hasToString("{\"usd\":6.475E-6,\"write_units\":6,\"calls\":5}");
        assertThat(store.all()).isEmpty();
        assertThat(timers.set()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT1M, second, 5, 6.475E-6", "PT1M, minute, 5, 6.475E-6", "P1D, second, 7, 7.8E-6",
            "P1D, minute, 5, 6.275E-6"})
    void each_way_has_its_price(String delay, String precision, int calls, String usd) {
        JsonNode cost = shown(BODY.formatted("127.0.0.1", delay, precision), Map.of()).get("cost");

        assertThat(cost).hasToString("{\"usd\":" + usd + ",\"write_units\":6,\"calls\":" + calls + "}");
    }

    @Test
    void where_the_minute_is_enough_each_attempt_may_be_a_minute_late() {
        JsonNode attempts = shown(BODY.formatted("127.0.0.1", "P1D", "minute"), Map.of()).get("attempts");

        assertThat(attempts.at("/0/latest").stringValue()).isEqualTo("2027-05-18T14:01:00Z");
        assertThat(attempts.at("/1/latest").stringValue()).isEqualTo("2027-05-18T14:02:16Z");
    }

    @Test
    void a_name_that_leads_nowhere_is_told() {
        assertThat(shown(BODY.formatted("nowhere.invalid", "PT1M", "second"), Map.of()).get("address"))
                .hasToString("{\"verdict\":\"dns_error\",\"addresses\":[]}");
    }

    @Test
    void a_key_gives_the_id_that_the_task_would_have() {
        String body = BODY.formatted("127.0.0.1", "PT1M", "second");
        JsonNode first = shown(body, Map.of("idempotency-key", "k"));
        JsonNode second = shown(body, Map.of("idempotency-key", "k"));

        assertThat(first).isEqualTo(second);
        assertThat(call(body, "false", Map.of("idempotency-key", "k")).getStatusCode()).isEqualTo(201);
    }

    @Test
    void what_could_not_be_scheduled_is_refused_all_the_same() {
        APIGatewayV2HTTPResponse answer = call("{}", "true", Map.of());

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains("payload", "run_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "TRUE", "true,true"})
    void a_value_that_is_neither_is_refused_and_nothing_is_scheduled(String value) {
        APIGatewayV2HTTPResponse answer = call(BODY.formatted("127.0.0.1", "PT1M", "second"), value, Map.of());

        assertThat(answer.getStatusCode()).isEqualTo(400);
        assertThat(answer.getBody()).contains("query.dry_run");
        assertThat(store.all()).isEmpty();
    }

    private JsonNode shown(String body, Map<String, String> headers) {
        APIGatewayV2HTTPResponse answer = call(body, "true", headers);
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(200);
        return new JsonMapper().readTree(answer.getBody());
    }

    private APIGatewayV2HTTPResponse call(String body, String dryRun, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        APIGatewayV2HTTPEvent event = Requests.schedule(body, all);
        event.setQueryStringParameters(Map.of("dry_run", dryRun));
        return Requests.answer(handler, event);
    }
}
