package io.taskscheduler.local.sqs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.msg.ListQueues;
import org.elasticmq.persistence.sql.GetAllMessages;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

import scala.Option;
import scala.collection.immutable.List$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * SQS's HTTP interface over queues in memory, or in a folder that outlives the process, a {@code kill -9} included. Delays
 * and visibility time-outs follow the given clock; messages are never discarded for their age.
 */
public final class SqsServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SqsServer.class.getName());
    private static final Duration LONGEST_RESTORE = Duration.ofSeconds(30);
    // The library's own actors print dead letters and warnings about nothing that its user could change.
    private static final Config QUIET = ConfigFactory
            .parseMap(Map.of("pekko.loglevel", "ERROR", "pekko.stdout-loglevel",
                    "ERROR", "pekko.log-dead-letters", "off", "pekko.log-dead-letters-during-shutdown", "off",
                    "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off", "pekko.daemonic", "on"));

    static {
        // What goes wrong is in an answer or an exception; the rest is chatter, one line per queue and message.
        System.setProperty("org.slf4j.simpleLogger.log.org.elasticmq", "off");
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.pekko", "off");
    }

    private final ActorSystem actors;
    private final SQSRestServer server;
    private final URI endpoint;

    /**
     * Where and as what it listens.
     *
     * @param port
     *            0 takes a free one
     * @param data
     *            the folder that messages are kept in; in memory when empty
     */
    public record Options(String bind, int port, String region, String accountId, Optional<Path> data) {}

    private SqsServer(ActorSystem actors, SQSRestServer server, URI endpoint) {
        this.actors = actors;
        this.server = server;
        this.endpoint = endpoint;
    }

    /** Starts it with nobody watching. */
    public static SqsServer start(Options options, InstantSource clock) throws IOException {
        return start(options, clock, new MessageWatch());
    }

    /**
     * Starts it and returns when it answers and the watch knows of every message that is left; a port that is taken is an
     * {@link IOException} that names it.
     */
    public static SqsServer start(Options options, InstantSource clock, MessageWatch watch) throws IOException {
        ActorSystem actors = ActorSystem.create("sqs", QUIET.withFallback(ConfigFactory.load()));
        try {
            Option<ActorRef> keeper = keeper(actors, options);
            ActorRef watched = actors
                    .actorOf(Props.create(WatchedQueues.class, () -> new WatchedQueues(watch, keeper)));
            var now = new VirtualNow(clock);
            ActorRef queues = actors.actorOf(Props.create(QueueManagerActor.class,
                    () -> new QueueManagerActor(now, StrictSQSLimits$.MODULE$, Option.apply(watched))));
            if (keeper.isDefined()) {
                restore(keeper.get(), queues, watch);
            }
            SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors).withQueueManagerActor(
                    actors.actorOf(Props.create(VirtualQueues.class, () -> new VirtualQueues(now, queues))))
                    .withInterface(options.bind()).withPort(options.port()).withAWSRegion(options.region())
                    .withAWSAccountId(options.accountId()).start();
            int port = server.waitUntilStarted().localAddress().getPort();
            return new SqsServer(actors, server, URI.create("http://" + authority(options.bind()) + ":" + port));
        } catch (Exception e) {
            actors.terminate();
            throw new IOException(
                    "SQS could not listen on " + options.bind() + ":" + options.port() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Where it listens, for clients on this machine. */
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        server.stopAndWait();
        actors.terminate();
        try {
            actors.getWhenTerminated().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Its threads are daemons and hold nothing.
            LOG.log(System.Logger.Level.DEBUG, "SQS did not end in time", e);
        }
    }

    private static Option<ActorRef> keeper(ActorSystem actors, Options options) {
        if (options.data().isEmpty()) {
            return Option.empty();
        }
        // A commit is on its way to the disk when it is answered, and not half a second later.
        String database = "jdbc:h2:file:" + options.data().get().toAbsolutePath().resolve("queues")
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        SqlQueuePersistenceConfig config = new SqlQueuePersistenceConfig(true, "org.h2.Driver", database, "", "",
                false);
        return Option.apply(actors.actorOf(Props.create(SqlQueuePersistenceActor.class,
                () -> new SqlQueuePersistenceActor(config, List$.MODULE$.empty()))));
    }

    private static void restore(ActorRef keeper, ActorRef queues, MessageWatch watch) throws Exception {
        answer(keeper, new QueueEvent.Restore(queues));
        for (Object queue : all(answer(queues, new ListQueues()))) {
            String name = (String) queue;
            all(answer(keeper, new GetAllMessages(name)))
                    .forEach(message -> watch.changed(name, WatchedQueues.message((InternalMessage) message)));
        }
    }

    private static Object answer(ActorRef actor, Object question) throws Exception {
        return Patterns.ask(actor, question, LONGEST_RESTORE).toCompletableFuture().get(LONGEST_RESTORE.toSeconds(),
                TimeUnit.SECONDS);
    }

    private static List<?> all(Object answer) {
        return CollectionConverters.asJava((scala.collection.Seq<?>) answer);
    }

    private static String authority(String bind) {
        return switch (bind) {
            case "0.0.0.0", "::" -> "127.0.0.1";
            default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    }
}
