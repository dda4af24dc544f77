package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.FinishedTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Finished tasks by the index {@link TimeIndex}, and nothing but the index: two queries of half a read unit for each shard, and half a unit for
 * every 4 KB of entries found. {@code LatenessCostIT} measures it.
 */
public final class DynamoDbFinishedTasks implements FinishedTasks {

    /** Entries asked for at once. DynamoDB Local takes the whole rows of a page into its memory, which has no room for very many. */
    static final int PAGE = 1_000;

    private final DynamoDbClient client;
    private final String tableName;
    private final TimeIndex index;

    public DynamoDbFinishedTasks(DynamoDbClient client, String tableName, TimeIndex index) {
        this.client = client;
        this.tableName = tableName;
        this.index = index;
    }

    private record Entry(String time, Optional<Duration> lateness) {}

    @Override
    public Stream<List<Duration>> latenesses(Instant from, Instant to, int most) {
        int share = Math.max(1, most / index.shards());
        return index.endedPartitions().stream().limit(most).map(partitions -> newest(partitions, from, to, share));
    }

    private List<Duration> newest(List<String> partitions, Instant from, Instant to, int share) {
        return partitions.stream().flatMap(partition -> newest(partition, from, to, share))
                .sorted(Comparator.comparing(Entry::time).reversed()).limit(share)
                .flatMap(entry -> entry.lateness().stream()).toList();
    }

    private Stream<Entry> newest(String partition, Instant from, Instant to, int share) {
        return DynamoDb.answered("Query", () -> {
            List<Entry> entries = new ArrayList<>();
            client.queryPaginator(finished(partition, from, to).limit(Math.min(share, PAGE)).build()).items().stream()
                    .limit(share).forEach(item -> entries.add(entry(item)));
            return entries.stream();
        });
    }

    /** A key takes one condition only, and BETWEEN includes both ends: the last is the millisecond before {@code to}. */
    private QueryRequest.Builder finished(String partition, Instant from, Instant to) {
        return QueryRequest.builder().tableName(tableName).indexName(TimeIndex.NAME).scanIndexForward(false)
                .keyConditionExpression("#partition = :partition AND #time BETWEEN :first AND :last")
                .expressionAttributeNames(Map.of("#partition", TimeIndex.PARTITION, "#time", TimeIndex.TIME))
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition), ":first",
                        AttributeValue.fromS(StoredTime.text(from)), ":last",
                        AttributeValue.fromS(StoredTime.text(to.minusMillis(1)))));
    }

    private static Entry entry(Map<String, AttributeValue> item) {
        Document entry = new Document(item);
        return new Entry(entry.text(TimeIndex.TIME), Optional.ofNullable(item.get(TaskItem.LATENESS_MS))
                .map(stored -> entry.millis(TaskItem.LATENESS_MS)));
    }
}
