package io.taskscheduler.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An SQS queue of the stack, with SQS's own defaults where the template is silent. */
public record QueueResource(String logicalId, String name, String url, String arn, Duration visibility, Duration delay,
        Duration retention, boolean fifo, Optional<Redrive> redrive) {
    public static final String TYPE = "AWS::SQS::Queue";
    private static final JsonMapper JSON = new JsonMapper();

    /** Where a message goes that was received {@code maxReceiveCount} times in vain. */
    public record Redrive(String deadLetterQueueName, int maxReceiveCount) {}

    /** The stack's queues, in the template's order. */
    public static List<QueueResource> of(Stack stack) {
        return stack.resources(TYPE).stream().map(resource -> of(resource, stack.account())).toList();
    }

    private static QueueResource of(Resource resource, Account account) {
        Properties queue = resource.properties();
        return new QueueResource(resource.logicalId(), resource.name(), resource.ref(),
                account.arn("sqs", resource.name()), seconds(queue, "VisibilityTimeout", 30),
                seconds(queue, "DelaySeconds", 0),
                seconds(queue, "MessageRetentionPeriod", 345_600), queue.flag("FifoQueue"), redrive(queue));
    }

    private static Duration seconds(Properties queue, String member, int defaultSeconds) {
        return Duration.ofSeconds(queue.number(member).orElse(defaultSeconds));
    }

    /** CloudFormation takes the policy as an object and as JSON text. */
    private static Optional<Redrive> redrive(Properties queue) {
        Properties policy = queue.child("RedrivePolicy");
        if (policy.isAbsent()) {
            return Optional.empty();
        }
        JsonNode json = policy.json().isString() ? JSON.readTree(policy.json().stringValue()) : policy.json();
        Properties redrive = new Properties(policy.place(), json);
        String arn = redrive.requiredText("deadLetterTargetArn");
        int count = redrive.number("maxReceiveCount")
                .orElseThrow(() -> new TemplateException(policy.place() + ".maxReceiveCount", "is missing"));
        return Optional.of(new Redrive(arn.substring(arn.lastIndexOf(':') + 1), count));
    }
}
