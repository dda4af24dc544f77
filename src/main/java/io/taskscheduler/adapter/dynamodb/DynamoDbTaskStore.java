package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
    private final String tableName;
    private final TaskItems items;
    private final InstantSource clock;

    public DynamoDbTaskStore(DynamoDbClient client, String tableName, TimeIndex index, InstantSource clock) {
        this.client = client;
        this.tableName = tableName;
        this.items = new TaskItems(index);
        this.clock = clock;
    }

    @Override
    public Optional<Task> add(Task task) {
        Condition absent = new Condition("attribute_not_exists(#id) OR #deleteAt <= :now",
                Map.of("#id", TaskItem.TASK_ID, "#deleteAt", TaskItem.DELETE_AT),
                Map.of(":now", AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond()))));
        return put("PutItem of a new task", task, absent) instanceof Put.Refused(var there)
                ? Optional.of(there.orElseThrow(() -> new Unavailable("another program's row is not adopted yet",
                        new IllegalStateException("a row without a schema"))))
                : Optional.empty();
    }

    @Override
    public Optional<Task> find(TaskId id) {
        // Strongly consistent: a wake-up that misses a task it should see would be a wake-up lost.
        Map<String, AttributeValue> row = DynamoDb.answered("GetItem",
                () -> client.getItem(get -> get.tableName(tableName)
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
        Condition unmoved = new Condition("attribute_not_exists(#id) OR #version = :version",
                Map.of("#id", TaskItem.TASK_ID, "#version", TaskItem.VERSION), version(task.version()));
        return DynamoDb.answered("DeleteItem", () -> {
            try {
                client.deleteItem(delete -> delete.tableName(tableName)
                        .key(Map.of(TaskItem.TASK_ID, AttributeValue.fromS(task.id().value())))
                        .conditionExpression(unmoved.expression()).expressionAttributeNames(unmoved.names())
                        .expressionAttributeValues(unmoved.values()));
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

    /** Under which a write is done; the names and values that its expression speaks of. */
    private record Condition(String expression, Map<String, String> names, Map<String, AttributeValue> values) {}

    private Put put(String call, Task task, Condition condition) {
        Map<String, AttributeValue> row = items.write(task).row();
        return DynamoDb.answered(call, () -> {
            try {
                client.putItem(put -> put.tableName(tableName).item(row).conditionExpression(condition.expression())
                        .expressionAttributeNames(condition.names()).expressionAttributeValues(condition.values())
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return new Put.Done();
            } catch (ConditionalCheckFailedException failed) {
                // Compared as tasks: the table spells some numbers in its own way.
                Optional<Task> there = failed.hasItem() ? TaskItems.read(failed.item()) : Optional.empty();
                return there.equals(Optional.of(task)) ? new Put.Done() : new Put.Refused(there);
            }
        });
    }

    private static Condition versionIs(long version) {
        Map<String, String> names = Map.of("#version", TaskItem.VERSION);
        return version == NO_VERSION
                ? new Condition("NOT attribute_type(#version, :number)", names,
                        Map.of(":number", AttributeValue.fromS("N")))
                : new Condition("#version = :version", names, version(version));
    }

    private static Map<String, AttributeValue> version(long version) {
        return Map.of(":version", AttributeValue.fromN(Long.toString(version)));
    }
}
