package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
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
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Open tasks by the index {@link TimeIndex}: a question costs one query of half a read unit for each shard, and half a unit for every 4 KB of
 * keys found; nothing for tasks that are not asked for.
 */
public final class DynamoDbOpenTasks implements OpenTasks {

    private final DynamoDbClient client;
    private final String tableName;
    private final TimeIndex index;
    private final TaskRows rows;

    public DynamoDbOpenTasks(DynamoDbClient client, String tableName, TimeIndex index) {
        this.client = client;
        this.tableName = tableName;
        this.index = index;
        this.rows = new TaskRows(client, tableName);
    }

    private record Entry(String time, String id) {}

    @Override
    public List<TaskId> dueBefore(Instant time, int limit) {
        return index.openPartitions().stream().flatMap(partition -> dueBefore(partition, time, limit))
                .sorted(Comparator.comparing(Entry::time)).limit(limit).map(Entry::id).filter(TaskId::isValid)
                .map(TaskId::new).toList();
    }

    @Override
    public long countDueBefore(Instant time, long most) {
        return DynamoDb.answered("Query", () -> {
            long count = 0;
            for (String partition : index.openPartitions()) {
                for (QueryResponse page : client
                        .queryPaginator(dueBefore(partition, time).select(Select.COUNT).build())) {
                    count += page.count();
                    if (count >= most) {
                        return most;
                    }
                }
            }
            return count;
        });
    }

    @Override
    public List<Task> read(List<TaskId> ids) {
        Map<String, Map<String, AttributeValue>> found = rows.read(ids.stream().map(TaskId::value).toList());
        return ids.stream().flatMap(id -> task(found, id).stream()).toList();
    }

    private static Optional<Task> task(Map<String, Map<String, AttributeValue>> rows, TaskId id) {
        Map<String, AttributeValue> row = rows.getOrDefault(id.value(), Map.of());
        // One row of another version's shape must not keep the others from being seen to.
        return TaskItems.isOfThisVersion(row) ? TaskItems.read(row) : Optional.empty();
    }

    private Stream<Entry> dueBefore(String partition, Instant time, int limit) {
        return DynamoDb.answered("Query", () -> {
            List<Entry> entries = new ArrayList<>();
            client.queryPaginator(dueBefore(partition, time).limit(limit).build()).items().stream().limit(limit)
                    .forEach(item -> entries.add(entry(item)));
            return entries.stream();
        });
    }

    private static Entry entry(Map<String, AttributeValue> item) {
        Document keys = new Document(item);
        return new Entry(keys.text(TimeIndex.TIME), keys.text(TaskItem.TASK_ID));
    }

    private QueryRequest.Builder dueBefore(String partition, Instant time) {
        return QueryRequest.builder().tableName(tableName).indexName(TimeIndex.NAME)
                .keyConditionExpression("#partition = :partition AND #time < :time")
                .expressionAttributeNames(Map.of("#partition", TimeIndex.PARTITION, "#time", TimeIndex.TIME))
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition), ":time",
                        AttributeValue.fromS(StoredTime.text(time))));
    }
}
