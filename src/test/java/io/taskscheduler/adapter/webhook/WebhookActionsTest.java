package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.Webhook.Method;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WebhookActionsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final Duration LONG = Duration.ofSeconds(20);

    private final ManualClock clock = new ManualClock(Tasks.RUN_AT.plusMillis(20));
    private final WebhookActions actions = Webhooks.actions(clock);

    @Test
    void the_request_is_what_the_caller_gave_and_what_identifies_the_task() throws IOException {
        try (RawReceiver receiver = RawReceiver.answering(OK)) {
            String body = "{\"b\": 1.0, \"a\":\"\\u00e9 é\"}";

            perform(webhook(receiver.url("/hook?x=%20y"), Method.PUT, Map.of("X-Team", "billing"), Optional.of(body)));

            assertThat(receiver.requests()).singleElement().satisfies(request -> {
                assertThat(request.lines().toList()).startsWith("PUT /hook?x=%20y HTTP/1.1").contains("X-Team: billing",
                        "webhook-id: " + Tasks.ID, "task-attempt: 3", "task-scheduled-at: 2027-05-17T15:00:00.250Z",
                        "user-agent: task-scheduler/1", "content-type: application/json", "connection: close",
                        "webhook-timestamp: " + Tasks.RUN_AT.getEpochSecond(),
                        "Host: " + receiver.url("").getAuthority());
                assertThat(request.lines().takeWhile(line -> !line.isEmpty())).hasSize(12);
                assertThat(request).endsWith(
                        "\r\n\r\n" + new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            });
        }
    }

    @Test
    void what_the_caller_says_of_content_type_and_user_agent_stands() throws IOException {
        try (RawReceiver receiver = RawReceiver.answering(OK)) {
            perform(webhook(receiver.url("/"), Method.POST,
                    Map.of("Content-Type", "application/vnd.api+json", "User-Agent", "mine"), Optional.of("{}")));

            assertThat(receiver.requests().getFirst()).contains("Content-Type: application/vnd.api+json")
                    .contains("User-Agent: mine").doesNotContain("task-scheduler").doesNotContain("application/json");
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_method_is_sent_without_a_body_when_there_is_no_data(Method method) throws IOException {
        try (RawReceiver receiver = RawReceiver.answering(OK)) {
            AttemptResult result = perform(webhook(receiver.url("/"), method, Map.of(), Optional.empty()));

            assertThat(((Response) result).statusCode()).isEqualTo(200);
            assertThat(receiver.requests().getFirst()).startsWith(method + " / ").endsWith("\r\n\r\n")
                    .doesNotContainIgnoringCase("content-type");
        }
    }

    @Test
    void an_answer_is_kept_with_its_status_and_its_first_1024_characters() throws IOException {
        String body = "é".repeat(3_000);
        try (RawReceiver receiver = RawReceiver
                .answering("HTTP/1.1 418 Teapot\r\nContent-Length: 6000\r\n\r\n" + body)) {
            Response response = (Response) perform(to(receiver.url("/")));

            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(response.body()).isEqualTo("é".repeat(1_024));
            assertThat(response.startedAt()).isEqualTo(Tasks.RUN_AT.plusMillis(20));
            assertThat(response.duration()).isBetween(Duration.ZERO, LONG);
        }
    }

    @Test
    void an_answer_in_another_charset_is_read_in_it() throws IOException {
        try (RawReceiver receiver = new RawReceiver(caller -> caller.getOutputStream().write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 1\r\n\r\né"
                        .getBytes(StandardCharsets.ISO_8859_1)))) {
            assertThat(((Response) perform(to(receiver.url("/")))).body()).isEqualTo("é");
        }
    }

    @Test
    void half_a_surrogate_pair_in_an_answer_is_replaced_as_no_store_could_keep_it() throws IOException {
        try (RawReceiver receiver = new RawReceiver(caller -> {
            OutputStream out = caller.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-32be\r\nContent-Length: 8\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[]{0, 0, (byte) 0xD8, 0, 0, 0, 0, 'a'});
        })) {
            assertThat(((Response) perform(to(receiver.url("/")))).body()).isEqualTo("?a");
        }
    }

    @ParameterizedTest
    @CsvSource({"7, PT7S", "0, PT0S", "99999999999, P365D", "'Mon, 17 May 2027 15:00:10 GMT', PT10S",
            "'Mon, 17 May 2027 14:00:00 GMT', PT0S", "soon, ", "-3, ", "1.5, "})
    void retry_after_is_read_as_seconds_or_as_a_date(String header, Duration wish) throws IOException {
        String answer = "HTTP/1.1 503 Busy\r\nRetry-After: " + header + "\r\nContent-Length: 0\r\n\r\n";
        try (RawReceiver receiver = RawReceiver.answering(answer)) {
            assertThat(((Response) perform(to(receiver.url("/")))).retryAfter()).isEqualTo(Optional.ofNullable(wish));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirects_are_not_followed(int status) throws IOException {
        String answer = "HTTP/1.1 " + status + " Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        try (RawReceiver receiver = RawReceiver.answering(answer)) {
            assertThat(((Response) perform(to(receiver.url("/")))).statusCode()).isEqualTo(status);
            assertThat(receiver.requests()).hasSize(1);
        }
    }

    @Test
    void a_compressed_answer_is_not_asked_for_and_not_inflated() throws IOException {
        try (RawReceiver receiver = RawReceiver
                .answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain")) {
            assertThat(((Response) perform(to(receiver.url("/")))).body()).isEqualTo("plain");
            assertThat(receiver.requests().getFirst()).doesNotContainIgnoringCase("accept-encoding");
        }
    }

    @Test
    void a_receiver_that_never_answers_is_cut_off() throws IOException {
        try (RawReceiver receiver = new RawReceiver(WebhookActionsTest::waitForTheEnd)) {
            assertThat(failure(oneSecond(receiver.url("/")))).isEqualTo(FailureKind.TIMEOUT);
        }
    }

    @Test
    void a_receiver_that_drips_its_headers_is_cut_off() throws IOException {
        try (RawReceiver receiver = new RawReceiver(caller -> drip(caller, "HTTP/1.1 200 OK\r\nX: "))) {
            AttemptResult result = perform(oneSecond(receiver.url("/")));

            assertThat(result).isInstanceOfSatisfying(Failure.class,
                    failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT));
            assertThat(result.duration()).isBetween(Duration.ofMillis(950), LONG);
        }
    }

    @Test
    void a_receiver_that_drips_its_body_has_answered() throws IOException {
        try (RawReceiver receiver = new RawReceiver(
                caller -> drip(caller, "HTTP/1.1 200 OK\r\n\r\n"))) {
            AttemptResult result = perform(within(Duration.ofSeconds(3), receiver.url("/")));

            assertThat(result).isInstanceOfSatisfying(Response.class, response -> {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).startsWith("x").hasSizeLessThan(AttemptResult.MAX_TEXT);
            });
            assertThat(result.duration()).isBetween(Duration.ofMillis(2_950), LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 1000000000000\r\n", "Transfer-Encoding: chunked\r\n"})
    void an_endless_answer_is_read_to_64_kilobytes(String framing) throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawReceiver receiver = new RawReceiver(caller -> {
            try {
                OutputStream out = caller.getOutputStream();
                out.write(("HTTP/1.1 200 OK\r\n" + framing + "\r\n").getBytes(StandardCharsets.US_ASCII));
                byte[] chunk = ("400\r\n" + "x".repeat(1_024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(chunk);
                }
            } finally {
                closed.countDown();
            }
        })) {
            Response response = (Response) perform(to(receiver.url("/")));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.duration()).isLessThan(LONG);
            closed.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', CONNECTION_CLOSED", "'HTTP/1.1 200 OK\r\nContent-Le', INVALID_RESPONSE",
            "'HTTP/1.1 200 OK\r\nno header\r\n\r\n', INVALID_RESPONSE",
            // The client takes it for a status and then refuses it as an argument.
            "'HTTP/1.1 000 OK\r\n\r\n', INVALID_RESPONSE",
            // The client skips what stands before a status line, and none comes.
            "'SSH-2.0-OpenSSH_9.2\r\n', CONNECTION_CLOSED"})
    void an_answer_that_breaks_off_or_is_not_http_is_a_failure(String answer, FailureKind kind) throws IOException {
        try (RawReceiver receiver = RawReceiver.answering(answer)) {
            assertThat(failure(to(receiver.url("/")))).isEqualTo(kind);
        }
    }

    @Test
    void ten_thousand_headers_are_a_failure() throws IOException {
        try (RawReceiver receiver = RawReceiver
                .answering("HTTP/1.1 200 OK\r\n" + "X-Y: z\r\n".repeat(10_000) + "\r\n")) {
            assertThat(failure(to(receiver.url("/")))).isEqualTo(FailureKind.INVALID_RESPONSE);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, WWW-Authenticate", "407, Proxy-Authenticate"})
    void a_receiver_that_asks_for_credentials_has_answered_and_is_not_logged(int status, String header)
            throws IOException {
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (RawReceiver receiver = RawReceiver.answering(
                "HTTP/1.1 " + status + " No\r\n" + header + ": Digest a-secret\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(((Response) perform(to(receiver.url("/")))).statusCode()).isEqualTo(status);
            assertThat(receiver.requests()).hasSize(1);
        } finally {
            System.setErr(usual);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void an_answer_cut_off_in_its_body_is_an_answer() throws IOException {
        try (RawReceiver receiver = RawReceiver.answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
            assertThat(((Response) perform(to(receiver.url("/")))).body()).isEqualTo("half");
        }
    }

    @Test
    void a_closed_port_is_a_refused_connection() throws IOException {
        RawReceiver receiver = RawReceiver.answering(OK);
        URI url = receiver.url("/");
        receiver.close();

        assertThat(failure(to(url))).isEqualTo(FailureKind.CONNECTION_REFUSED);
    }

    @Test
    void a_name_that_does_not_exist_is_a_dns_error() {
        assertThat(failure(to(URI.create("http://no-such-host.invalid/")))).isEqualTo(FailureKind.DNS_ERROR);
    }

    @Test
    void a_receiver_without_tls_on_an_https_url_is_a_tls_error() throws IOException {
        try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerWithoutReading(receiver));

            assertThat(failure(to(URI.create("https://127.0.0.1:" + receiver.getLocalPort() + "/"))))
                    .isEqualTo(FailureKind.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @CsvSource({"Network is unreachable, UNREACHABLE", "Connection reset, CONNECTION_CLOSED"})
    void what_the_socket_says_tells_an_address_out_of_reach_from_a_broken_connection(String said, FailureKind kind) {
        assertThat(Failures.describe(Tasks.RUN_AT, Duration.ZERO, Optional.of(new SocketException(said)),
                Duration.ofSeconds(1)).kind()).isEqualTo(kind);
    }

    private FailureKind failure(Webhook webhook) {
        return ((Failure) perform(webhook)).kind();
    }

    private AttemptResult perform(Webhook webhook) {
        return actions.perform(new Attempt(Tasks.ID, webhook, 3, Tasks.RUN_AT, false, Optional.empty()));
    }

    private static Webhook to(URI url) {
        return webhook(url, Method.POST, Map.of(), Optional.of("{}"));
    }

    private static Webhook oneSecond(URI url) {
        return within(Duration.ofSeconds(1), url);
    }

    private static Webhook within(Duration timeout, URI url) {
        return new Webhook(url, Method.POST, Map.of(), Optional.of("{}"), timeout);
    }

    private static Webhook webhook(URI url, Method method, Map<String, String> headers, Optional<String> body) {
        return new Webhook(url, method, headers, body, LONG);
    }

    /** Writes the beginning, then a byte each time that nothing has come from the caller for a while. */
    private static void drip(Socket caller, String beginning) throws IOException {
        OutputStream out = caller.getOutputStream();
        out.write(beginning.getBytes(StandardCharsets.US_ASCII));
        caller.setSoTimeout(20);
        while (isOpen(caller)) {
            out.write('x');
        }
    }

    private static boolean isOpen(Socket caller) throws IOException {
        try {
            return caller.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        }
    }

    /** A greeting of TLS has no end that a receiver of plain HTTP could wait for. */
    private static void answerWithoutReading(ServerSocket receiver) {
        try (Socket caller = receiver.accept()) {
            caller.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
            // Closed with something unread it would reset the connection before the answer is seen.
            caller.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitForTheEnd(Socket caller) throws IOException {
        assertThat(caller.getInputStream().read()).isNegative();
    }
}
