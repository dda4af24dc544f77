package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Tasks by the index {@link TimeIndex}, whose shards are the parts: a question asks all of them at once, which takes as long as one query and costs
 * half a read unit for each; nothing for tasks before or after what is found. {@code ListCostIT} measures it.
 */
public final class DynamoDbTaskList implements TaskList {

    /** Entries of one shard that are below the 4 KB of half a read unit, however long their ids are. */
    private static final int HALF_A_UNIT = 25;

    private final DynamoDbClient client;
    private final String tableName;
    private final TimeIndex index;
    private final InstantSource clock;
    private final TaskRows rows;

    public DynamoDbTaskList(DynamoDbClient client, String tableName, TimeIndex index, InstantSource clock) {
        this.client = client;
        this.tableName = tableName;
        this.index = index;
        this.clock = clock;
        this.rows = new TaskRows(client, tableName);
    }

    @Override
    public Found find(Stretch stretch, Optional<Position> after, int most) {
        // Ids spread evenly: in twice a shard's share is nearly always what is wanted of it.
        int each = Math.min(most + 1, Math.max(HALF_A_UNIT, 2 * Math.ceilDiv(most, index.shards())));
        List<ShardPage> pages = AtOnce.all(index.shards(),
                shard -> page(stretch, shard, after, each));
        return ShardPage.merged(pages, stretch.group() == Group.OPEN, most);
    }

    @Override
    public List<Task> read(Group group, List<Entry> entries) {
        Map<String, Map<String, AttributeValue>> found = rows.read(entries.stream().map(Entry::id).distinct().toList());
        return entries.stream().flatMap(entry -> task(found.getOrDefault(entry.id(), Map.of()), group, entry).stream())
                .toList();
    }

    private Optional<Task> task(Map<String, AttributeValue> row, Group group, Entry entry) {
        boolean stands = is(row, TimeIndex.PARTITION, TimeIndex.partition(word(group), entry.part()))
                && is(row, TimeIndex.TIME, StoredTime.text(entry.time())) && !TaskItems.isGone(row, clock.instant());
        return stands && TaskId.isValid(entry.id()) && TaskItems.isOfThisVersion(row)
                ? TaskItems.read(row)
                : Optional.empty();
    }

    private static boolean is(Map<String, AttributeValue> row, String name, String value) {
        return Optional.ofNullable(row.get(name)).map(AttributeValue::s).filter(value::equals).isPresent();
    }

    private ShardPage page(Stretch stretch, int shard, Optional<Position> after, int most) {
        String partition = TimeIndex.partition(word(stretch.group()), shard);
        boolean ascending = stretch.group() == Group.OPEN;
        QueryRequest.Builder query = TimeIndex.between(tableName, partition,
                after.filter(p -> ascending).map(Position::time).orElse(stretch.from()),
                after.filter(p -> !ascending).map(Position::time).orElse(stretch.to().minusMillis(1)))
                .scanIndexForward(ascending).limit(most);
        after.flatMap(position -> key(partition, shard, position)).ifPresent(query::exclusiveStartKey);
        QueryResponse answer = DynamoDb.answered("Query", () -> client.query(query.build()));
        return new ShardPage(answer.items().stream().flatMap(item -> entry(shard, item).stream()).toList(),
                answer.hasLastEvaluatedKey() && !answer.lastEvaluatedKey().isEmpty());
    }

    private static Optional<Map<String, AttributeValue>> key(String partition, int shard, Position position) {
        return Optional.ofNullable(position.last().get(shard)).map(id -> {
            Map<String, AttributeValue> key = new HashMap<>();
            key.put(TaskItem.TASK_ID, AttributeValue.fromS(id));
            key.put(TimeIndex.PARTITION, AttributeValue.fromS(partition));
            key.put(TimeIndex.TIME, AttributeValue.fromS(StoredTime.text(position.time())));
            return key;
        });
    }

    /** Empty for a time that somebody has written by hand, and that is none. */
    private static Optional<Entry> entry(int shard, Map<String, AttributeValue> item) {
        Document keys = new Document(item);
        try {
            return Optional.of(new Entry(shard, keys.time(TimeIndex.TIME), keys.text(TaskItem.TASK_ID)));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static String word(Group group) {
        return group.name().toLowerCase(Locale.ROOT);
    }
}
