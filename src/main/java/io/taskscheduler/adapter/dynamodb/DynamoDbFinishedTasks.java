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
            client.queryPaginator(TimeIndex.between(tableName, partition, from, to.minusMillis(1))
                    .scanIndexForward(false).limit(Math.min(share, PAGE)).build()).items().stream()
                    .limit(share).forEach(item -> entries.add(entry(item)));
            return entries.stream();
        });
    }

    private static Entry entry(Map<String, AttributeValue> item) {
        Document entry = new Document(item);
        return new Entry(entry.text(TimeIndex.TIME), Optional.ofNullable(item.get(TaskItem.LATENESS_MS))
                .map(stored -> entry.millis(TaskItem.LATENESS_MS)));
    }
}
