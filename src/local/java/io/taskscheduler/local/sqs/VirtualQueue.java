package io.taskscheduler.local.sqs;

import java.time.Duration;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.NewMessageData;
import org.elasticmq.QueueData;
import org.elasticmq.msg.GetQueueData;
import org.elasticmq.msg.SendMessage;
import org.elasticmq.util.NowProvider;

/**
 * Stands before a queue and says when a sent message is first delivered. ElasticMQ itself takes the given clock for visibility
 * time-outs and receives, but the system's for a message that is sent: on another time its delay would be too long or too short.
 */
final class VirtualQueue extends AbstractActor {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final NowProvider clock;
    private final ActorRef queue;

    VirtualQueue(NowProvider clock, ActorRef queue) {
        this.clock = clock;
        this.queue = queue;
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(SendMessage.class, this::send)
                .matchAny(message -> queue.forward(message, getContext())).build();
    }

    /** The queue's own delay may have been changed since the last message, so it is asked for. */
    private void send(SendMessage send) {
        ActorRef sender = getSender();
        long now = clock.nowMillis();
        Patterns.ask(queue, new GetQueueData(), LONGEST_ANSWER)
                .thenAccept(data -> queue.tell(new SendMessage(from(send.message(), now, (QueueData) data)), sender));
    }

    private static NewMessageData from(NewMessageData message, long now, QueueData queue) {
        var firstDelivery = message.nextDelivery().toMillis(now, queue.delay().toMillis());
        return message.copy(message.id(), message.content(), message.messageAttributes(), firstDelivery,
                message.messageGroupId(), message.messageDeduplicationId(), message.orderIndex(),
                message.tracingId(), message.sequenceNumber(), message.deadLetterSourceQueueName());
    }
}
