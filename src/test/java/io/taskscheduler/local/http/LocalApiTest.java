package io.taskscheduler.local.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LocalApiTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final VirtualClock clock = new VirtualClock(() -> NOON);
    private final Agenda agenda = new Agenda(clock);
    private final List<Duration> offsets = new CopyOnWriteArrayList<>();
    private final LocalApi api = new LocalApi(clock, agenda, offsets::add,
            request -> Problem.unknownRoute(request.rawPath()));
    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalHttpServer server;

    LocalApiTest() throws IOException {
        server = LocalHttpServer.start("127.0.0.1", 0, api);
    }

    @AfterEach
    void end() {
        server.close();
        agenda.close();
        http.close();
    }

    @Test
    void health_says_starting_and_then_what_there_is() throws Exception {
        HttpResponse<String> before = send("GET", "/_local/health", "");
        api.ready(request -> Reply.json(200, "application/json", "{}"),
                new Health(Map.of("api", "http://127.0.0.1:3000"), "T", "G", Map.of("Q", "http://sqs/Q"), "whsec_key"),
                request -> Reply.json(200, "application/json", "[]"));
        HttpResponse<String> after = send("GET", "/_local/health", "");

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(before.body()).path("status").stringValue()).isEqualTo("starting");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(after.body())).isEqualTo(JSON.readTree(
                """
                        {"status": "ready", "now": "2026-11-20T12:00:00Z", "signing_secret": "whsec_key", "endpoints": {"api": "http://127.0.0.1:3000"},
                         "resources": {"table": "T", "schedule_group": "G", "queues": {"Q": "http://sqs/Q"}}}"""));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"https://evil.example, -", "null, -", "http://localhost:1, -",
            "-, evil.example", "-, localhost.evil.example:3000"})
    void no_page_of_another_site_reads_the_secrets_or_moves_the_clock(String origin, String host) throws Exception {
        Map<String, List<String>> headers = new HashMap<>(
                Map.of("host", List.of(host == null ? "localhost:3000" : host)));
        if (origin != null) {
            headers.put("origin", List.of(origin));
        }
        for (String path : List.of("/_local/health", "/_local/clock", "/_local/tokens", "/_local/inbox")) {
            Reply reply = api.answer(new Request("POST", path, "", headers, "{}".getBytes(StandardCharsets.UTF_8),
                    "HTTP/1.1", "127.0.0.1"));

            assertThat(((Reply.Answer) reply).status()).as(path).isEqualTo(403);
        }
    }

    @Test
    void the_api_is_not_answered_before_everything_is_there() throws Exception {
        assertThat(send("POST", "/schedule-task", "{}").statusCode()).isEqualTo(503);

        api.ready(request -> Reply.json(201, "application/json", "{}"), new Health(Map.of(), "T", "G", Map.of(), ""),
                request -> Reply.json(200, "application/json", "[]"));

        assertThat(send("POST", "/schedule-task", "{}").statusCode()).isEqualTo(201);
    }

    @Test
    void an_advance_by_nothing_is_one_though_time_goes_on_meanwhile() throws Exception {
        AtomicLong passed = new AtomicLong();
        VirtualClock ticking = new VirtualClock(() -> NOON.plusMillis(passed.incrementAndGet()));
        try (Agenda its = new Agenda(ticking)) {
            Reply reply = new ClockControl(ticking, its, offset -> {})
                    .move("{\"advance\": \"PT0S\"}".getBytes(StandardCharsets.UTF_8));

            assertThat(reply)
                    .isInstanceOfSatisfying(Reply.Answer.class, answer -> assertThat(answer.status()).isEqualTo(200));
        }
    }

    @Test
    void the_clock_is_advanced_and_what_became_due_is_counted() throws Exception {
        agenda.at(NOON.plus(Duration.ofDays(1)), "a", () -> {});
        agenda.at(NOON.plus(Duration.ofDays(2)), "b", () -> {});
        agenda.at(NOON.plus(Duration.ofDays(4)), "c", () -> {});

        HttpResponse<String> moved = send("POST", "/_local/clock", "{\"advance\": \"P3D\"}");

        assertThat(moved.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(moved.body()))
                .isEqualTo(JSON.readTree("{\"now\": \"2026-11-23T12:00:00Z\", \"fired\": 2}"));
        assertThat(send("GET", "/_local/clock", "").body())
                .isEqualTo("{\"now\":\"2026-11-23T12:00:00Z\",\"offset\":\"PT72H\"}");
    }

    @Test
    void the_offset_is_told_before_the_clock_moves() throws Exception {
        agenda.at(NOON.plusSeconds(1), "who looks", () -> assertThat(offsets).containsExactly(Duration.ofDays(7)));

        send("POST", "/_local/clock", "{\"advance\": \"P1W\"}");
        send("POST", "/_local/clock", "{\"reset\": true}");

        assertThat(offsets).containsExactly(Duration.ofDays(7), Duration.ofDays(7), Duration.ZERO);
    }

    @Test
    void the_clock_is_set_and_returns_to_the_real_time() throws Exception {
        HttpResponse<String> set = send("POST", "/_local/clock", "{\"set\": \"2027-05-17T17:00:00+02:00\"}");
        HttpResponse<String> reset = send("POST", "/_local/clock", "{\"reset\": true}");

        assertThat(JSON.readTree(set.body()).path("now").stringValue()).isEqualTo("2027-05-17T15:00:00Z");
        assertThat(reset.body()).isEqualTo("{\"now\":\"2026-11-20T12:00:00Z\",\"fired\":0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | exactly one of
            nonsense                        | not JSON
            []                              | exactly one of
            {}                              | exactly one of
            {"advance":"P3D","reset":true}  | exactly one of
            {"forward":"P3D"}               | unknown member forward
            {"advance":"3 days"}            | ISO 8601 duration
            {"advance":"P1M"}               | ISO 8601 duration
            {"advance":3}                   | ISO 8601 duration
            {"advance":"-PT1S"}             | goes forward only
            {"advance":"P999999999D"}       | no further than
            {"set":"9995-01-01T00:00:00Z"}  | no further than
            {"set":"2026-11-20T11:59:59Z"}  | goes forward only
            {"set":"tomorrow"}              | 2027-05-17T15:00:00Z
            {"set":"2027-05-17T15:00:00"}   | 2027-05-17T15:00:00Z
            {"reset":false}                 | reset must be true
            {"reset":true,"reset":true}     | not JSON
            """)
    void a_wrong_order_to_the_clock_is_told_what_is_right(String body, String detail) throws Exception {
        HttpResponse<String> refused = send("POST", "/_local/clock", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(JSON.readTree(refused.body()).path("detail").stringValue()).contains(detail);
        assertThat(clock.offset()).isZero();
    }

    @Test
    void the_inbox_shows_what_came_in_order() throws Exception {
        send("POST", "/_local/inbox/orders?x=1", "{\"n\": 1.0}");
        send("PUT", "/_local/inbox/other", "ü");

        JsonNode requests = JSON.readTree(send("GET", "/_local/inbox", "").body()).path("requests");

        assertThat(requests.valueStream().map(r -> r.path("name").stringValue())).containsExactly("orders", "other");
        assertThat(requests.get(0).path("method").stringValue()).isEqualTo("POST");
        assertThat(requests.get(0).path("path").stringValue()).isEqualTo("/_local/inbox/orders?x=1");
        assertThat(requests.get(0).path("body").stringValue()).isEqualTo("{\"n\": 1.0}");
        assertThat(requests.get(0).path("headers").path("x-test").stringValue()).isEqualTo("yes");
        assertThat(requests.get(0).path("received_at").stringValue()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(requests.get(1).path("body").stringValue()).isEqualTo("ü");
        assertThat(JSON.readTree(send("GET", "/_local/inbox?name=other", "").body()).path("requests").size())
                .isEqualTo(1);
    }

    @Test
    void answers_are_given_in_turn_and_the_last_one_stays() throws Exception {
        assertThat(send("POST", "/_local/inbox/a", "").statusCode()).isEqualTo(200);
        HttpResponse<String> told = send("PUT", "/_local/inbox/a/answers",
                "{\"answers\": [{\"status\": 503, \"headers\": {\"Retry-After\": \"7\"}, \"delay_ms\": 0, \"body\": \"busy\"}, {\"status\": 202}]}");

        HttpResponse<String> first = send("POST", "/_local/inbox/a", "");

        assertThat(told.statusCode()).isEqualTo(204);
        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValue("retry-after")).contains("7");
        assertThat(first.body()).isEqualTo("busy");
        assertThat(send("POST", "/_local/inbox/a", "").statusCode()).isEqualTo(202);
        assertThat(send("POST", "/_local/inbox/a", "").statusCode()).isEqualTo(202);
        assertThat(send("POST", "/_local/inbox/b", "").statusCode()).isEqualTo(200);
    }

    @Test
    void told_to_close_the_inbox_takes_the_request_and_gives_no_answer() throws Exception {
        send("PUT", "/_local/inbox/a/answers", "{\"answers\": [{\"close\": true}]}");

        assertThatThrownBy(() -> send("POST", "/_local/inbox/a", "x")).isInstanceOf(IOException.class);

        assertThat(JSON.readTree(send("GET", "/_local/inbox?name=a", "").body()).path("requests").valueStream()
                .map(r -> r.path("body").stringValue())).contains("x");
    }

    @Test
    void a_delivery_in_flight_holds_the_clock() throws Exception {
        send("PUT", "/_local/inbox/slow/answers", "{\"answers\": [{\"status\": 200, \"delay_ms\": 300}]}");
        long began = System.nanoTime();
        var slow = http.sendAsync(request("POST", "/_local/inbox/slow", ""), BodyHandlers.ofString());
        String inbox = "";
        while (!inbox.contains("slow") && System.nanoTime() - began < 30_000_000_000L) {
            inbox = send("GET", "/_local/inbox", "").body();
        }

        send("POST", "/_local/clock", "{\"advance\": \"PT1H\"}");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(299));
        assertThat(slow).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void emptied_it_keeps_only_what_comes_later() throws Exception {
        send("POST", "/_local/inbox/a", "before");
        send("DELETE", "/_local/inbox", "");
        send("POST", "/_local/inbox/a", "after");

        assertThat(send("GET", "/_local/inbox", "").body()).contains("after").doesNotContain("before");
    }

    @Test
    void the_last_ten_thousand_are_kept() throws InterruptedException {
        Inbox inbox = new Inbox(clock, agenda);
        for (int i = 0; i <= Inbox.KEPT; i++) {
            inbox.take("a", new Request("POST", "/" + i, "", Map.of(), new byte[0], "HTTP/1.1", "::1"));
        }

        Reply.Answer shown = (Reply.Answer) inbox.show(java.util.Optional.empty());

        JsonNode requests = JSON.readTree(shown.body()).path("requests");
        assertThat(requests.size()).isEqualTo(10_000);
        assertThat(requests.get(0).path("path").stringValue()).isEqualTo("/1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"answers\": {}}", "{\"answers\": [1]}",
            "{\"answers\": [{\"status\": 99}]}",
            "{\"answers\": [{\"status\": \"200\"}]}", "{\"answers\": [{\"status\": 200.5}]}",
            "{\"answers\": [{\"delay_ms\": -1}]}",
            "{\"answers\": [{\"state\": 200}]}", "{\"answers\": [{\"body\": {}}]}",
            "{\"answers\": [{\"headers\": []}]}",
            "{\"answers\": [{\"headers\": {\"a b\": \"c\"}}]}", "{\"answers\": [{\"headers\": {\"a\": \"c\\nd\"}}]}",
            "{\"answers\": [{\"headers\": {\"a\": 1}}]}", "{\"answers\": [{\"close\": true, \"status\": 200}]}",
            "{\"answers\": [{\"close\": false}]}", "{\"answers\": [], \"more\": 1}"})
    void answers_of_the_wrong_shape_are_told_what_is_right(String body) throws Exception {
        HttpResponse<String> refused = send("PUT", "/_local/inbox/a/answers", body);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(send("POST", "/_local/inbox/a", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET, /_local, 404", "GET, /_local/nothing, 404", "POST, /_local/inbox/, 404",
            "POST, /_local/inbox/a/b, 404",
            "DELETE, /_local/health, 405", "DELETE, /_local/clock, 405", "POST, /_local/inbox, 405",
            "GET, /_local/inbox/a/answers, 405",
            "GET, /_local/inbox?names=a, 400", "HEAD, /_local/health, 503", "HEAD, /_local/clock, 200"})
    void every_other_local_call_is_refused_as_a_problem(String method, String path, int status) throws Exception {
        HttpResponse<String> refused = send(method, path, "");

        assertThat(refused.statusCode()).isEqualTo(status);
        if (status == 405) {
            assertThat(refused.headers().firstValue("allow")).isPresent();
        }
    }

    @Test
    void a_request_above_ten_megabytes_is_refused_as_api_gateway_does() throws Exception {
        HttpResponse<String> refused = http.send(
                HttpRequest.newBuilder(uri("/_local/inbox/a"))
                        .POST(BodyPublishers.ofByteArray(new byte[10 * 1024 * 1024 + 1])).build(),
                BodyHandlers.ofString());

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
    }

    @Test
    void a_taken_port_is_named() {
        assertThatThrownBy(() -> LocalHttpServer.start("127.0.0.1", server.port(), api))
                .isInstanceOf(BindException.class)
                .hasMessage("port " + server.port() + " is taken on 127.0.0.1");
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(request(method, path, body), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(uri(path)).header("x-test", "yes").method(method, BodyPublishers.ofString(body))
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
