package io.taskscheduler.local.sqs;

import java.time.Instant;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.actor.queue.QueueEventWithOperationStatus;

import scala.Option;

/**
 * Stands where ElasticMQ tells what becomes of its messages, which is for keeping them: its queues wait for the answer before they give
 * their own. Tells a {@link MessageWatch} first and hands on to who keeps them, if anyone does.
 */
final class WatchedQueues extends AbstractActor {
    private final MessageWatch watch;
    private final Option<ActorRef> keeper;

    WatchedQueues(MessageWatch watch, Option<ActorRef> keeper) {
        this.watch = watch;
        this.keeper = keeper;
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(QueueEvent.MessageAdded.class, added -> {
            watch.changed(added.queueName(), message(added.message()));
            handOn(added);
        }).match(QueueEvent.MessageUpdated.class, updated -> {
            watch.changed(updated.queueName(), message(updated.message()));
            handOn(updated);
        }).match(QueueEvent.MessageRemoved.class, removed -> {
            watch.removed(removed.queueName(), removed.messageId());
            handOn(removed);
        }).matchAny(this::handOn).build();
    }

    static MessageWatch.Message message(InternalMessage message) {
        return new MessageWatch.Message(message.id(), Instant.ofEpochMilli(message.nextDelivery()),
                message.receiveCount());
    }

    private void handOn(Object event) {
        if (keeper.isDefined()) {
            keeper.get().forward(event, getContext());
        } else if (event instanceof QueueEventWithOperationStatus) {
            getSender().tell(OperationSuccessful$.MODULE$, getSelf());
        }
    }
}
