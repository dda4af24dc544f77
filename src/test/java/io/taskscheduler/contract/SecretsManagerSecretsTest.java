package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.secretsmanager.SecretsManagerSecrets;
import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Secret;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.http.LocalHttpServer;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.secrets.SecretsManager;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The adapter and the local Secrets Manager, one against the other. */
class SecretsManagerSecretsTest {

    private static final String ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:SigningSecret";

    @TempDir
    private Path folder = Path.of("");

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean();
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private Path file = Path.of("");
    private Secrets secrets = id -> Optional.empty();

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("secrets.properties");
        keep("task-scheduler/billing/token=tok-1");
        SecretsManager manager = new SecretsManager(Map.of(ARN, "of the stack"), Optional.of(file));
        LocalHttpServer server = LocalHttpServer.start("127.0.0.1", 0, request -> {
            calls.incrementAndGet();
            hang.await();
            return down.get() ? Reply.json(500, "application/x-amz-json-1.1", "{}") : manager.answer(request);
        });
        SecretsManagerClient client = SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create())
                .region(Region.US_EAST_1).endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
        open.addAll(List.of(server, client));
        secrets = new SecretsManagerSecrets(client, clock);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void a_secret_is_found_by_its_arn_or_its_name() {
        assertThat(secrets.find(ARN)).contains(new Secret("of the stack"));
        assertThat(secrets.find("task-scheduler/billing/token")).contains(new Secret("tok-1"));
        assertThat(secrets.find("task-scheduler/other")).isEmpty();
    }

    @Test
    void a_warm_function_asks_for_none_again_for_five_minutes() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            assertThat(secrets.find(ARN)).isPresent();
            assertThat(secrets.find("task-scheduler/billing/token")).contains(new Secret("tok-1"));
        }
        assertThat(calls).hasValue(2);

        keep("task-scheduler/billing/token=tok-2");
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(secrets.find("task-scheduler/billing/token")).contains(new Secret("tok-1"));
        clock.advance(Duration.ofMillis(1));
        assertThat(secrets.find("task-scheduler/billing/token")).contains(new Secret("tok-2"));
        assertThat(calls).hasValue(3);
    }

    @Test
    void messages_of_one_batch_ask_once() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Optional<Secret>>> asked = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                asked.add(() -> secrets.find(ARN));
            }
            for (Future<Optional<Secret>> answer : threads.invokeAll(asked)) {
                assertThat(answer.get()).isPresent();
            }
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void while_the_store_is_down_what_is_known_is_good_and_what_is_not_is_an_error() {
        secrets.find(ARN);
        down.set(true);
        clock.advance(Duration.ofHours(1));

        assertThat(secrets.find(ARN)).contains(new Secret("of the stack"));
        assertThatThrownBy(() -> secrets.find("task-scheduler/billing/token")).isInstanceOf(Unavailable.class)
                .hasMessageStartingWith("Secrets Manager did not answer GetSecretValue");
    }

    @Test
    void a_store_that_hangs_holds_up_nobody_who_has_a_secret_and_nobody_who_wants_another() throws Exception {
        secrets.find(ARN);
        clock.advance(Duration.ofMinutes(6));
        CountDownLatch hanging = new CountDownLatch(1);
        hang = hanging;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Optional<Secret>> unknown = threads.submit(() -> secrets.find("task-scheduler/billing/token"));
            List<Callable<Optional<Secret>>> batch = Collections.nCopies(10, () -> secrets.find(ARN));
            for (Future<Optional<Secret>> answer : threads.invokeAll(batch)) {
                assertThat(answer.get()).contains(new Secret("of the stack"));
            }
            int asked = calls.get();
            assertThat(secrets.find(ARN)).isPresent();
            assertThat(calls).as("asked again though the store is silent").hasValue(asked);
            assertThat(unknown.isDone()).isFalse();
            hanging.countDown();
            assertThat(unknown.get()).contains(new Secret("tok-1"));
        }
        clock.advance(Duration.ofMinutes(6));
        assertThat(secrets.find(ARN)).contains(new Secret("of the stack"));
    }

    @Test
    void a_secret_that_was_deleted_is_gone_and_one_that_comes_is_found() throws IOException {
        secrets.find("task-scheduler/billing/token");
        assertThat(secrets.find("task-scheduler/new")).isEmpty();
        keep("task-scheduler/new=here");

        assertThat(secrets.find("task-scheduler/new")).contains(new Secret("here"));
        clock.advance(Duration.ofMinutes(5));
        assertThat(secrets.find("task-scheduler/billing/token")).isEmpty();
    }

    @Test
    void the_file_wins_over_a_secret_of_the_stack_so_that_it_can_be_rotated() throws IOException {
        assertThat(secrets.find(ARN)).contains(new Secret("of the stack"));
        keep("SigningSecret=whsec_new whsec_old");
        clock.advance(Duration.ofMinutes(5));

        assertThat(secrets.find(ARN)).contains(new Secret("whsec_new whsec_old"));
        assertThat(secrets.find("SigningSecret")).contains(new Secret("whsec_new whsec_old"));
        keep("other=x");
        clock.advance(Duration.ofMinutes(5));
        assertThat(secrets.find(ARN)).contains(new Secret("of the stack"));
    }

    @Test
    void a_secret_does_not_show_when_it_is_printed() {
        assertThat(secrets.find(ARN).toString()).doesNotContain("stack");
    }

    private void keep(String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
