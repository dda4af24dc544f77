package io.taskscheduler.local.sources;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.Destinations;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.EventSourceResource;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Invokes a function with the changes of a table that its filters let through, at least once each and in order within a shard. The
 * stream is looked at a few times a second, and to its end before the clock is moved.
 */
final class StreamSource implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StreamSource.class.getName());
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(400);

    private final EventSourceResource.Stream declared;
    private final LocalFunction function;
    private final Destinations destinations;
    private final DynamoDbStreamsClient client;
    private final String streamArn;
    private final StreamPositions positions;
    private final Agenda agenda;
    private final VirtualClock clock;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Map<String, StreamShard> shards = new LinkedHashMap<>();
    private boolean waits;
    private volatile boolean closed;

    /**
     * @param streamArn
     *            the stream's own, which DynamoDB gives it; the function sees the template's
     * @param positions
     *            the file that keeps where the stream was left; none of it outlives the process when empty
     */
    StreamSource(EventSourceResource.Stream declared, LocalFunction function, Destinations destinations,
            DynamoDbStreamsClient client, String streamArn, Optional<Path> positions, Agenda agenda,
            VirtualClock clock) {
        this.declared = declared;
        this.function = function;
        this.destinations = destinations;
        this.client = client;
        this.streamArn = streamArn;
        this.positions = new StreamPositions(positions, streamArn);
        this.agenda = agenda;
        this.clock = clock;
    }

    /** Finds where to begin, and looks at the stream from then on. */
    void start() {
        if (positions.isFresh()) {
            findShards();
            if (!declared.fromTheBeginning()) {
                shards.values().forEach(StreamShard::skip);
            }
            positions.keep();
        }
        agenda.lookEvery(BETWEEN_LOOKS, "look at the changes of " + declared.tableName(), this::look);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void look() {
        oneAtATime.lock();
        try {
            if (!closed && !waits) {
                drain();
            }
        } catch (SdkException e) {
            // The next look goes on where this one was.
            LOG.log(System.Logger.Level.DEBUG, "the stream gave nothing", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            oneAtATime.unlock();
        }
    }

    private void drain() throws InterruptedException {
        if (shards.values().stream().allMatch(StreamShard::isOver)) {
            findShards();
        }
        List<Instant> later = new ArrayList<>();
        for (StreamShard shard : List.copyOf(shards.values())) {
            Optional<Instant> again = shard.drain();
            again.ifPresent(later::add);
            if (again.isPresent()) {
                // Shards come in order: what was written later waits.
                break;
            }
        }
        later.forEach(when -> {
            waits = true;
            agenda.at(when, declared.functionName() + " again", this::goOn);
        });
    }

    private void goOn() {
        oneAtATime.lock();
        try {
            waits = false;
        } finally {
            oneAtATime.unlock();
        }
        look();
    }

    /** Parents before children, as DynamoDB lists them; those that are over and no longer listed are forgotten. */
    private void findShards() {
        List<String> listed = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Optional<String> from = after;
            DescribeStreamResponse page = client
                    .describeStream(r -> r.streamArn(streamArn).exclusiveStartShardId(from.orElse(null)));
            page.streamDescription().shards().stream().map(Shard::shardId).forEach(listed::add);
            after = Optional.ofNullable(page.streamDescription().lastEvaluatedShardId());
        } while (after.isPresent());
        shards.keySet().retainAll(listed);
        listed.forEach(id -> shards.computeIfAbsent(id, this::shard));
    }

    private StreamShard shard(String id) {
        return new StreamShard(id, streamArn, declared, client, positions, new StreamBatches(declared, function,
                destinations, clock, id, number -> positions.done(id, number)),
                record -> StreamRecord.of(record, declared.streamArn(), clock.offset()));
    }
}
