package io.taskscheduler.contract;

import io.taskscheduler.fixture.Tasks;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskList;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.app.port.TaskList.Entry;
import io.taskscheduler.app.port.TaskList.Group;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.Backends;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;

/** On DynamoDB Local, or on what {@code -Dcontract.endpoint=} names. */
class DynamoDbTaskListIT extends TaskListContract {

    private static final DynamoDbClient CLIENT = Backends.dynamoDb();
    private static final int RETENTION_DAYS = 30;

    private final String table = Backends.freshTable(CLIENT);

    @Override
    World world() {
        return world(4);
    }

    private World world(int shards) {
        TimeIndex index = new TimeIndex(shards, RETENTION_DAYS);
        return new World(new DynamoDbTaskStore(CLIENT, table, index, InstantSource.fixed(Tasks.CREATED)),
                list(shards, RUN_AT));
    }

    private TaskList list(int shards, Instant now) {
        return new DynamoDbTaskList(CLIENT, table, new TimeIndex(shards, RETENTION_DAYS), InstantSource.fixed(now));
    }

    @Test
    void a_list_that_somebody_is_in_the_middle_of_goes_on_when_shards_are_added() {
        World two = world(2);
        List<String> there = IntStream.range(0, 40).mapToObj(i -> open(two, RUN_AT.plusMillis(i / 10)).value())
                .toList();
        List<Entry> walked = new ArrayList<>(two.list().find(OPEN, Optional.empty(), 15).entries());
        World five = world(5);
        List<String> come = IntStream.range(0, 40).mapToObj(i -> open(five, RUN_AT.plusMillis(4)).value()).toList();

        walked.addAll(walk(five.list(), OPEN, position(Optional.empty(), walked), 7));

        assertThat(walked).extracting(Entry::id).hasSize(80).containsAll(there).containsAll(come);
        assertThat(walked).extracting(Entry::time).isSorted();
    }

    @Test
    void of_one_shard_alone_and_of_64_everything_is_found() {
        World one = world(1);
        IntStream.range(0, 120).forEach(i -> failed(one, RUN_AT.plusMillis(i / 40)));
        assertThat(walk(one.list(), FAILED, Optional.empty(), 50)).hasSize(120);
        assertThat(one.list().find(FAILED, Optional.empty(), 50).entries()).hasSize(50);
        World many = world(64);
        IntStream.range(0, 120).forEach(i -> open(many, RUN_AT));
        assertThat(many.list().find(OPEN, Optional.empty(), 100).entries()).hasSize(100);
        assertThat(walk(many.list(), OPEN, Optional.empty(), 100)).hasSize(120);
    }

    @Test
    void a_task_that_is_past_its_retention_is_left_out_though_dynamodb_has_not_removed_it() {
        World world = world();
        failed(world, RUN_AT);
        List<Entry> entries = world.list().find(FAILED, Optional.empty(), 10).entries();
        // delete_at counts whole seconds.
        Instant gone = RUN_AT.plus(Duration.ofDays(RETENTION_DAYS)).minusMillis(250);

        assertThat(list(4, gone.minusMillis(1)).read(Group.FAILED, entries)).hasSize(1);
        assertThat(list(4, gone).read(Group.FAILED, entries)).isEmpty();
    }

    @Test
    void one_row_that_cannot_be_read_does_not_hide_the_others() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 6).mapToObj(i -> open(world, RUN_AT.plusMillis(i))).toList();
        set(ids.get(0), "schema", AttributeValue.fromN("2"));
        set(ids.get(1), "payload", AttributeValue.fromS("by hand"));
        set(ids.get(2), "time", AttributeValue.fromS("2027-99-99"));
        set(ids.get(3), "delete_at", AttributeValue.fromS("never"));
        CLIENT.putItem(put -> put.tableName(table).item(Map.of("task_id", AttributeValue.fromS("no id!"),
                "schema", AttributeValue.fromN("1"), "time_partition", AttributeValue.fromS("open#0"), "time",
                AttributeValue.fromS("2027-05-17T15:00:00.250Z"))));

        List<Entry> entries = walk(world.list(), OPEN, Optional.empty(), 2);

        assertThat(entries).extracting(Entry::id).hasSize(6).contains("no id!");
        assertThat(world.list().read(Group.OPEN, entries)).extracting(Task::id)
                .containsExactly(ids.get(1), ids.get(3), ids.get(4), ids.get(5));
    }

    @Test
    void a_table_that_does_not_answer_is_unavailable() {
        TaskList list = new DynamoDbTaskList(CLIENT, "no-such-table", new TimeIndex(4, 30),
                InstantSource.fixed(RUN_AT));

        assertThatThrownBy(() -> list.find(OPEN, Optional.empty(), 10)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> list.read(Group.OPEN, List.of(new Entry(0, RUN_AT, "a"))))
                .isInstanceOf(Unavailable.class);
    }

    private void set(TaskId id, String name, AttributeValue value) {
        CLIENT.updateItem(update -> update.tableName(table).key(Map.of("task_id", AttributeValue.fromS(id.value())))
                .attributeUpdates(Map.of(name,
                        AttributeValueUpdate.builder().value(value)
                                .action(AttributeAction.PUT).build())));
    }
}
