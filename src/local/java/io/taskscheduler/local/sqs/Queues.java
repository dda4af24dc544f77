package io.taskscheduler.local.sqs;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.taskscheduler.local.template.QueueResource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** The template's queues on a running SQS. */
public final class Queues implements AutoCloseable {
    private final SqsClient client;
    private final Map<String, String> urlsByArn;

    private Queues(SqsClient client, Map<String, String> urlsByArn) {
        this.client = client;
        this.urlsByArn = urlsByArn;
    }

    /** Makes the queues that are not there yet and gives those that are the template's attributes. */
    public static Queues create(URI endpoint, String region, List<QueueResource> queues) {
        SqsClient client = SqsClient.builder().endpointOverride(endpoint).region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create()).build();
        Queues created = new Queues(client,
                queues.stream().collect(Collectors.toUnmodifiableMap(QueueResource::arn, QueueResource::url)));
        // A redrive policy names its target, which must be there first.
        queues.forEach(created::create);
        queues.forEach(created::redrive);
        return created;
    }

    /** Whether the ARN is one of the template's queues. */
    public boolean has(String arn) {
        return urlsByArn.containsKey(arn);
    }

    /** Sends a message with string attributes to the queue with this ARN, which must be one of the template's. */
    public void send(String arn, String body, Map<String, String> attributes) {
        send(arn, body, attributes, Optional.empty());
    }

    /** The same to a FIFO queue, which needs a message group. */
    public void send(String arn, String body, Map<String, String> attributes, Optional<String> messageGroupId) {
        String url = urlsByArn.get(arn);
        if (url == null) {
            throw new IllegalArgumentException(arn + " is not a queue of the template");
        }
        SendMessageRequest.Builder request = SendMessageRequest.builder().queueUrl(url).messageBody(body)
                .messageAttributes(attributes.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                        e -> MessageAttributeValue.builder().dataType("String").stringValue(e.getValue()).build())));
        messageGroupId.ifPresent(request::messageGroupId);
        client.sendMessage(request.build());
    }

    /** A client of the queues, for who wants to see what is in them. */
    public SqsClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }

    private void create(QueueResource queue) {
        Map<QueueAttributeName, String> attributes = new HashMap<>(
                Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(queue.visibility().toSeconds()),
                        QueueAttributeName.DELAY_SECONDS, Long.toString(queue.delay().toSeconds())));
        if (queue.fifo()) {
            attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        try {
            client.createQueue(r -> r.queueName(queue.name()).attributes(attributes));
        } catch (QueueNameExistsException fromAnEarlierTemplate) {
            attributes.remove(QueueAttributeName.FIFO_QUEUE);
            client.setQueueAttributes(r -> r.queueUrl(queue.url()).attributes(attributes));
        }
    }

    private void redrive(QueueResource queue) {
        queue.redrive().ifPresent(redrive -> {
            String target = queue.arn().substring(0, queue.arn().lastIndexOf(':') + 1) + redrive.deadLetterQueueName();
            client.setQueueAttributes(
                    r -> r.queueUrl(queue.url())
                            .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, "{\"deadLetterTargetArn\":\""
                                    + target + "\",\"maxReceiveCount\":" + redrive.maxReceiveCount() + "}")));
        });
    }
}
