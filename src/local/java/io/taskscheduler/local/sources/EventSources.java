package io.taskscheduler.local.sources;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.Destinations;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.template.EventSourceResource;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The template's event sources, at work from their start until they are closed; what is under way then is not waited for. */
public final class EventSources implements AutoCloseable {
    private final Surroundings around;
    private final Deque<Runnable> ends = new ArrayDeque<>();

    /**
     * What they need.
     *
     * @param watch
     *            the one that the queues' server tells of its messages
     * @param data
     *            the folder that keeps how far streams were read; nothing of it outlives the process when empty
     */
    public record Surroundings(Functions functions, Destinations destinations, SqsClient queues, MessageWatch watch,
            DynamoDbClient tables, DynamoDbStreamsClient streams, Optional<Path> data, Agenda agenda,
            VirtualClock clock) {}

    private EventSources(Surroundings around) {
        this.around = around;
    }

    /** Starts them all; the queues and tables must be there. */
    public static EventSources start(List<EventSourceResource> declared, Surroundings around) {
        EventSources sources = new EventSources(around);
        declared.forEach(sources::start);
        return sources;
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }

    private void start(EventSourceResource declared) {
        LocalFunction function = around.functions().find(declared.functionName()).orElseThrow(
                () -> new IllegalArgumentException("there is no function " + declared.functionName()));
        switch (declared) {
            case EventSourceResource.Queue queue -> {
                QueueSource source = new QueueSource(queue, function, around.queues(), around.watch(), around.agenda(),
                        around.clock());
                ends.add(source::close);
                source.start();
            }
            case EventSourceResource.Stream stream -> {
                StreamSource source = new StreamSource(stream, function, around.destinations(), around.streams(),
                        streamArn(stream.tableName()),
                        around.data().map(folder -> folder.resolve(stream.id().replace("/", "-") + ".json")),
                        around.agenda(), around.clock());
                ends.add(source::close);
                source.start();
            }
            case EventSourceResource.Timer timer ->
                new RecurringTimer(timer, function, around.functions(), around.clock()).start(around.agenda());
        }
    }

    private String streamArn(String table) {
        return around.tables().describeTable(request -> request.tableName(table)).table().latestStreamArn();
    }
}
