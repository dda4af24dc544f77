package io.taskscheduler.local.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.taskscheduler.local.SampleTemplate;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Template;

import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class SqsServerIT {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

    @Test
    void queues_are_as_the_template_declares_them() throws IOException {
        try (SqsServer server = start(Optional.empty()); Queues queues = create(server)) {
            QueueResource source = queue(server, "SourceQueue");

            var attributes = queues.client()
                    .getQueueAttributes(r -> r.queueUrl(source.url()).attributeNames(QueueAttributeName.ALL))
                    .attributes();

            assertThat(attributes).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "90")
                    .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:us-east-1:123456789012:SourceQueue")
                    .hasEntrySatisfying(QueueAttributeName.REDRIVE_POLICY,
                            policy -> assertThat(policy).contains("arn:aws:sqs:us-east-1:123456789012:FailedQueue")
                                    .contains("5"));
            assertThat(queues.client().listQueues().queueUrls()).contains(source.url());
        }
    }

    @Test
    void a_delay_ends_when_the_virtual_clock_has_passed_it() throws IOException {
        try (SqsServer server = start(Optional.empty()); Queues queues = create(server)) {
            String url = queue(server, "SourceQueue").url();
            queues.client().sendMessage(r -> r.queueUrl(url).messageBody("later").delaySeconds(900));

            now.set(NOON.plus(Duration.ofSeconds(899)));
            assertThat(bodies(queues, url)).isEmpty();

            now.set(NOON.plus(Duration.ofSeconds(901)));
            assertThat(bodies(queues, url)).containsExactly("later");
        }
    }

    @Test
    void messages_in_a_data_folder_survive_the_server(@TempDir Path folder) throws IOException {
        try (SqsServer server = start(Optional.of(folder)); Queues queues = create(server)) {
            queues.send(queue(server, "FailedQueue").arn(), "kept", Map.of("ERROR_CODE", "Gone"));
        }

        try (SqsServer server = start(Optional.of(folder)); Queues queues = create(server)) {
            String url = queue(server, "FailedQueue").url();

            var messages = queues.client().receiveMessage(r -> r.queueUrl(url).messageAttributeNames("All")).messages();

            assertThat(messages).singleElement().satisfies(message -> {
                assertThat(message.body()).isEqualTo("kept");
                assertThat(message.messageAttributes().toString()).contains("ERROR_CODE").contains("Gone");
            });
        }
    }

    @Test
    void a_taken_port_is_named() throws IOException {
        try (SqsServer server = start(Optional.empty())) {
            int port = server.endpoint().getPort();
            var options = new SqsServer.Options("127.0.0.1", port, "us-east-1", "123456789012", Optional.empty());

            assertThatThrownBy(() -> SqsServer.start(options, now::get)).isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
    }

    private SqsServer start(Optional<Path> data) throws IOException {
        return SqsServer.start(new SqsServer.Options("127.0.0.1", 0, "us-east-1", "123456789012", data), now::get);
    }

    private static Queues create(SqsServer server) {
        return Queues.create(server.endpoint(), "us-east-1", declared(server));
    }

    private static List<QueueResource> declared(SqsServer server) {
        return QueueResource
                .of(Template.parse(SampleTemplate.text()).stack(Account.local(server.endpoint().toString()), Map.of()));
    }

    private static QueueResource queue(SqsServer server, String logicalId) {
        return declared(server).stream().filter(queue -> queue.logicalId().equals(logicalId)).findFirst().orElseThrow();
    }

    private static List<String> bodies(Queues queues, String url) {
        return queues.client().receiveMessage(r -> r.queueUrl(url)).messages().stream().map(m -> m.body()).toList();
    }
}
