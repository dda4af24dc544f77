package io.taskscheduler.contract;

import java.time.InstantSource;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.DynamoDbForeignRows;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.fixture.Backends;
import io.taskscheduler.fixture.Tasks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** On DynamoDB Local, or on what {@code -Dcontract.endpoint=} names. */
class DynamoDbForeignRowsIT extends ForeignRowsContract {

    private static final DynamoDbClient CLIENT = Backends.dynamoDb();
    private static final TimeIndex INDEX = new TimeIndex(4, 30);

    private final String table = Backends.freshTable(CLIENT);

    private record DynamoDbWorld(String table) implements World {

        @Override
        public TaskStore store() {
            return new DynamoDbTaskStore(CLIENT, table, INDEX, InstantSource.fixed(Tasks.CREATED));
        }

        @Override
        public ForeignRows rows() {
            return new DynamoDbForeignRows(CLIENT, table, INDEX);
        }

        @Override
        public void put(String id, String json) {
            CLIENT.putItem(put -> put.tableName(table).item(EnhancedDocument.fromJson(json).toMap()));
        }
    }

    @Override
    World world() {
        return new DynamoDbWorld(table);
    }

    @Test
    void a_refused_row_keeps_what_it_had_says_why_and_leaves_in_time() {
        World world = world();
        world.put("no id!", "{\"task_id\": \"no id!\", \"customer\": \"x\"}");
        world.rows().refuse(world.rows().find("no id!").orElseThrow(), List.of(new Violation("task_id", "is odd")),
                false, Tasks.RUN_AT);

        Map<String, AttributeValue> row = CLIENT
                .getItem(get -> get.tableName(table).key(Map.of("task_id", AttributeValue.fromS("no id!")))).item();

        assertThat(row).containsKeys("customer", "schema", "violations", "delete_at")
                .doesNotContainKey("time_partition");
        assertThat(requireNonNull(row.get("status")).s()).isEqualTo("failed");
    }

    @Test
    void a_refused_row_that_is_to_be_redacted_keeps_its_id_and_why_and_nothing_else() {
        World world = world();
        world.put("no id!",
                "{\"task_id\": \"no id!\", \"redact\": \"S3cr3t\", \"payload\": \"S3cr3t\", \"customer\": \"S3cr3t\"}");
        world.rows().refuse(world.rows().find("no id!").orElseThrow(), List.of(new Violation("task_id", "is odd")),
                true, Tasks.RUN_AT);

        Map<String, AttributeValue> row = CLIENT
                .getItem(get -> get.tableName(table).key(Map.of("task_id", AttributeValue.fromS("no id!")))).item();

        assertThat(row).containsOnlyKeys("task_id", "redact", "schema", "status", "violations", "delete_at");
        assertThat(row.toString()).doesNotContain("S3cr3t");
    }
}
