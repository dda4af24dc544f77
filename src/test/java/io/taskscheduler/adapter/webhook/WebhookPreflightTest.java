package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Preflight.Request;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.Webhook.Method;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a request is what is sent. */
class WebhookPreflightTest {

    private static final Optional<String> TRACE = Optional
            .of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | {"a": "é"} | x-team       | billing
            POST   |            | x-team       | billing
            PUT    | 1          | content-type | application/x-own
            PATCH  |            | user-agent   | me
            GET    |            | traceparent  | mine
            DELETE |            | x-team       | billing
            DELETE | [1]        | x-team       | billing
            """)
    void the_request_is_told_to_the_byte(Method method, String body, String header, String value) throws IOException {
        try (RawReceiver receiver = RawReceiver.answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
            Webhook webhook = new Webhook(receiver.url("/a?b=%20c"), method, Map.of(header, value),
                    Optional.ofNullable(body), Duration.ofSeconds(5));
            Attempt attempt = new Attempt(Tasks.ID, webhook, 1, Tasks.RUN_AT, false, TRACE);

            Webhooks.actions(new ManualClock(Tasks.RUN_AT)).perform(attempt);

            assertThat(text(new WebhookPreflight(Webhooks.TO_THIS_MACHINE).request(attempt, Tasks.RUN_AT)))
                    .isEqualTo(sorted(receiver.requests().getFirst()
                            .replaceFirst("webhook-signature: v1,[A-Za-z0-9+/]{43}=", "webhook-signature: ***")));
        }
    }

    private static List<String> text(Request request) {
        List<String> lines = new ArrayList<>();
        request.headers().forEach((name, value) -> lines.add(name + ": " + value));
        String path = request.url().substring(request.url().indexOf("/a"));
        return sorted(request.method() + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n"
                + new String(request.body().orElse("").getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1));
    }

    /** Names of headers in lower case, since HTTP makes no difference. */
    private static List<String> sorted(String request) {
        int end = request.indexOf("\r\n\r\n");
        List<String> lines = new ArrayList<>(request.substring(0, end).lines().map(line -> {
            int colon = line.indexOf(": ");
            return colon < 0 || line.startsWith("/")
                    ? line
                    : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
        }).sorted().toList());
        lines.add(request.substring(end));
        return lines;
    }
}
