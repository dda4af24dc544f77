package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.Unavailable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Many rows at once, each as it stood a moment ago: half a read unit for every 4 KB of each. */
record TaskRows(DynamoDbClient client, String tableName) {

    /** DynamoDB leaves out what it is too busy for, or what makes the answer too large; after as many answers without the rest it is not answering. */
    private static final int MOST_ANSWERS = 10;

    /** The rows that are there, by their ids. At most 100 can be asked for. */
    Map<String, Map<String, AttributeValue>> read(Collection<String> ids) {
        Map<String, Map<String, AttributeValue>> rows = new HashMap<>();
        List<Map<String, AttributeValue>> keys = ids.stream()
                .map(id -> Map.of(TaskItem.TASK_ID, AttributeValue.fromS(id))).toList();
        for (int answers = 0; !keys.isEmpty(); answers++) {
            if (answers == MOST_ANSWERS) {
                throw new Unavailable("DynamoDB did not answer BatchGetItem: it left out keys " + answers + " times",
                        new IllegalStateException("unprocessed keys"));
            }
            BatchGetItemResponse answer = batchGet(keys);
            answer.responses().getOrDefault(tableName, List.of())
                    .forEach(row -> Optional.ofNullable(row.get(TaskItem.TASK_ID))
                            .ifPresent(id -> rows.put(id.s(), row)));
            KeysAndAttributes left = answer.unprocessedKeys().get(tableName);
            keys = left == null ? List.of() : left.keys();
        }
        return rows;
    }

    private BatchGetItemResponse batchGet(List<Map<String, AttributeValue>> keys) {
        return DynamoDb.answered("BatchGetItem", () -> client.batchGetItem(
                get -> get.requestItems(Map.of(tableName, KeysAndAttributes.builder().keys(keys).build()))));
    }
}
