package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Secret;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What webhooks are sent with that no task holds: the signature, and the secrets that headers name. */
class WebhookSecretsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String TOKEN = "task-scheduler/billing/token";

    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final ManualClock clock = new ManualClock(Tasks.RUN_AT);
    private final RawReceiver receiver = RawReceiver.answering(OK);

    WebhookSecretsTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        receiver.close();
    }

    @Test
    void every_attempt_is_signed_at_its_own_time_over_the_exact_bytes() throws UnusableSecret {
        String body = "{\"b\": 1.0, \"a\":\"\\u00e9 é\"}";
        for (int attempt = 1; attempt <= 2; attempt++) {
            perform(webhook(Map.of(), Optional.of(body)), Webhooks.secrets(texts));
            clock.advance(Duration.ofMinutes(3));
        }
        perform(webhook(Map.of(), Optional.empty()), Webhooks.secrets(texts));

        List<String> expected = List.of(signed(Tasks.RUN_AT.getEpochSecond(), body),
                signed(Tasks.RUN_AT.getEpochSecond() + 180, body), signed(Tasks.RUN_AT.getEpochSecond() + 360, ""));
        assertThat(receiver.requests()).extracting(request -> header(request, "webhook-signature"))
                .isEqualTo(expected);
        assertThat(receiver.requests()).extracting(request -> header(request, "webhook-timestamp")).containsExactly(
                "" + Tasks.RUN_AT.getEpochSecond(), "" + (Tasks.RUN_AT.getEpochSecond() + 180),
                "" + (Tasks.RUN_AT.getEpochSecond() + 360));
    }

    @Test
    void secrets_are_put_where_a_header_names_them_at_each_attempt() {
        texts.put(TOKEN, "tok-1\n");
        texts.put("task-scheduler/x", "{{secret:billing/token}} $1 \\");
        Map<String, String> headers = Map.of("authorization", "Bearer {{secret:billing/token}}", "x-two",
                "{{secret:x}}/{{secret:billing/token}}", "x-none", "{{ secret:x}} {secret:x}");
        Webhook webhook = webhook(headers, Optional.of("{\"a\":\"{{secret:x}}\"}"));
        perform(webhook, Webhooks.secrets(texts));
        texts.put(TOKEN, "tok-2");
        perform(webhook, Webhooks.secrets(texts));

        assertThat(receiver.requests()).extracting(request -> header(request, "authorization"))
                .containsExactly("Bearer tok-1", "Bearer tok-2");
        assertThat(receiver.requests()).first().satisfies(request -> {
            assertThat(header(request, "x-two")).isEqualTo("{{secret:billing/token}} $1 \\/tok-1");
            assertThat(header(request, "x-none")).isEqualTo("{{ secret:x}} {secret:x}");
            assertThat(request).as("the body").endsWith("{\"a\":\"{{secret:x}}\"}");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{secret:no/such}}      |           | the secret no/such does not exist, or holds no text
            {{secret:lines}}        | one\\ntwo | the secret lines holds what no header can
            {{secret:lines}}        | ünïcode   | the secret lines holds what no header can
            """)
    void a_secret_that_cannot_be_put_there_fails_the_attempt_for_good_by_its_name(String header, String text,
            String why) {
        if (text != null) {
            texts.put("task-scheduler/lines", text.replace("\\n", "\n"));
        }

        AttemptResult result = perform(webhook(Map.of("x", header), Optional.of("{}")), Webhooks.secrets(texts));

        assertThat(result).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_SECRET);
            assertThat(failure.message()).startsWith(why).doesNotContain("two").doesNotContain("ünï");
        });
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void a_receiver_that_says_what_it_was_sent_does_not_bring_a_secret_into_the_task() throws IOException {
        texts.put(TOKEN, "tok-of-many-letters");
        try (RawReceiver echo = new RawReceiver(caller -> caller.getOutputStream().write(
                ("HTTP/1.1 400 Bad\r\nconnection: close\r\n\r\n" + "x".repeat(1_015)
                        + "tok-of-many-letters and tok-of-many-letters").getBytes(StandardCharsets.US_ASCII)))) {
            Webhook webhook = new Webhook(echo.url("/"), Webhook.Method.POST,
                    Map.of("authorization", "Bearer {{secret:billing/token}}"), Optional.of("{}"),
                    Duration.ofSeconds(20));

            assertThat(perform(webhook, Webhooks.secrets(texts))).isInstanceOfSatisfying(Response.class,
                    answer -> assertThat(answer.body()).isEqualTo("x".repeat(1_015) + "*** and *"));
        }
    }

    @Test
    void a_store_that_does_not_answer_fails_the_attempt_for_now_and_nothing_goes_out_unsigned() {
        AttemptResult result = perform(webhook(Map.of(), Optional.of("{}")), id -> {
            throw new Unavailable("Secrets Manager did not answer: arn and account", new IllegalStateException());
        });

        assertThat(result).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.SECRET_UNAVAILABLE);
            assertThat(failure.kind().isLasting()).isFalse();
            assertThat(failure.message()).isEqualTo("the signing secret could not be read");
        });
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void a_stack_without_its_signing_secret_sends_nothing() {
        assertThat(perform(webhook(Map.of(), Optional.of("{}")), id -> Optional.empty()))
                .isInstanceOfSatisfying(Failure.class,
                        failure -> assertThat(failure.message()).isEqualTo("the signing secret does not exist"));
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void reading_secrets_counts_in_the_time_of_the_attempt() {
        CountDownLatch never = new CountDownLatch(1);
        Webhook webhook = new Webhook(receiver.url("/"), Webhook.Method.POST, Map.of(), Optional.of("{}"),
                Duration.ofSeconds(1));

        AttemptResult result = perform(webhook, id -> {
            try {
                never.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(new Secret(Webhooks.SIGNING_KEY));
        });

        assertThat(result).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.SECRET_UNAVAILABLE);
            assertThat(failure.duration()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        });
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void an_attempt_that_works_starts_when_its_secrets_are_there() {
        AttemptResult result = perform(webhook(Map.of(), Optional.of("{}")), id -> {
            clock.advance(Duration.ofMillis(250));
            return Optional.of(new Secret(Webhooks.SIGNING_KEY));
        });

        assertThat(result).isInstanceOf(Response.class);
        assertThat(result.startedAt()).isEqualTo(Tasks.RUN_AT.plusMillis(250));
    }

    private AttemptResult perform(Webhook webhook, Secrets secrets) {
        return new WebhookActions(Webhooks.settings(Webhooks.TO_THIS_MACHINE), secrets, clock)
                .perform(new Attempt(Tasks.ID, webhook, 1, Tasks.RUN_AT, false, Optional.empty()));
    }

    private Webhook webhook(Map<String, String> headers, Optional<String> body) {
        return new Webhook(receiver.url("/"), Webhook.Method.POST, headers, body, Duration.ofSeconds(20));
    }

    private static String signed(long at, String body) throws UnusableSecret {
        return Signatures.of(new Secret(Webhooks.SIGNING_KEY), Tasks.ID.value(), at,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static String header(String request, String name) {
        return request.lines().filter(line -> line.startsWith(name + ": ")).findFirst()
                .map(line -> line.substring(name.length() + 2)).orElse("none");
    }
}
