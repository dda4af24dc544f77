package io.taskscheduler.local;

import java.util.Map;
import java.util.Optional;

import io.taskscheduler.local.lambda.Destinations;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.scheduler.Invocation;
import io.taskscheduler.local.scheduler.TargetFailure;
import io.taskscheduler.local.scheduler.Targets;
import io.taskscheduler.local.sqs.Queues;

import software.amazon.awssdk.core.exception.SdkException;

/** Leads from an ARN to the template's function or queue behind it. */
final class LocalTargets implements Targets {
    private final Functions functions;
    private final Queues queues;

    LocalTargets(Functions functions, Queues queues) {
        this.functions = functions;
        this.queues = queues;
    }

    /** The destinations of asynchronous invocations, which are queues. */
    static Destinations destinations(Queues queues) {
        return (arn, body, attributes) -> {
            if (queues.has(arn)) {
                queues.send(arn, body, attributes);
            } else {
                System.err.println("Not emulated: a destination " + arn + "; lost there: " + body);
            }
        };
    }

    @Override
    public void invoke(Invocation invocation) throws TargetFailure {
        Optional<LocalFunction> function = functions.find(invocation.targetArn());
        if (function.isPresent()) {
            functions.accept(function.get(), invocation.input());
        } else {
            send(invocation.targetArn(), invocation.input(), Map.of(), invocation.messageGroupId());
        }
    }

    @Override
    public void deadLetter(String queueArn, String body, Map<String, String> attributes) throws TargetFailure {
        send(queueArn, body, attributes, Optional.empty());
    }

    private void send(String arn, String body, Map<String, String> attributes, Optional<String> messageGroupId)
            throws TargetFailure {
        if (!queues.has(arn)) {
            throw new TargetFailure("ResourceNotFoundException", "the template has no function and no queue " + arn,
                    false);
        }
        try {
            queues.send(arn, body, attributes, messageGroupId);
        } catch (SdkException e) {
            throw new TargetFailure("AWS.SimpleQueueService.ServiceUnavailable", String.valueOf(e.getMessage()), true);
        }
    }
}
