package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.local.RunningSystem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Batches and dry runs in the running system: what is promised and what then happens. */
class BatchesIT {

    /** Those that the HTTP client decides on for a connection and not for a request. */
    private static final List<String> OF_THE_CONNECTION = List.of("connection", "accept-encoding");

    private static @Nullable RunningSystem system;
    private static @Nullable Laboratory laboratory;

    private final Laboratory lab = requireNonNull(laboratory);
    private final Caller caller = lab.caller();
    private final String inbox = "inbox-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
        laboratory = new Laboratory(new Caller(system.api()));
    }

    @AfterAll
    static void end() {
        requireNonNull(laboratory).close();
        requireNonNull(system).close();
    }

    @Test
    void of_a_batch_of_25_with_three_bad_ones_22_are_called() {
        List<Integer> bad = List.of(0, 7, 24);
        Answer answer = batch(IntStream.range(0, 25).mapToObj(n -> bad.contains(n)
                ? entry("PT1M").replace("webhook", "email")
                : entry(n % 2 == 0 ? "PT1M" : "PT1H")));

        assertThat(statuses(answer)).hasSize(25).satisfies(all -> assertThat(IntStream.range(0, 25)
                .filter(n -> all.get(n) == 400).boxed()).containsExactlyElementsOf(bad));
        caller.pass("PT2H");

        assertThat(caller.deliveries(inbox)).extracting(delivery -> delivery.at("/headers/webhook-id").stringValue())
                .containsExactlyInAnyOrderElementsOf(answer.json().get("results").valueStream()
                        .filter(result -> result.get("status").intValue() == 201)
                        .map(result -> result.at("/task/task_id").stringValue()).toList())
                .hasSize(22);
    }

    @Test
    void an_entry_that_is_throttled_beyond_the_sdks_own_tries_is_tried_again() {
        int times = lab.triesOfTheSdk().others() + 1;
        lab.tell(List.of("""
                {"service": "sqs", "operation": "SendMessage", "error": "ThrottlingException", "times": %d}"""
                .formatted(times)));

        Answer answer = batch(Stream.of(entry("PT1H"), entry("PT1M"), entry("PT2H")));

        assertThat(lab.left().get(0).get("times").intValue()).isZero();
        lab.mend();
        assertThat(statuses(answer)).containsExactly(201, 201, 201);
        caller.pass("PT3H");
        assertThat(caller.deliveries(inbox)).hasSize(3);
        lab.earnRetries();
    }

    @Test
    void when_no_timer_can_be_set_for_long_every_entry_is_refused_and_nothing_is_left() {
        lab.tell(List.of("""
                {"service": "scheduler", "operation": "CreateSchedule", "error": "InternalServerException",
                 "status": 500, "times": 1000}"""));

        Answer answer = batch(Stream.of(entry("PT1H"), entry("PT2H"), entry("PT3H")));

        lab.mend();
        assertThat(statuses(answer)).containsExactly(503, 503, 503);
        assertThat(caller.list("/tasks?label.batch=" + inbox)).isEmpty();
        assertThat(lab.rowsFor(inbox)).isEmpty();
        caller.pass("PT5H");
        assertThat(caller.deliveries(inbox)).isEmpty();
        lab.earnRetries();
    }

    @Test
    void what_a_dry_run_shows_is_what_is_sent() {
        String body = """
                {"action": "webhook", "payload": {"url": "%s", "data": {"b": 1.0, "a": "é"}, "method": "PATCH",
                 "headers": {"X-Team": "billing"}}, "delay": "PT2M"}""".formatted(lab.url(inbox));
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        String runAt = caller.now().plusSeconds(120).toString();
        String fixed = body.replace("\"delay\": \"PT2M\"", "\"run_at\": \"" + runAt + "\"");

        Answer dry = caller.call("POST", "/schedule-task?dry_run=true", fixed, "Idempotency-Key", inbox, "traceparent",
                trace);
        assertThat(dry.status()).as(dry.response().body()).isEqualTo(200);
        assertThat(lab.rowsFor(inbox)).isEmpty();
        caller.call("POST", "/schedule-task", fixed, "Idempotency-Key", inbox, "traceparent", trace);
        caller.pass("PT5M");

        JsonNode request = dry.json().get("request");
        JsonNode sent = caller.deliveries(inbox).getFirst();
        assertThat(sent.get("method")).isEqualTo(request.get("method"));
        assertThat(sent.get("body")).isEqualTo(request.get("body"));
        assertThat(headers(sent)).isEqualTo(headers(request));
        assertThat(request.get("url").stringValue()).isEqualTo(lab.url(inbox));
        assertThat(request.get("signed_content").stringValue()).startsWith(
                sent.at("/headers/webhook-id").stringValue() + ".").endsWith("." + sent.get("body").stringValue());
    }

    @ParameterizedTest
    @CsvSource({"PT5M, second", "PT5M, minute", "PT20M, second", "PT20M, minute"})
    void a_dry_run_counts_the_calls_that_are_then_made(String delay, String precision) {
        String members = "\"delay\": \"" + delay + "\", \"precision\": \"" + precision + "\"";
        int told = caller.post("/schedule-task?dry_run=true",
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + lab.url(inbox) + "\"}, " + members + "}")
                .json().at("/cost/calls").intValue();

        OutsideCalls calls = lab.callsOf(List.of(), List.of(),
                () -> lab.moveUntilFinal(List.of(caller.schedule(inbox, members))));

        assertThat(calls.requests().values().stream().mapToInt(Integer::intValue).sum()).as("%s", calls)
                .isEqualTo(told);
    }

    private String entry(String delay) {
        return """
                {"action": "webhook", "payload": {"url": "%s"}, "delay": "%s", "labels": {"batch": "%s"}}"""
                .formatted(lab.url(inbox), delay, inbox);
    }

    private Answer batch(Stream<String> entries) {
        Answer answer = caller.post("/schedule-tasks",
                "{\"tasks\": [" + entries.collect(Collectors.joining(", ")) + "]}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer;
    }

    private static List<Integer> statuses(Answer answer) {
        return answer.json().get("results").valueStream().map(result -> result.get("status").intValue()).toList();
    }

    private static Map<String, String> headers(JsonNode request) {
        Map<String, String> headers = new TreeMap<>();
        request.get("headers").properties().stream().filter(header -> !OF_THE_CONNECTION.contains(header.getKey()))
                .forEach(header -> headers.put(header.getKey(), header.getValue().stringValue()));
        // The function behind the API cannot sign.
        headers.computeIfPresent("webhook-signature",
                (name, signature) -> signature.replaceFirst("v1,[A-Za-z0-9+/]{43}=", "***"));
        return headers;
    }
}
