package io.taskscheduler.local.sources;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.taskscheduler.local.template.EventSourceResource;

import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** One shard of a stream, read from where it was left to its end; the function is done with a page before the next one is read. */
final class StreamShard {
    private static final int PAGE = 1000;

    private final String id;
    private final String streamArn;
    private final EventSourceResource.Stream declared;
    private final DynamoDbStreamsClient client;
    private final StreamPositions positions;
    private final StreamBatches batches;
    private final Function<Record, StreamRecord> shape;
    private Optional<String> iterator = Optional.empty();
    private Optional<String> read;
    private boolean over;

    StreamShard(String id, String streamArn, EventSourceResource.Stream declared, DynamoDbStreamsClient client,
            StreamPositions positions, StreamBatches batches, Function<Record, StreamRecord> shape) {
        this.id = id;
        this.streamArn = streamArn;
        this.declared = declared;
        this.client = client;
        this.positions = positions;
        this.batches = batches;
        this.shape = shape;
        this.read = positions.last(id);
    }

    String id() {
        return id;
    }

    /** Whether it is read to its end and will never hold more. */
    boolean isOver() {
        return over;
    }

    /** Reads to the end and works on it; gives when to go on if something failed before that. */
    Optional<Instant> drain() throws InterruptedException {
        Optional<Instant> later = batches.work();
        boolean more = later.isEmpty() && !over;
        while (more) {
            List<Record> page = page();
            more = !page.isEmpty();
            if (more) {
                batches.add(page.stream().map(shape).filter(record -> passes(record)).toList());
                later = batches.work();
                more = later.isEmpty();
                if (more) {
                    positions.done(id, page.getLast().dynamodb().sequenceNumber());
                }
            }
        }
        return later;
    }

    /** Passes over what is there. */
    void skip() {
        List<Record> page = page();
        while (!page.isEmpty()) {
            positions.done(id, page.getLast().dynamodb().sequenceNumber());
            page = page();
        }
    }

    private List<Record> page() {
        String from = iterator.orElseGet(this::newIterator);
        // If this fails, the next one begins with an iterator of its own: one that has expired stays so.
        iterator = Optional.empty();
        GetRecordsResponse answer = client.getRecords(r -> r.shardIterator(from).limit(PAGE));
        iterator = Optional.ofNullable(answer.nextShardIterator());
        over = iterator.isEmpty();
        if (answer.hasRecords() && !answer.records().isEmpty()) {
            read = Optional.of(answer.records().getLast().dynamodb().sequenceNumber());
        }
        return answer.records();
    }

    private String newIterator() {
        if (read.isPresent()) {
            try {
                return client.getShardIterator(r -> r.streamArn(streamArn).shardId(id)
                        .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER).sequenceNumber(read.get()))
                        .shardIterator();
            } catch (DynamoDbException e) {
                if (e.statusCode() >= 500) {
                    throw e;
                }
                // Trimmed meanwhile: what is left begins after it.
            }
        }
        return client.getShardIterator(
                r -> r.streamArn(streamArn).shardId(id).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
    }

    private boolean passes(StreamRecord record) {
        return declared.filters().isEmpty()
                || declared.filters().stream().anyMatch(filter -> filter.matches(record.json()));
    }
}
