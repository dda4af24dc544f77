package io.taskscheduler.handler;

import static io.taskscheduler.fixture.Tasks.ID;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.IAM;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RedactedLives;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cancel, move, edit, run now and keep under a name, as callers see them. */
class ChangesTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String BODY = """
            {"action": "webhook", "payload": {"url": "https://example.com/hook"}, "delay": "PT1M"%s}""";

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(InMemory.useCases(store, timers, clock),
            "openapi: 3.1.0", Webhooks.RULES, clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void a_cancelled_task_is_shown_so_and_may_be_cancelled_again() {
        store.add(Tasks.scheduled());

        JsonNode first = body(200, call(ofTask("DELETE", "")));
        JsonNode second = body(200, call(ofTask("DELETE", "")));

        assertThat(first.get("status").stringValue()).isEqualTo("cancelled");
        assertThat(first.get("finished_at").stringValue()).isEqualTo(Tasks.CREATED.toString());
        assertThat(first.at("/history/1")).hasToString("{\"type\":\"task_cancelled\",\"at\":\"" + Tasks.CREATED
                + "\",\"by\":\"anonymous\"}");
        assertThat(second).isEqualTo(first);
        assertThat(timers.set()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"DELETE, '', ''", "PATCH, '', '{\"labels\": {}}'", "POST, /run, ''", "PUT, '', ''"})
    void what_runs_is_not_changed(String method, String suffix, String body) {
        Task running = Tasks.running();
        String id = method.equals("PUT") ? "my-name" : ID.value();
        put(running, id);

        JsonNode problem = body(409, call(Requests.ofTask(method, id, suffix)
                .withBody(method.equals("PUT") ? BODY.formatted("") : body)));

        assertThat(problem.get("code").stringValue()).isEqualTo("too_late");
        assertThat(problem.get("task_status").stringValue()).isEqualTo("running");
        assertThat(store.find(new TaskId(id)).orElseThrow().version()).isEqualTo(running.version());
    }

    @ParameterizedTest
    @CsvSource({"DELETE, ''", "PATCH, '{\"labels\": {}}'", "PUT, ''"})
    void what_has_come_to_its_end_is_not_changed(String method, String body) {
        String id = method.equals("PUT") ? "my-name" : ID.value();
        put(Tasks.completed(), id);

        JsonNode problem = body(409, call(Requests.ofTask(method, id, "")
                .withBody(method.equals("PUT") ? BODY.formatted("") : body)));

        assertThat(problem.get("code").stringValue()).isEqualTo("already_finished");
        assertThat(problem.get("task_status").stringValue()).isEqualTo("completed");
    }

    @Test
    void a_moved_task_shows_its_new_time_and_who_moved_it() {
        store.add(Tasks.scheduled());

        JsonNode moved = body(200, call(ofTask("PATCH", "").withBody("{\"delay\": \"PT2H\"}")
                .withHeaders(Map.of("content-type", "application/json", "traceparent", TRACE))
                .withRequestContext(asIam("arn:aws:iam::123456789012:user/ann"))));

        assertThat(moved.get("run_at").stringValue()).isEqualTo(Tasks.CREATED.plusSeconds(7_200).toString());
        assertThat(moved.at("/history/1/type").stringValue()).isEqualTo("task_rescheduled");
        assertThat(moved.at("/history/1/by").stringValue()).isEqualTo("arn:aws:iam::123456789012:user/ann");
        assertThat(moved.at("/history/1/traceparent").stringValue()).isEqualTo(TRACE);
        assertThat(timers.set()).singleElement()
                .satisfies(timer -> assertThat(timer.at()).isEqualTo(Tasks.CREATED.plusSeconds(7_200)));
    }

    @Test
    void an_edit_takes_the_place_of_what_it_names_and_keeps_the_time() {
        store.add(Tasks.scheduled());

        JsonNode edited = body(200, call(ofTask("PATCH", "").withBody("""
                {"labels": {"a": "b"}, "payload": {"url": "https://example.com/other"}}""")));

        assertThat(edited.get("labels")).hasToString("{\"a\":\"b\"}");
        assertThat(edited.at("/payload/url").stringValue()).isEqualTo("https://example.com/other");
        assertThat(edited.at("/payload").has("data")).isFalse();
        assertThat(edited.at("/history/1/changed")).hasToString("[\"payload\",\"labels\"]");
        assertThat(timers.set()).singleElement().satisfies(timer -> assertThat(timer.at()).isEqualTo(RUN_AT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                              | must name at least one
            {"delay": "P1D", "run_at": "2027-05-18T00:00:00Z"} | cannot stand beside delay
            {"run_at": "2020-01-01T00:00:00Z"}              | more than 5 minutes in the past
            {"precision": "minute"}                         | is not known here
            {"redact": true}                                | is not known here
            {"labels": null}                                | must not be null
            {"payload": {}}                                 | payload.url
            {"retry": {"max_attempts": 21}}                 | retry.max_attempts
            {"expires_at": "2027-05-17T14:30:00Z"}          | must leave the task's expires_at after its run_at
            """)
    void a_patch_that_is_not_valid_changes_nothing(String body, String says) {
        store.add(Tasks.scheduled());

        assertThat(body(400, call(ofTask("PATCH", "").withBody(body))).toString()).contains(says);
        assertThat(store.find(ID)).contains(Tasks.scheduled());
    }

    @Test
    void a_task_that_ended_runs_again_with_fresh_attempts_and_its_history() {
        store.add(Tasks.failed());
        clock.advance(Duration.between(Tasks.CREATED, RUN_AT.plusSeconds(60)));

        JsonNode again = body(202, call(ofTask("POST", "/run")));

        assertThat(again.get("status").stringValue()).isEqualTo("scheduled");
        assertThat(again.get("attempts").intValue()).isZero();
        assertThat(again.get("run_at").stringValue()).isEqualTo(RUN_AT.plusSeconds(60).toString());
        assertThat(again.has("finished_at")).isFalse();
        assertThat(again.get("history").valueStream().map(e -> e.get("type").stringValue()))
                .contains("attempt_failed").endsWith("task_failed", "task_run_again");
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void a_redacted_task_shows_what_it_carries_until_its_end_and_nothing_of_it_after() {
        store.add(RedactedLives.scheduled(ID));

        JsonNode before = body(200, call(ofTask("GET", "")));
        JsonNode after = body(200, call(ofTask("DELETE", "")));

        assertThat(before.get("redact").booleanValue()).isTrue();
        assertThat(before.at("/payload/data/card").stringValue()).isEqualTo(RedactedLives.MARK);
        assertThat(after.get("redact").booleanValue()).isTrue();
        assertThat(after.get("payload")).hasToString(
                "{\"url\":\"https://example.com/a%20b/hook\",\"method\":\"POST\",\"headers\":{\"authorization\":\"\"},\"timeout_seconds\":30}");
        store.add(Tasks.scheduled(new TaskId("other")));
        assertThat(body(200, call(Requests.ofTask("GET", "other", ""))).has("redact")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"POST, /run, ''", "PATCH, '', '{\"labels\": {}}'", "PUT, '', ''"})
    void a_redacted_task_that_ended_says_that_it_cannot_run_again(String method, String suffix, String body) {
        String id = method.equals("PUT") ? "my-name" : ID.value();
        put(redactedAndEnded(), id);

        JsonNode problem = body(409, call(Requests.ofTask(method, id, suffix)
                .withBody(method.equals("PUT") ? BODY.formatted("") : body)));

        assertThat(problem.get("code").stringValue()).isEqualTo("already_finished");
        assertThat(problem.get("detail").stringValue()).contains("its data was removed", "if_finished: replace")
                .doesNotContain("/run");
        assertThat(timers.set()).isEmpty();
    }

    @Test
    void a_redacted_task_that_ended_gives_its_place_to_one_with_new_data() {
        put(redactedAndEnded(), "my-name");

        JsonNode anew = body(201, call(named("my-name")
                .withBody(BODY.formatted(", \"redact\": true, \"if_finished\": \"replace\""))));

        assertThat(anew.get("redact").booleanValue()).isTrue();
        assertThat(anew.get("history").valueStream()).hasSize(1);
        assertThat(body(200, call(named("my-name").withBody(BODY.formatted("")))).has("redact")).isFalse();
    }

    private static Task redactedAndEnded() {
        return Tasks.made(RedactedLives.scheduled(ID).cancel(Caller.ANONYMOUS, Tasks.CREATED)).after();
    }

    @Test
    void a_run_with_a_body_is_refused_because_it_would_be_lost() {
        store.add(Tasks.scheduled());

        assertThat(body(400, call(ofTask("POST", "/run").withBody("{\"delay\": \"PT1H\"}"))).toString())
                .contains("takes no body");
        body(202, call(ofTask("POST", "/run").withBody("{}")));
    }

    @Test
    void a_named_task_is_made_and_then_replaced() {
        JsonNode made = body(201, call(named("my-name").withBody(BODY.formatted(""))));
        clock.advance(Duration.ofSeconds(30));
        JsonNode replaced = body(200, call(named("my-name").withBody(BODY.formatted(", \"labels\": {\"a\": \"b\"}"))));

        assertThat(made.get("task_id").stringValue()).isEqualTo("my-name");
        assertThat(replaced.get("run_at").stringValue()).isEqualTo(Tasks.CREATED.plusSeconds(90).toString());
        assertThat(replaced.get("created_at")).isEqualTo(made.get("created_at"));
        assertThat(replaced.get("history").valueStream().map(e -> e.get("type").stringValue()))
                .containsExactly("task_scheduled", "task_edited", "task_rescheduled");
    }

    @Test
    void a_debounced_task_is_put_off_but_not_for_longer_than_max_delay() {
        for (int second = 0; second < 120; second += 30) {
            call(named("rebuild").withBody(BODY.formatted(", \"max_delay\": \"PT100S\"")));
            clock.advance(Duration.ofSeconds(30));
        }

        assertThat(store.find(new TaskId("rebuild")).orElseThrow().runAt()).isEqualTo(Tasks.CREATED.plusSeconds(100));
    }

    @Test
    void a_finished_named_task_gives_its_place_when_told_to() {
        put(Tasks.completed(), "my-name");
        clock.advance(Duration.ofHours(2));

        JsonNode anew = body(201, call(named("my-name").withBody(BODY.formatted(", \"if_finished\": \"replace\""))));

        assertThat(anew.get("attempts").intValue()).isZero();
        assertThat(anew.get("history").valueStream()).hasSize(1);
        assertThat(anew.get("created_at").stringValue()).isEqualTo(Tasks.CREATED.plusSeconds(7_200).toString());
    }

    @ParameterizedTest
    @CsvSource({"01JD5ZK6E0R9W1V8M3Q7T2X4YB, ULID", "a b, 1 to 64", "., not . or .."})
    void a_name_that_cannot_be_is_refused(String name, String says) {
        assertThat(body(400, call(named(name).withBody(BODY.formatted("")))).toString()).contains("task_id", says);
    }

    @ParameterizedTest
    @CsvSource({"PT30S, must not be shorter than delay", "P1Y, must be ISO 8601", "P9999999D, at most 5 years"})
    void a_max_delay_that_makes_no_sense_is_refused(String maxDelay, String says) {
        assertThat(body(400, call(named("n").withBody(BODY.formatted(", \"max_delay\": \"" + maxDelay + "\""))))
                .toString()).contains("max_delay", says);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELETE | If-Match      | "1"            | 200
            DELETE | If-Match      | "7", "1"       | 200
            DELETE | If-Match      | *              | 200
            DELETE | If-Match      | "2"            | 412
            DELETE | If-Match      | W/"1"          | 412
            DELETE | If-Match      | 1              | 400
            DELETE | If-None-Match | *              | 412
            DELETE | If-None-Match | "1"            | 400
            GET    | If-None-Match | "1"            | 304
            GET    | If-None-Match | W/"1"          | 304
            GET    | If-None-Match | *              | 304
            GET    | If-None-Match | "2", W/"3"     | 200
            GET    | If-None-Match | nonsense       | 200
            """)
    void conditions_hold_or_do_not(String method, String header, String value, int status) {
        store.add(Tasks.scheduled());

        APIGatewayV2HTTPResponse answer = call(ofTask(method, "").withHeaders(Map.of(header, value)));

        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(status);
        assertThat(store.find(ID).orElseThrow().version()).isEqualTo(status == 200 && method.equals("DELETE") ? 2 : 1);
    }

    @Test
    void a_condition_as_long_as_a_header_may_be_is_read() {
        store.add(Tasks.scheduled());
        String many = "\"\",".repeat(3_300) + "\"1\"";

        assertThat(call(ofTask("DELETE", "").withHeaders(Map.of("If-Match", many + ","))).getStatusCode())
                .isEqualTo(400);
        assertThat(call(ofTask("DELETE", "").withHeaders(Map.of("If-Match", many))).getStatusCode()).isEqualTo(200);
    }

    @Test
    void fewer_attempts_than_have_been_made_are_refused() {
        store.add(Tasks.waitingForRetry());

        assertThat(body(400, call(ofTask("PATCH", "").withBody("{\"retry\": {\"max_attempts\": 1}}"))).toString())
                .contains("retry.max_attempts", "above the 1 attempts");
    }

    @Test
    void a_change_is_not_dated_before_the_one_that_it_follows() {
        store.add(Tasks.made(Tasks.scheduled().edit(
                new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Map.of())),
                Caller.ANONYMOUS, Tasks.CREATED.plusSeconds(10))).after());

        assertThat(body(200, call(ofTask("DELETE", ""))).get("finished_at").stringValue())
                .isEqualTo(Tasks.CREATED.plusSeconds(10).toString());
    }

    @Test
    void a_name_is_only_made_if_there_is_none_when_so_wanted() {
        Map<String, String> onlyNew = Map.of("content-type", "application/json", "If-None-Match", "*");
        APIGatewayV2HTTPEventBuilder put = named("n").withHeaders(onlyNew).withBody(BODY.formatted(""));

        assertThat(call(put).getStatusCode()).isEqualTo(201);
        assertThat(call(put).getStatusCode()).isEqualTo(412);
        assertThat(call(named("other").withHeaders(Map.of("content-type", "application/json", "If-Match", "*"))
                .withBody(BODY.formatted(""))).getStatusCode()).isEqualTo(412);
    }

    @Test
    void views_carry_their_version() {
        store.add(Tasks.scheduled());

        assertThat(call(ofTask("GET", "")).getHeaders()).containsEntry("ETag", "\"1\"");
        assertThat(call(ofTask("DELETE", "")).getHeaders()).containsEntry("ETag", "\"2\"");
    }

    @ParameterizedTest
    @CsvSource({"DELETE, ''", "PATCH, ''", "POST, /run", "GET, ''"})
    void what_is_not_there_is_404(String method, String suffix) {
        assertThat(call(ofTask(method, suffix).withBody(method.equals("PATCH") ? "{\"labels\": {}}" : ""))
                .getStatusCode()).isEqualTo(404);
        assertThat(call(Requests.ofTask(method, "x".repeat(65), suffix)
                .withBody(method.equals("PATCH") ? "{\"labels\": {}}" : "")).getStatusCode()).isEqualTo(404);
    }

    @Test
    void a_change_whose_timer_cannot_be_set_is_503_and_changes_nothing() {
        store.add(Tasks.scheduled());
        timers.fallSilent();

        APIGatewayV2HTTPResponse answer = call(ofTask("PATCH", "").withBody("{\"delay\": \"PT2H\"}"));

        assertThat(answer.getStatusCode()).isEqualTo(503);
        assertThat(answer.getHeaders()).containsEntry("Retry-After", "5");
        Task after = store.find(ID).orElseThrow();
        assertThat(after.runAt()).isEqualTo(RUN_AT);
        assertThat(after.history()).isEqualTo(Tasks.scheduled().history());
    }

    private void put(Task task, String id) {
        store.add(new Task(new TaskId(id), task.version(), task.order(), task.requestHash(), task.createdAt(),
                task.updatedAt(), task.state(), task.attempts(), task.history()));
    }

    private static APIGatewayV2HTTPEventBuilder ofTask(String method, String suffix) {
        return Requests.ofTask(method, ID.value(), suffix);
    }

    private static APIGatewayV2HTTPEventBuilder named(String name) {
        return Requests.ofTask("PUT", name, "");
    }

    private static RequestContext asIam(String arn) {
        return RequestContext.builder().withRequestId("request-1")
                .withHttp(RequestContext.Http.builder().withMethod("PATCH").build())
                .withAuthorizer(Authorizer.builder().withIam(IAM.builder().withUserArn(arn).build()).build()).build();
    }

    private APIGatewayV2HTTPResponse call(APIGatewayV2HTTPEventBuilder event) {
        APIGatewayV2HTTPEvent built = event.build();
        return Requests.answer(handler, built);
    }

    private static JsonNode body(int status, APIGatewayV2HTTPResponse answer) {
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(status);
        return new JsonMapper().readTree(answer.getBody());
    }
}
