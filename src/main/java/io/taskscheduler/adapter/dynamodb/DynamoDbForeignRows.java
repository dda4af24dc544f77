package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Rows of the table that have no number {@code schema}. A row is replaced whole: attributes that a task has no use for do not stay. */
public final class DynamoDbForeignRows implements ForeignRows {

    /** What a task is made of: a row in which one of them has changed is another order. */
    private static final List<String> ORDER = List.of(TaskItem.ACTION, TaskItem.PAYLOAD, TaskItem.RUN_AT, "timezone",
            "expires_at", "retry", "labels", TaskItem.REDACT);

    private final DynamoDbClient client;
    private final String tableName;
    private final TimeIndex index;

    public DynamoDbForeignRows(DynamoDbClient client, String tableName, TimeIndex index) {
        this.client = client;
        this.tableName = tableName;
        this.index = index;
    }

    private record FoundRow(Map<String, AttributeValue> attributes) implements Row {

        @Override
        public String id() {
            return new Document(attributes).text(TaskItem.TASK_ID);
        }

        @Override
        public String json() {
            return EnhancedDocument.fromAttributeValueMap(attributes).toJson();
        }
    }

    @Override
    public Optional<Row> find(String id) {
        Map<String, AttributeValue> row = DynamoDb.answered("GetItem",
                () -> client.getItem(get -> get.tableName(tableName)
                        .key(Map.of(TaskItem.TASK_ID, AttributeValue.fromS(id))).consistentRead(true)).item());
        return row.isEmpty() || TaskItems.isOurs(row)
                ? Optional.empty()
                : Optional.of(new FoundRow(row));
    }

    @Override
    public boolean replace(Row row, Task task) {
        return put((FoundRow) row, new TaskItems(index).write(task).row());
    }

    @Override
    public boolean refuse(Row row, List<Violation> violations, boolean redact, Instant now) {
        Map<String, AttributeValue> item = new HashMap<>(((FoundRow) row).attributes);
        if (redact) {
            item.keySet().retainAll(List.of(TaskItem.TASK_ID));
            item.put(TaskItem.REDACT, AttributeValue.fromBool(true));
        }
        item.put(TaskItem.SCHEMA_NUMBER, AttributeValue.fromN(Integer.toString(TaskItem.SCHEMA)));
        item.put(TaskItem.STATUS, AttributeValue.fromS("failed"));
        item.put("violations", Document.list(StoredViolations.write(violations)));
        index.deleteAfter(now).ifPresent(
                second -> item.put(TaskItem.DELETE_AT, AttributeValue.fromN(Long.toString(second))));
        return put((FoundRow) row, item);
    }

    private boolean put(FoundRow found, Map<String, AttributeValue> item) {
        Unchanged unchanged = Unchanged.since(found);
        return DynamoDb.answered("PutItem of a row from elsewhere", () -> {
            try {
                client.putItem(put -> put.tableName(tableName).item(item).conditionExpression(unchanged.expression)
                        .expressionAttributeNames(unchanged.names)
                        .expressionAttributeValues(unchanged.values));
                return true;
            } catch (ConditionalCheckFailedException changed) {
                return false;
            }
        });
    }

    /** The condition that a row is still the one that was found. */
    private record Unchanged(String expression, Map<String, String> names, Map<String, AttributeValue> values) {

        static Unchanged since(FoundRow row) {
            List<String> conditions = new ArrayList<>(
                    List.of("attribute_exists(#id)", "NOT attribute_type(#schema, :number)"));
            Map<String, String> names = new HashMap<>(
                    Map.of("#id", TaskItem.TASK_ID, "#schema", TaskItem.SCHEMA_NUMBER));
            Map<String, AttributeValue> values = new HashMap<>(Map.of(":number", AttributeValue.fromS("N")));
            for (String name : ORDER) {
                names.put("#" + name, name);
                AttributeValue value = row.attributes.get(name);
                if (value == null) {
                    conditions.add("attribute_not_exists(#" + name + ")");
                } else {
                    conditions.add("#" + name + " = :" + name);
                    values.put(":" + name, value);
                }
            }
            return new Unchanged(String.join(" AND ", conditions), names, values);
        }
    }
}
