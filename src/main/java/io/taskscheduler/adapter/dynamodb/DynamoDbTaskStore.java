package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Expression;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.model.PutItemEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * One row per task, its history inside, each move one conditional write of the whole row: state and history can never disagree, at a
 * quarter of a transaction's price.
 *
 * <p>The SDK repeats a call whose answer was lost, and the repetition meets the row that the first try wrote. A failed condition therefore
 * brings the stored row along: when it is the one that was to be written, the write has succeeded.
 *
 * <p>DynamoDB removes rows some time after their {@code delete_at}, up to days later: what is past it is gone for whoever asks here.
 */
public final class DynamoDbTaskStore implements TaskStore {

    /** Stands for the version of a row that has none that can be read. */
    static final long NO_VERSION = 0;

    private final DynamoDbClient client;
    private final DynamoDbTable<TaskItem> table;
    private final TaskItems items;
    private final InstantSource clock;

    public DynamoDbTaskStore(DynamoDbClient client, String tableName, TimeIndex index, InstantSource clock) {
        this.client = client;
        this.table = DynamoDbEnhancedClient.builder().dynamoDbClient(client).build().table(tableName,
                TaskItem.TABLE_SCHEMA);
        this.items = new TaskItems(index);
        this.clock = clock;
    }

    @Override
    public Optional<Task> add(Task task) {
        Expression absent = Expression.builder().expression("attribute_not_exists(#id) OR #deleteAt <= :now")
                .putExpressionName("#id", TaskItem.TASK_ID).putExpressionName("#deleteAt", TaskItem.DELETE_AT)
                .putExpressionValue(":now", AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond())))
                .build();
        return put("PutItem of a new task", task, absent) instanceof Put.Refused(var there)
                ? Optional.of(there.orElseThrow(() -> new Unavailable("another program's row is not adopted yet",
                        new IllegalStateException("a row without a schema"))))
                : Optional.empty();
    }

    @Override
    public Optional<Task> find(TaskId id) {
        // Strongly consistent: a wake-up that misses a task it should see would be a wake-up lost.
        Map<String, AttributeValue> row = DynamoDb.answered("GetItem",
                () -> client.getItem(get -> get.tableName(table.tableName())
                        .key(Map.of(TaskItem.TASK_ID, AttributeValue.fromS(id.value()))).consistentRead(true)).item());
        return TaskItems.isGone(row, clock.instant()) ? Optional.empty() : TaskItems.read(row);
    }

    @Override
    public boolean commit(Transition transition) {
        return put("PutItem of a move", transition.after(),
                versionIs(transition.decidedOn())) instanceof Put.Done;
    }

    @Override
    public boolean takeBack(Task task) {
        Expression unmoved = Expression.builder().expression("attribute_not_exists(#id) OR #version = :version")
                .putExpressionName("#id", TaskItem.TASK_ID).putExpressionName("#version", TaskItem.VERSION)
                .putExpressionValue(":version", AttributeValue.fromN(Long.toString(task.version()))).build();
        Key key = Key.builder().partitionValue(task.id().value()).build();
        return DynamoDb.answered("DeleteItem", () -> {
            try {
                table.deleteItem(delete -> delete.key(key).conditionExpression(unmoved));
                return true;
            } catch (ConditionalCheckFailedException movedOn) {
                return false;
            }
        });
    }

    /** What became of a conditional write. */
    private sealed interface Put {

        record Done() implements Put {}

        /** @param there the task that stands there instead; empty when there is none of ours */
        record Refused(Optional<Task> there) implements Put {}
    }

    private Put put(String call, Task task, Expression condition) {
        TaskItem item = items.write(task);
        return DynamoDb.answered(call, () -> {
            try {
                table.putItem(PutItemEnhancedRequest.builder(TaskItem.class).item(item).conditionExpression(condition)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD).build());
                return new Put.Done();
            } catch (ConditionalCheckFailedException failed) {
                // Compared as tasks: the table spells some numbers in its own way.
                Optional<Task> there = failed.hasItem() ? TaskItems.read(failed.item()) : Optional.empty();
                return there.equals(Optional.of(task)) ? new Put.Done() : new Put.Refused(there);
            }
        });
    }

    private static Expression versionIs(long version) {
        if (version == NO_VERSION) {
            return Expression.builder().expression("NOT attribute_type(#version, :number)")
                    .putExpressionName("#version", TaskItem.VERSION)
                    .putExpressionValue(":number", AttributeValue.fromS("N")).build();
        }
        return Expression.builder().expression("#version = :version").putExpressionName("#version", TaskItem.VERSION)
                .putExpressionValue(":version", AttributeValue.fromN(Long.toString(version))).build();
    }
}
