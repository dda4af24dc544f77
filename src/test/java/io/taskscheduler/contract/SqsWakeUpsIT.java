package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.sqs.SqsWakeUps;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.sqs.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** On the embedded SQS. */
class SqsWakeUpsIT extends WakeUpsContract {

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(CREATED);
    private static @Nullable SqsServer server;

    private final SqsClient client = client(requireNonNull(server).endpoint());
    private final String queue = client.createQueue(create -> create.queueName("line-" + System.nanoTime())).queueUrl();

    @BeforeAll
    static void start() throws IOException {
        server = SqsServer.start(new SqsServer.Options("127.0.0.1", 0, "us-east-1", "123456789012", Optional.empty()),
                NOW::get);
    }

    @AfterAll
    static void end() {
        requireNonNull(server).close();
    }

    @Override
    WakeUps line() {
        NOW.set(CREATED);
        return new SqsWakeUps(client, queue, NOW::get);
    }

    @Test
    void a_wake_up_comes_out_at_its_time_with_its_sender() {
        line().send(List.of(new WakeUp(Tasks.ID, WokenBy.RECONCILER, CREATED.plusMillis(1_500))));

        NOW.set(CREATED.plusMillis(1_999));
        assertThat(received()).isEmpty();
        NOW.set(CREATED.plusMillis(2_001));
        assertThat(received()).extracting(Message::body).containsExactly(
                "{\"source\":\"custom.reconciler\",\"detail\":{\"taskId\":\"" + Tasks.ID + "\"}}");
    }

    @Test
    void a_line_that_is_not_there_is_unavailable() {
        WakeUps nowhere = new SqsWakeUps(client(URI.create("http://127.0.0.1:1")), queue,
                InstantSource.fixed(CREATED));

        assertThatThrownBy(() -> nowhere.send(List.of(new WakeUp(Tasks.ID, WokenBy.TIMER, CREATED))))
                .isInstanceOf(Unavailable.class).hasMessageContaining("SQS");
        assertThatThrownBy(nowhere::waiting).isInstanceOf(Unavailable.class);
    }

    private List<Message> received() {
        return client.receiveMessage(receive -> receive.queueUrl(queue).maxNumberOfMessages(10)).messages();
    }

    private static SqsClient client(URI endpoint) {
        return SqsClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClient(UrlConnectionHttpClient.create()).build();
    }
}
