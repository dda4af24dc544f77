package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.TaskSizes;
import io.taskscheduler.domain.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row's size by AWS's rules ("DynamoDB item sizes and formats"); what a number takes is only roughly told there. */
public final class DynamoDbTaskSizes implements TaskSizes {

    private static final int STRUCTURE = 3;
    private static final int ELEMENT = 1;

    private final TaskItems items;

    public DynamoDbTaskSizes(TimeIndex index) {
        this.items = new TaskItems(index);
    }

    @Override
    public int bytes(Task task) {
        return bytes(items.write(task).row());
    }

    private static int bytes(Map<String, AttributeValue> members) {
        return members.entrySet().stream().mapToInt(member -> bytes(member.getKey()) + bytes(member.getValue())).sum();
    }

    private static int bytes(AttributeValue value) {
        return switch (value.type()) {
            case S -> bytes(value.s());
            case N -> 1 + Math.ceilDiv(value.n().replaceAll("^-|\\.|0+$", "").length(), 2);
            case M -> STRUCTURE + value.m().size() * ELEMENT + bytes(value.m());
            case L -> STRUCTURE + value.l().size() * ELEMENT + bytes(value.l());
            default -> 1;
        };
    }

    private static int bytes(List<AttributeValue> values) {
        return values.stream().mapToInt(DynamoDbTaskSizes::bytes).sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
