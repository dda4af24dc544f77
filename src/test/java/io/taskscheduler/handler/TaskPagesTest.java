package io.taskscheduler.handler;

import io.taskscheduler.domain.Caller;
import io.taskscheduler.handler.http.Call;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fake.InMemoryTaskList;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.template.DeployedTemplate;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /tasks}. */
class TaskPagesTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int LAMBDAS_LARGEST = 6_000_000;
    private static final int LARGEST_BODY = 256 * 1_024;

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final SequentialTaskIds ids = new SequentialTaskIds();
    private final TaskPages pages = InMemory.pages(new InMemoryTaskList(store), new ManualClock(Tasks.CREATED));

    @Test
    void without_parameters_it_is_the_next_twenty_open_tasks_as_they_are_shown_alone() {
        List<TaskId> all = IntStream.range(0, 21).mapToObj(i -> add("https://example.com/a", "{\"n\": 1.0}", i))
                .toList();

        JsonNode page = page("");

        assertThat(ids(page)).isEqualTo(all.subList(0, 20).stream().map(TaskId::value).toList());
        assertThat(page.get("tasks").get(0).toString()).contains("\"status\":\"scheduled\"",
                "\"next_attempt_at\":\"2027-05-17T15:00:00.250Z\"", "\"headers\":{\"authorization\":\"***\"}");
        assertThat(call("").getBody()).contains("\"data\":{\"n\": 1.0}");
        assertThat(page.propertyNames()).containsExactly("tasks", "next_token");
    }

    @Test
    void the_last_page_has_no_token_and_an_empty_list_is_one() {
        assertThat(call("").getBody()).isEqualTo("{\"tasks\":[]}");
        assertThat(call("").getHeaders()).containsEntry("Content-Type", "application/json");
        add("https://example.com/a", "1", 0);
        add("https://example.com/a", "1", 1);
        JsonNode first = page("limit=1");
        JsonNode second = page("limit=100&next_token=" + first.get("next_token").stringValue());

        assertThat(first.get("tasks")).hasSize(1);
        assertThat(second.get("tasks")).hasSize(1);
        assertThat(second.propertyNames()).containsExactly("tasks");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status=open                                                        | 0 1 2
            status=scheduled&host=EXAMPLE.com                                  | 0 1
            status=running                                                     |
            status=cancelled                                                   |
            from=2027-05-17T15:00:00.251Z                                      | 1 2
            from=2027-05-17t17:00:00.251999%2B02:00&to=2027-05-17T15:00:00.252z | 1
            to=2027-05-17T15:00:00.251Z                                        | 0
            label.n=1                                                          | 1
            label.n=1&label.all=a,b                                            | 1
            label.n=1&label.all=other                                          |
            label.all=a%2Cb                                                    | 0 1 2
            host=other.example                                                 | 2
            """)
    void a_filter_means_these_tasks(String query, @Nullable String expected) {
        List<TaskId> all = List.of(add("https://example.com/a", "1", 0), add("https://example.com/a", "1", 1),
                add("https://other.example/a", "1", 2));

        assertThat(ids(page(query))).isEqualTo(expected == null
                ? List.of()
                : List.of(expected.split(" ", -1)).stream().map(n -> all.get(Integer.parseInt(n)).value()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state=open              | query.state      | is not known here; known are from, host, label.<key>, limit, next_token, status, to
            status=Open             | query.status     | must be one of open, scheduled, running, completed, failed, cancelled, expired
            status=                 | query.status     | must be one of
            status=failed,expired   | query.status     | must be one of
            status=open&status=open | query.status     | stands there more than once
            limit=0                 | query.limit      | must be a whole number from 1 to 100
            limit=101               | query.limit      | must be a whole number from 1 to 100
            limit=ten               | query.limit      | must be a whole number from 1 to 100
            limit=%2B5              | query.limit      | must be a whole number from 1 to 100
            limit=99999999999       | query.limit      | must be a whole number from 1 to 100
            limit=5&limit=6         | query.limit      | stands there more than once
            from=yesterday          | query.from       | must be RFC 3339 with an offset
            from=2027-05-17         | query.from       | must be RFC 3339 with an offset
            from=2027-05-17T15:00:00 | query.from      | must be RFC 3339 with an offset
            to=2027-02-30T15:00:00Z | query.to         | is no date and time that exists
            from=2027-05-17T15:00:00+02:00 | query.from | has a space for the + of its offset: in a query a + is written %2B
            to=0000-05-17T15:00:00Z | query.to         | must lie between the years 1 and 9999
            from=9999-12-31T23:59:59-05:00 | query.from | must lie between the years 1 and 9999
            from=2027-05-17T15:00:00Z&to=2027-05-17T15:00:00Z | query.to | must be after from
            from=2027-05-17T15:00:01Z&to=2027-05-17T15:00:00Z | query.to | must be after from
            host=https://example.com | query.host      | must be a host alone
            host=example.com:443    | query.host       | must be a host alone
            host=                   | query.host       | must be a host alone
            label.=x                | query.label.     | is no label
            label.a b=x             | query.label.a b  | is no label
            label.a=1&label.a=2     | query.label.a    | stands there more than once
            label.a=1&label%2Ea=1   | query.label.a    | stands there more than once
            label=1                 | query.label      | is not known here
            next_token=             | query.next_token | is not one that a page of this list has given
            next_token=nonsense     | query.next_token | is not one that a page of this list has given
            """)
    void a_bad_parameter_is_refused_by_name(String query, String member, String problem) {
        APIGatewayV2HTTPResponse answer = call(query);

        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(400);
        assertThat(answer.getHeaders()).containsEntry("Content-Type", "application/problem+json");
        assertThat(MAPPER.readTree(answer.getBody()).get("violations").valueStream().toList()).singleElement()
                .satisfies(violation -> {
                    assertThat(violation.get("member").stringValue()).isEqualTo(member);
                    assertThat(violation.get("problem").stringValue()).startsWith(problem);
                });
    }

    @Test
    void all_faults_are_told_together() {
        JsonNode problem = MAPPER.readTree(call("status=x&limit=x&from=x&to=x&host=/&label.%20=x&other=x&label.v="
                + "v".repeat(257)).getBody());

        assertThat(problem.get("violations").valueStream().map(v -> v.get("member").stringValue())).containsExactly(
                "query.from", "query.host", "query.label. ", "query.label.v", "query.limit", "query.other",
                "query.status", "query.to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "status=scheduled&", "label.n=1&", "host=other.example&", "to=2028-01-01T00:00:00Z&"})
    void a_token_of_another_list_is_refused(String filter) {
        IntStream.range(0, 3).forEach(i -> add("https://example.com/a", "1", i));
        String token = page("limit=1&host=example.com").get("next_token").stringValue();

        assertThat(call(filter + "next_token=" + token).getBody()).contains("\"status\":400", "query.next_token");
        assertThat(call("host=Example.COM&status=open&next_token=" + token).getStatusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\\"", "\\\\", "\u2028", "é", "<", "\ud83d\ude00"})
    void large_tasks_make_a_page_shorter_so_that_lambda_can_answer_it(String text) {
        int times = (LARGEST_BODY - 2) / text.getBytes(StandardCharsets.UTF_8).length;
        String data = "\"" + text.repeat(times) + "\"";
        List<String> all = IntStream.range(0, 30).mapToObj(i -> add("https://example.com/a", data, i).value()).toList();
        List<String> walked = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            APIGatewayV2HTTPResponse answer = call("limit=100" + token.map(t -> "&next_token=" + t).orElse(""));
            assertThat(asLambdaSendsIt(answer)).isLessThan(LAMBDAS_LARGEST);
            JsonNode page = MAPPER.readTree(answer.getBody());
            assertThat(page.get("tasks").size()).isBetween(1, 10);
            walked.addAll(ids(page));
            token = page.optional("next_token").map(JsonNode::stringValue);
        } while (token.isPresent());

        assertThat(walked).isEqualTo(all);
    }

    @Test
    void a_silent_store_is_no_answer() {
        store.then(InMemoryTaskStore.Fault.BEFORE);

        assertThatThrownBy(() -> call(""))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void without_a_key_the_api_does_not_start() {
        Map<String, String> environment = new HashMap<>(
                DeployedTemplate.asWritten().function("ExecuteTaskFunction").environment());
        environment.put("AWS_REGION", "eu-west-1");
        ManualClock clock = new ManualClock(Tasks.CREATED);
        Components components = new Components(Settings.from(environment), clock, instant -> {}, actions -> {
            throw new AssertionError("not needed");
        });

        assertThatThrownBy(() -> TaskPages.of(components)).isInstanceOf(IllegalStateException.class)
                .hasMessage("The environment is incomplete: PAGE_TOKEN_KEY is missing");
    }

    /** In bytes; by whichever of its two ways Lambda writes the answer. */
    private static int asLambdaSendsIt(APIGatewayV2HTTPResponse answer) {
        ByteArrayOutputStream jackson = new ByteArrayOutputStream();
        JacksonFactory.getInstance().getSerializer(APIGatewayV2HTTPResponse.class).toJson(answer, jackson);
        ByteArrayOutputStream gson = new ByteArrayOutputStream();
        GsonFactory.getInstance().getSerializer(APIGatewayV2HTTPResponse.class).toJson(answer, gson);
        return Math.max(jackson.size(), gson.size());
    }

    private TaskId add(String url, String data, int number) {
        Instant runAt = Tasks.RUN_AT.plusMillis(number);
        TaskId id = ids.next(runAt);
        Webhook webhook = new Webhook(URI.create(url), Webhook.Method.POST, Map.of("authorization", "s3cret"),
                Optional.of(data), Webhook.DEFAULT_TIMEOUT);
        store.add(Task.schedule(id, 1, new Order(webhook, runAt, Precision.SECOND, Optional.empty(), Tasks.TWICE,
                Map.of("n", Integer.toString(number), "all", "a,b")), Caller.ANONYMOUS, Tasks.CREATED));
        return id;
    }

    private JsonNode page(String query) {
        APIGatewayV2HTTPResponse answer = call(query);
        assertThat(answer.getStatusCode()).as(answer.getBody()).isEqualTo(200);
        return MAPPER.readTree(answer.getBody());
    }

    private static List<String> ids(JsonNode page) {
        return page.get("tasks").valueStream().map(task -> task.get("task_id").stringValue()).toList();
    }

    private APIGatewayV2HTTPResponse call(String query) {
        return requireNonNull(pages.answer(new Call(Requests.list(query), Map.of(), Tasks.CREATED)));
    }
}
