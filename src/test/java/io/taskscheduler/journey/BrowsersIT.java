package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.RunningSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a page of another origin gets to see, and what {@code HEAD} and {@code OPTIONS} answer, byte by byte on the connection: no HTTP client
 * lets all of it be sent and seen.
 */
class BrowsersIT {

    private static final String ORIGIN = "https://console.example.com";

    private static @Nullable RunningSystem system;

    private final Caller caller = new Caller(requireNonNull(system).api());

    /** @param head the status line and the headers, names in lower case */
    private record Answer(List<String> head, String body) {

        String status() {
            return head.getFirst().split(" ", 3)[1];
        }

        List<String> without(String name) {
            return head.stream().filter(line -> !line.startsWith(name)).toList();
        }
    }

    @BeforeAll
    static void start() {
        system = RunningSystem.startWithOrigins(ORIGIN);
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    @Test
    void a_page_of_an_allowed_origin_asks_calls_and_reads_what_it_needs() throws IOException {
        Answer asked = send("OPTIONS", "/schedule-task", "Origin: " + ORIGIN, "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type,idempotency-key");
        Answer called = send("GET", "/tasks/nobody", "Origin: " + ORIGIN);

        assertThat(asked.status()).isEqualTo("204");
        assertThat(asked.body()).isEmpty();
        assertThat(asked.head()).contains("access-control-allow-origin: " + ORIGIN,
                "access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS",
                "access-control-allow-headers: authorization,content-type,idempotency-key,if-match,if-none-match,"
                        + "traceparent,x-amz-date,x-amz-security-token,x-amz-content-sha256",
                "access-control-max-age: 3600");
        assertThat(called.status()).isEqualTo("404");
        assertThat(called.head()).contains("access-control-allow-origin: " + ORIGIN,
                "access-control-expose-headers: etag,location,allow,retry-after,www-authenticate,apigw-requestid");
    }

    @Test
    void a_page_of_a_foreign_origin_is_told_nothing() throws IOException {
        Answer asked = send("OPTIONS", "/schedule-task", "Origin: https://evil.example",
                "Access-Control-Request-Method: POST");
        Answer called = send("GET", "/tasks/nobody", "Origin: https://evil.example");

        assertThat(asked.status()).isEqualTo("204");
        assertThat(asked.head()).noneMatch(line -> line.startsWith("access-control-"));
        assertThat(called.status()).isEqualTo("404");
        assertThat(called.head()).noneMatch(line -> line.startsWith("access-control-"));
    }

    @Test
    void options_without_an_origin_names_the_methods_of_a_path() throws IOException {
        Answer answer = send("OPTIONS", "/tasks/nobody");

        assertThat(answer.status()).isEqualTo("204");
        assertThat(answer.head()).contains("allow: DELETE, GET, HEAD, OPTIONS, PATCH, PUT")
                .noneMatch(line -> line.startsWith("content-length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tasks/{task}", "/tasks/nobody", "/openapi.yaml", "/tasks?status=failed"})
    void head_answers_like_get_without_the_body(String path) throws IOException {
        String there = path.replace("{task}", caller.schedule("browsers", "\"delay\": \"P1D\""));

        Answer got = send("GET", there);
        Answer head = send("HEAD", there);

        assertThat(head.body()).isEmpty();
        assertThat(got.body()).isNotEmpty();
        assertThat(head.head()).anyMatch(line -> line.startsWith("content-type: "))
                .contains("content-length: " + got.body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(head.without("date").stream().filter(line -> !line.startsWith("apigw-requestid")).toList())
                .containsExactlyInAnyOrderElementsOf(got.without("date").stream()
                        .filter(line -> !line.startsWith("apigw-requestid")).toList());
    }

    @Test
    void what_has_not_changed_has_no_length() throws IOException {
        String id = caller.schedule("browsers", "\"delay\": \"P1D\"");

        Answer answer = send("GET", "/tasks/" + id, "If-None-Match: \"1\"");

        assertThat(answer.status()).isEqualTo("304");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.head()).contains("etag: \"1\"").noneMatch(line -> line.startsWith("content-length"));
    }

    private Answer send(String method, String path, String... headers) throws IOException {
        try (Socket socket = new Socket("localhost", caller.api().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + List.of(headers).stream().map(header -> header + "\r\n").collect(Collectors.joining()) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String all = in.readAllAsString();
            int end = all.indexOf("\r\n\r\n");
            return new Answer(all.substring(0, end).lines().map(BrowsersIT::lowerName).toList(),
                    all.substring(end + 4));
        }
    }

    private static String lowerName(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? line : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
    }
}
