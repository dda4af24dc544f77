package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Certificates;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose certificates are believed, and for which host. */
class TlsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String BUNDLE = "task-scheduler/ca";

    @TempDir
    private static Path folder = Path.of("");

    private static Map<String, Certificates> receivers = Map.of();

    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final WebhookActions actions = actions(Optional.of(BUNDLE));
    private final WebhookActions withoutBundle = actions(Optional.empty());

    @BeforeAll
    static void make() throws Exception {
        String names = "DNS:hooks.example,DNS:xn--bcher-kva.example,IP:127.0.0.1";
        receivers = Map.of("good", Certificates.of(folder, names), "past",
                Certificates.of(folder, names, "-startdate", "-10d", "-validity", "5"), "elsewhere",
                Certificates.of(folder, "DNS:elsewhere.example"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            good      | good      | hooks.example         | answered
            good      | good      | 127.0.0.1             | answered
            good      | good      | xn--bcher-kva.example | answered
            good      | elsewhere | hooks.example         | tls_error
            past      | past      | hooks.example         | tls_error
            elsewhere | elsewhere | hooks.example         | tls_error
            elsewhere | elsewhere | 127.0.0.1             | tls_error
            """)
    void a_certificate_must_be_of_a_trusted_authority_valid_by_now_and_for_that_host(String shown, String trusted,
            String host, String outcome)
            throws Exception {
        secrets.put(BUNDLE, receiver(trusted).pem());
        try (ServerSocket server = serving(receiver(shown))) {
            assertThat(word(perform("https://" + host + ":" + server.getLocalPort() + "/"))).isEqualTo(outcome);
        }
    }

    @Test
    void a_bundle_holds_many_and_a_new_one_counts_without_a_restart() throws Exception {
        secrets.put(BUNDLE, receiver("elsewhere").pem());
        try (ServerSocket server = serving(receiver("good"))) {
            String url = "https://hooks.example:" + server.getLocalPort() + "/";

            assertThat(word(perform(url))).isEqualTo("tls_error");
            secrets.put(BUNDLE, receiver("elsewhere").pem() + receiver("good").pem());
            assertThat(word(perform(url))).isEqualTo("answered");
        }
    }

    @Test
    void without_a_bundle_it_is_as_java_has_it() throws Exception {
        SSLContext before = SSLContext.getDefault();
        try (ServerSocket good = serving(receiver("good")); ServerSocket elsewhere = serving(receiver("elsewhere"))) {
            String url = "https://hooks.example:" + good.getLocalPort() + "/";

            assertThat(word(perform(withoutBundle, url))).isEqualTo("tls_error");
            SSLContext.setDefault(TrustedAuthorities.context(receiver("good").pem() + receiver("elsewhere").pem()));
            assertThat(word(perform(withoutBundle, url))).isEqualTo("answered");
            assertThat(word(perform(withoutBundle, "https://hooks.example:" + elsewhere.getLocalPort() + "/")))
                    .isEqualTo("tls_error");
        } finally {
            SSLContext.setDefault(before);
        }
    }

    @Test
    void the_public_authorities_are_trusted_as_well() throws Exception {
        assertThat(TrustedAuthorities.certificates(receiver("good").pem()).size())
                .isEqualTo(TrustedAuthorities.ofJava().length + 1).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''      | the bundle of authorities holds no certificates in PEM
            nothing | the bundle of authorities holds no certificates in PEM
                    | the bundle of authorities does not exist
            """)
    void a_bundle_that_is_none_sends_nothing(String pem, String why) {
        if (pem != null) {
            secrets.put(BUNDLE, pem);
        }

        assertThat(perform("http://127.0.0.1:1/")).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.SECRET_UNAVAILABLE);
            assertThat(failure.message()).isEqualTo(why);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothing_below_tls_1_2_is_offered(boolean bundle) throws Exception {
        secrets.put(BUNDLE, receiver("good").pem());
        CompletableFuture<byte[]> greeting = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket caller = server.accept()) {
                    InputStream in = caller.getInputStream();
                    byte[] record = in.readNBytes(5);
                    greeting.complete(in.readNBytes(((record[3] & 0xff) << 8) | (record[4] & 0xff)));
                } catch (IOException e) {
                    greeting.completeExceptionally(e);
                }
            });
            perform(bundle ? actions : withoutBundle, "https://hooks.example:" + server.getLocalPort() + "/");
        }

        // The extension supported_versions of the ClientHello (RFC 8446, 4.2.1): its number, its length, and the versions.
        assertThat(new String(greeting.get(), StandardCharsets.ISO_8859_1))
                .contains(new String(new byte[]{0, 43, 0, 5, 4, 3, 4, 3, 3}, StandardCharsets.ISO_8859_1));
    }

    private static Certificates receiver(String name) {
        return Optional.ofNullable(receivers.get(name)).orElseThrow();
    }

    private static ServerSocket serving(Certificates certificates) throws Exception {
        ServerSocket server = certificates.server().getServerSocketFactory().createServerSocket(0, 5,
                InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket caller = server.accept()) {
                    StringBuilder request = new StringBuilder();
                    while (request.indexOf("{}") < 0) {
                        request.append((char) caller.getInputStream().read());
                    }
                    caller.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException refusedOrClosed) {
                    // What the test is about, or its end.
                }
            }
        });
        return server;
    }

    private WebhookActions actions(Optional<String> bundle) {
        return new WebhookActions(
                new WebhookSettings(Webhooks.TO_THIS_MACHINE, Webhooks.SIGNING_SECRET, Webhooks.PREFIX, bundle),
                Webhooks.secrets(secrets),
                new ManualClock(Tasks.RUN_AT),
                new FakeNames().with("hooks.example", "127.0.0.1").with("xn--bcher-kva.example", "127.0.0.1"));
    }

    private AttemptResult perform(String url) {
        return perform(actions, url);
    }

    private static AttemptResult perform(WebhookActions actions, String url) {
        return actions.perform(new Attempt(Tasks.ID, new Webhook(URI.create(url), Webhook.Method.POST, Map.of(),
                Optional.of("{}"), Duration.ofSeconds(20)), 1, Tasks.RUN_AT, false, Optional.empty()));
    }

    private static String word(AttemptResult result) {
        return switch (result) {
            case Response answered -> "answered";
            case Failure failure -> failure.kind().name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
