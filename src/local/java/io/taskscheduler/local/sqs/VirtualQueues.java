package io.taskscheduler.local.sqs;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.ElasticMQError;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.LookupQueue;
import org.elasticmq.util.NowProvider;

import scala.Option;
import scala.util.Either;

/** Stands before ElasticMQ's queues and hands out each of them behind a {@link VirtualQueue}. */
final class VirtualQueues extends AbstractActor {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final NowProvider clock;
    private final ActorRef queues;
    private final ConcurrentMap<ActorRef, ActorRef> virtual = new ConcurrentHashMap<>();

    VirtualQueues(NowProvider clock, ActorRef queues) {
        this.clock = clock;
        this.queues = queues;
    }

    @Override
    public Receive createReceive() {
        ActorSystem actors = getContext().getSystem();
        return receiveBuilder().match(LookupQueue.class, lookup -> answer(lookup, found -> found(actors, found)))
                .match(CreateQueue.class, create -> answer(create, created -> created(actors, created)))
                .matchAny(message -> queues.forward(message, getContext())).build();
    }

    private void answer(Object message, UnaryOperator<Object> behind) {
        Patterns.pipe(Patterns.ask(queues, message, LONGEST_ANSWER).thenApply(behind), getContext().getDispatcher())
                .to(getSender());
    }

    @SuppressWarnings("unchecked")
    private Object found(ActorSystem actors, Object queue) {
        return ((Option<ActorRef>) queue).map(found -> virtual(actors, found));
    }

    @SuppressWarnings("unchecked")
    private Object created(ActorSystem actors, Object queue) {
        return ((Either<ElasticMQError, ActorRef>) queue).map(created -> virtual(actors, created));
    }

    private ActorRef virtual(ActorSystem actors, ActorRef queue) {
        return virtual.computeIfAbsent(queue,
                real -> actors.actorOf(Props.create(VirtualQueue.class, () -> new VirtualQueue(clock, real))));
    }
}
