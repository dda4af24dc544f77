package io.taskscheduler.adapter.sqs;

import io.taskscheduler.adapter.FailedCall;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.domain.WokenBy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * The line of wake-ups as an SQS queue: one message for each, delayed until its time. A delay has whole seconds, and is rounded up. The message
 * is the event that a timer sends, with the sender as its {@code source}.
 */
public final class SqsWakeUps implements WakeUps {

    /** Source: the quota of SendMessageBatch. */
    private static final int BATCH = 10;

    private final SqsClient client;
    private final String queueUrl;
    private final InstantSource clock;

    public SqsWakeUps(SqsClient client, String queueUrl, InstantSource clock) {
        this.client = client;
        this.queueUrl = queueUrl;
        this.clock = clock;
    }

    @Override
    public void send(List<WakeUp> wakeUps) {
        for (int from = 0; from < wakeUps.size(); from += BATCH) {
            send(entries(wakeUps.subList(from, Math.min(from + BATCH, wakeUps.size()))), true);
        }
    }

    @Override
    public int waiting() {
        List<QueueAttributeName> counts = List.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
        try {
            Map<QueueAttributeName, String> answer = client
                    .getQueueAttributes(get -> get.queueUrl(queueUrl).attributeNames(counts)).attributes();
            return counts.stream().mapToInt(name -> Integer.parseInt(answer.getOrDefault(name, "0"))).sum();
        } catch (SdkException e) {
            throw FailedCall.unavailable("SQS did not answer GetQueueAttributes", e);
        }
    }

    /** SQS may take some of a batch and refuse others: those are sent once more. */
    private void send(List<SendMessageBatchRequestEntry> entries, boolean again) {
        List<String> refused;
        try {
            refused = client.sendMessageBatch(batch -> batch.queueUrl(queueUrl).entries(entries)).failed().stream()
                    .map(failed -> failed.id()).toList();
        } catch (SdkException e) {
            throw FailedCall.unavailable("SQS did not take the wake-ups", e);
        }
        if (refused.isEmpty()) {
            return;
        }
        if (!again) {
            throw new Unavailable("SQS refused " + refused.size() + " wake-ups twice",
                    new IllegalStateException("refused entries"));
        }
        send(entries.stream().filter(entry -> refused.contains(entry.id())).toList(), false);
    }

    private List<SendMessageBatchRequestEntry> entries(List<WakeUp> wakeUps) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (WakeUp wakeUp : wakeUps) {
            entries.add(SendMessageBatchRequestEntry.builder().id(Integer.toString(entries.size()))
                    .delaySeconds(delaySeconds(wakeUp)).messageBody(body(wakeUp)).build());
        }
        return entries;
    }

    private int delaySeconds(WakeUp wakeUp) {
        Duration ahead = Duration.between(clock.instant(), wakeUp.at());
        if (ahead.compareTo(HORIZON) > 0) {
            throw new IllegalArgumentException("a wake-up lies at most " + HORIZON + " ahead: " + ahead);
        }
        return ahead.isNegative() ? 0 : Math.toIntExact(ahead.plusMillis(999).toSeconds());
    }

    // An id needs no escaping.
    private static String body(WakeUp wakeUp) {
        return "{\"source\":\"" + source(wakeUp.by()) + "\",\"detail\":{\"taskId\":\"" + wakeUp.task() + "\"}}";
    }

    private static String source(WokenBy by) {
        return switch (by) {
            case TIMER -> "custom.scheduler";
            case RECONCILER -> "custom.reconciler";
            case DEAD_LETTER -> "custom.dead-letter";
        };
    }
}
