package io.taskscheduler.handler;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.WokenBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.handler.http.OpenApiDocument;
import io.taskscheduler.wiring.Settings.ApiAuth;
import io.taskscheduler.wiring.Settings.ApiScopes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScheduleTaskHandlerTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ManualClock clock = new ManualClock(Tasks.CREATED.plusNanos(123_456));
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(
            InMemory.useCases(store, timers, clock),
            OpenApiDocument.inForce(ApiAuth.IAM, Optional.empty()), Webhooks.RULES, clock,
            new Log(clock, new PrintStream(logged, true, StandardCharsets.UTF_8)));

    @Test
    void a_task_is_accepted_with_its_place_and_its_view() {
        APIGatewayV2HTTPResponse answer = call(Requests.schedule(
                """
                        {"action": "webhook", "payload": {"url": "https://example.com/hook", "data": {"b": 1.0, "a": "\\u00e9"},
                         "method": "PUT", "headers": {"X-Team": "secret"}, "timeout_seconds": 5}, "run_at": "2027-05-17T15:00:00.1239Z",
                         "retry": {"max_attempts": 3}, "labels": {"order": "4711"}}"""));

        String id = new SequentialTaskIds().next(Tasks.CREATED).value();
        assertThat(answer.getStatusCode()).isEqualTo(201);
        assertThat(answer.getHeaders()).containsEntry("Location", "/tasks/" + id).containsEntry("Content-Type",
                "application/json").containsEntry("ETag", "\"1\"");
        assertThat(answer.getBody()).isEqualTo(
                """
                        {"task_id":"%s","status":"scheduled","action":"webhook","payload":{"url":"https://example.com/hook",\
                        "data":{"b": 1.0, "a": "\\u00e9"},"method":"PUT","headers":{"X-Team":"***"},"timeout_seconds":5},\
                        "run_at":"2027-05-17T15:00:00.123Z","precision":"second","next_attempt_at":"2027-05-17T15:00:00.123Z","attempts":0,\
                        "retry":{"max_attempts":3,"initial_delay_seconds":10,"backoff_rate":2.0,"max_delay_seconds":3600},\
                        "labels":{"order":"4711"},"created_at":"2027-05-17T14:00:00Z","updated_at":"2027-05-17T14:00:00Z",\
                        "history":[{"type":"task_scheduled","at":"2027-05-17T14:00:00Z","by":"anonymous"}]}"""
                        .formatted(id));
        assertThat(timers.set()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.taskscheduler.handler.BadRequests#all")
    void a_bad_request_is_refused_for_its_reason_and_leaves_nothing(String name, APIGatewayV2HTTPEvent event,
            int status,
            String reason) {
        APIGatewayV2HTTPResponse answer = call(event);

        assertThat(answer.getBody()).contains(reason);
        assertThat(answer.getStatusCode()).isEqualTo(status);
        assertThat(answer.getHeaders()).containsEntry("Content-Type", "application/problem+json");
        JsonNode problem = MAPPER.readTree(answer.getBody());
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("request_id").stringValue()).isEqualTo("request-1");
        assertThat(answer.getBody()).doesNotContain("Exception", "tools.jackson", "java.", "StreamRead");
        assertThat(timers.set()).isEmpty();
        assertThat(store.find(new SequentialTaskIds().next(Tasks.CREATED))).isEmpty();
    }

    @Test
    void all_faults_are_told_together() {
        APIGatewayV2HTTPResponse answer = call(Requests.schedule("""
                {"action": "fax", "payload": {"url": "ftp://x", "method": "get", "timeout_seconds": 0, "extra": 1},
                 "run_at": "tomorrow", "retry": {"max_attempts": 0}, "labels": {"é": "x"}, "runat": null}"""));

        assertThat(MAPPER.readTree(answer.getBody()).get("violations").valueStream()
                .map(v -> v.get("member").stringValue())).containsExactlyInAnyOrder("action", "payload.url",
                        "payload.method",
                        "payload.timeout_seconds", "payload.extra", "run_at", "retry.max_attempts", "labels.é",
                        "runat");
    }

    @ParameterizedTest
    @MethodSource("times")
    void a_time_means_this_instant(String members, String instant) {
        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BadRequests.with(members)));

        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(201);
        assertThat(MAPPER.readTree(answer.getBody()).get("run_at").stringValue()).isEqualTo(instant);
    }

    static Stream<String[]> times() {
        return """
                "run_at": "2027-05-17T15:00:00Z"                                   > 2027-05-17T15:00:00Z
                "run_at": "2027-05-17t15:00:00.9999z"                              > 2027-05-17T15:00:00.999Z
                "run_at": "2027-05-17T17:00:00+02:00"                              > 2027-05-17T15:00:00Z
                "run_at": "2027-05-17T17:00:00", "timezone": "Europe/Rome"         > 2027-05-17T15:00:00Z
                "run_at": "2028-03-26T02:30:00", "timezone": "Europe/Rome"         > 2028-03-26T01:30:00Z
                "run_at": "2027-10-31T02:30:00", "timezone": "Europe/Rome"         > 2027-10-31T00:30:00Z
                "run_at": "2027-05-17T13:55:00Z"                                   > 2027-05-17T13:55:00Z
                "run_at": "2032-05-17T14:00:00Z"                                   > 2032-05-17T14:00:00Z
                "delay": "PT0S"                                                    > 2027-05-17T14:00:00Z
                "delay": "PT90S"                                                   > 2027-05-17T14:01:30Z
                "delay": "PT1.5S"                                                  > 2027-05-17T14:00:01.500Z
                "delay": "P1D"                                                     > 2027-05-18T14:00:00Z
                "delay": "P1W"                                                     > 2027-05-24T14:00:00Z
                "delay": "P1DT2H30M45S"                                            > 2027-05-18T16:30:45Z
                "delay": "1d2h30m45s"                                              > 2027-05-18T16:30:45Z
                "delay": "90s"                                                     > 2027-05-17T14:01:30Z
                """
                .lines().map(line -> line.split(" +> "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"null", "true", "-0.0", "1e400", "\"\\ud800\"", "[]", " [1, 2]",
            "{\"a\": {\"data\": null}}",
            "12345678901234567890.123456789012345678901234567890", "\"a\\/b\\u0041\""})
    void data_is_any_json_value_and_kept_as_it_was_written(String data) {
        APIGatewayV2HTTPResponse answer = call(Requests.schedule("""
                {"action": "webhook", "payload": {"data": %s , "url": "https://example.com"}, "delay": "PT1S"}"""
                .formatted(data)));

        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(201);
        assertThat(answer.getBody()).contains("\"data\":" + data + ",\"method\"");
    }

    @Test
    void a_number_of_a_hundred_thousand_digits_is_data_like_any_other() {
        String digits = "7".repeat(100_000);
        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BadRequests.payload("\"data\": " + digits)));

        assertThat(answer.getStatusCode()).isEqualTo(201);
        assertThat(answer.getBody()).contains(digits);
    }

    @Test
    void a_body_of_exactly_256_kib_is_accepted() {
        String empty = BadRequests.payload("\"data\": \"\"");
        String body = empty.replace("\"\"", "\"" + "x".repeat(256 * 1_024 - empty.length()) + "\"");

        assertThat(call(Requests.schedule(body)).getStatusCode()).isEqualTo(201);
    }

    @Test
    void a_whole_number_may_be_written_with_a_point() {
        assertThat(call(Requests.schedule(BadRequests.payload("\"timeout_seconds\": 5.0"))).getStatusCode())
                .isEqualTo(201);
    }

    @Test
    void a_json_type_with_a_suffix_or_in_utf_8_is_json() {
        for (String type : new String[]{"application/json; charset=UTF-8", "application/vnd.api+json",
                "Application/JSON"}) {
            assertThat(call(Requests.schedule(BadRequests.payload(""), Map.of("Content-Type", type))).getStatusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void a_stored_task_is_shown_with_what_happened() {
        store.add(Tasks.completed());

        APIGatewayV2HTTPResponse answer = call(Requests.find(Tasks.ID.value()));

        assertThat(answer.getStatusCode()).isEqualTo(200);
        JsonNode view = MAPPER.readTree(answer.getBody());
        assertThat(view.get("status").stringValue()).isEqualTo("completed");
        assertThat(view.get("late_by_ms").intValue()).isEqualTo(20);
        assertThat(view.get("started_at").stringValue()).isEqualTo("2027-05-17T15:00:00.270Z");
        assertThat(view.get("finished_at").stringValue()).isEqualTo("2027-05-17T15:00:01.250Z");
        assertThat(view.get("last_result").toString())
                .isEqualTo("{\"kind\":\"response\",\"status_code\":200,\"duration_ms\":84,\"body\":\"answer 200\"}");
        assertThat(view.get("history").valueStream().map(e -> e.get("type").stringValue())).containsExactly(
                "task_scheduled",
                "attempt_started", "attempt_succeeded", "task_completed");
    }

    @Test
    void every_kind_of_state_and_event_can_be_shown() {
        Task lost = Tasks.granted(Tasks.running().claim("b", WokenBy.TIMER, Tasks.RUN_AT.plusSeconds(600))).after();
        Task exhausted = Tasks.settled(lost, Tasks.refused(), Tasks.RUN_AT.plusSeconds(601)).after();
        store.add(exhausted);

        String body = call(Requests.find(Tasks.ID.value())).getBody();

        assertThat(body).contains("\"status\":\"failed\"", "attempt_lost", "\"reason\":\"attempts_exhausted\"",
                "\"error\":\"connection_refused\"");
    }

    @ParameterizedTest
    @CsvSource({"01JD5ZK6E0R9W1V8M3Q7T2X4YB", "nonsense", "''", "01jd5zk6e0r9w1v8m3q7t2x4yb"})
    void an_id_that_no_task_has_is_not_found(String id) {
        assertThat(call(Requests.find(id)).getStatusCode()).isEqualTo(404);
    }

    @Test
    void the_lateness_of_the_last_hour_is_told() {
        SequentialTaskIds ids = new SequentialTaskIds();
        for (int late = 1; late <= 10; late++) {
            store.add(Tasks.answered(ids.next(Tasks.CREATED), Precision.SECOND, Duration.ofMillis(10L * late), 200,
                    Tasks.CREATED.minusSeconds(late)));
        }

        APIGatewayV2HTTPResponse answer = call(Requests.event("GET /lateness", "/lateness").build());

        assertThat(answer.getStatusCode()).isEqualTo(200);
        assertThat(answer.getHeaders()).containsEntry("Content-Type", "application/json");
        assertThat(answer.getBody()).isEqualTo(
                "{\"window\":\"PT1H\",\"count\":10,\"p50_ms\":50,\"p90_ms\":90,\"p99_ms\":100,\"max_ms\":100}");
    }

    @Test
    void where_nothing_was_measured_the_lateness_is_null() {
        APIGatewayV2HTTPResponse answer = call(Requests.event("GET /lateness", "/lateness").build());

        assertThat(answer.getBody()).isEqualTo(
                "{\"window\":\"PT1H\",\"count\":0,\"p50_ms\":null,\"p90_ms\":null,\"p99_ms\":null,\"max_ms\":null}");
    }

    @Test
    void a_window_of_the_callers_is_refused_and_not_ignored() {
        APIGatewayV2HTTPEvent event = Requests.event("GET /lateness", "/lateness").build();
        event.setQueryStringParameters(Map.of("window", "PT5M"));

        assertThat(call(event).getBody()).contains("\"status\":400", "query.window");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /schedule-task                    | 405 | OPTIONS, POST
            /tasks/01JD5ZK6E0R9W1V8M3Q7T2X4YB | 405 | DELETE, GET, HEAD, OPTIONS, PATCH, PUT
            /tasks/my-name/run                | 405 | OPTIONS, POST
            /tasks                            | 405 | GET, HEAD, OPTIONS
            /openapi.yaml                     | 405 | GET, HEAD, OPTIONS
            /invariant                        | 405 | GET, OPTIONS
            /lateness                         | 405 | GET, OPTIONS
            /                                 | 404 |
            /tasks/                           | 404 |
            /tasks/a/b                        | 404 |
            /schedule-task/                   | 404 |
            """)
    void what_no_route_takes_is_answered_with_what_there_is(String path, int status, String allow) {
        APIGatewayV2HTTPResponse answer = call(Requests.other("PURGE", path));

        assertThat(answer.getStatusCode()).isEqualTo(status);
        assertThat(answer.getHeaders().get("Allow")).isEqualTo(allow);
    }

    @Test
    void head_is_answered_like_get_without_the_body() {
        store.add(Tasks.scheduled());

        APIGatewayV2HTTPResponse there = call(Requests.other("HEAD", "/tasks/" + Tasks.ID));
        APIGatewayV2HTTPResponse gone = call(Requests.other("HEAD", "/tasks/nobody"));

        assertThat(there.getStatusCode()).isEqualTo(200);
        assertThat(there.getBody()).isEmpty();
        APIGatewayV2HTTPResponse got = call(Requests.find(Tasks.ID.value()));
        assertThat(there.getHeaders()).containsAllEntriesOf(got.getHeaders()).containsEntry("ETag", "\"1\"")
                .containsEntry("Content-Length", Integer.toString(Requests.bytes(got.getBody()).length));
        assertThat(gone.getStatusCode()).isEqualTo(404);
        assertThat(call(Requests.other("HEAD", "/schedule-task")).getStatusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$default", "OPTIONS /{proxy+}"})
    void options_names_the_methods(String route) {
        APIGatewayV2HTTPResponse answer = call(Requests.options(route, "/tasks/any"));

        assertThat(answer.getStatusCode()).isEqualTo(204);
        assertThat(answer.getHeaders()).containsEntry("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
    }

    @Test
    void a_query_parameter_is_refused_because_it_would_be_lost() {
        APIGatewayV2HTTPEvent event = Requests.schedule(BadRequests.payload(""));
        event.setQueryStringParameters(Map.of("dryrun", "true"));

        assertThat(call(event).getStatusCode()).isEqualTo(400);
        assertThat(timers.set()).isEmpty();
    }

    @Test
    void silent_timers_are_503_with_retry_after_and_leave_nothing() {
        timers.fallSilent();

        APIGatewayV2HTTPResponse answer = call(Requests.schedule(BadRequests.payload("")));

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getHeaders()).containsEntry("Retry-After", "5");
        assertThat(store.find(new SequentialTaskIds().next(Tasks.CREATED))).isEmpty();
    }

    @Test
    void a_silent_store_is_503_and_its_cause_is_logged_and_not_told() {
        store.then(Fault.BEFORE);

        APIGatewayV2HTTPResponse answer = call(Requests.find(Tasks.ID.value()));

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getBody()).doesNotContain("the store is silent");
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("the store is silent",
                "\"request_id\":\"request-1\"");
    }

    @Test
    void a_bug_is_500_without_its_cause() {
        APIGatewayV2HTTPEvent event = Requests.find("x");
        event.setRouteKey("GET /no/such/route");

        APIGatewayV2HTTPResponse answer = call(event);

        assertThat(answer.getStatusCode()).isEqualTo(500);
        assertThat(answer.getBody()).doesNotContain("null", "IllegalState", "no/such");
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("IllegalState");
    }

    @ParameterizedTest
    @EnumSource
    void the_document_names_the_authentication_in_force(ApiAuth auth) {
        String expected = switch (auth) {
            case IAM -> "\nsecurity: [{iam: []}]\n";
            case JWT -> "\nsecurity: [{jwt: []}]\n";
            case NONE -> "\nsecurity: []\n";
        };
        assertThat(OpenApiDocument.inForce(auth, Optional.empty())).contains(expected);
    }

    @Test
    void with_tokens_every_operation_names_the_scope_that_its_route_asks_for() {
        JsonNode document = MAPPER.valueToTree(new Yaml().load(
                OpenApiDocument.inForce(ApiAuth.JWT, Optional.of(new ApiScopes("t/see", "t/put", "t/run")))));

        assertThat(handler.rights()).hasSize(11).allSatisfy((route, right) -> assertThat(operation(document, route)
                .at("/security/0/jwt/0").asString()).isEqualTo(switch (right) {
                    case READ -> "t/see";
                    case WRITE -> "t/put";
                    case OPERATE -> "t/run";
                }));
    }

    private static JsonNode operation(JsonNode document, String route) {
        String[] methodAndPath = route.split(" ", 2);
        return document.path("paths").path(methodAndPath[1]).path(methodAndPath[0].toLowerCase(Locale.ROOT));
    }

    @Test
    void the_one_line_that_a_new_task_leaves_in_the_log_is_json_and_names_it() {
        call(Requests.schedule(BadRequests.payload("\"headers\": {\"authorization\": \"s3cret\"}")));

        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain("s3cret").doesNotContain("example.com");
        assertThat(logged.toString(StandardCharsets.UTF_8).lines()).singleElement().satisfies(line -> assertThat(
                MAPPER.readTree(line).propertyNames()).containsExactly("timestamp", "level", "message", "route",
                        "status", "request_id", "task_id"));
    }

    private APIGatewayV2HTTPResponse call(APIGatewayV2HTTPEvent event) {
        return Requests.answer(handler, event);
    }
}
