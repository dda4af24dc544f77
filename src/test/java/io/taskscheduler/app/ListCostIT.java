package io.taskscheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskList;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.ConsumedCapacityMeter;
import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.fixture.Tasks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What one page of {@code GET /tasks} costs in read units, as DynamoDB Local counts them. */
class ListCostIT {

    private static final int SHARDS = 16;
    private static final int MANY = Integer.getInteger("list.open", 1_000);
    private static final Filter OPEN = new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.empty(),
            Map.of());

    private final ConsumedCapacityMeter meter = new ConsumedCapacityMeter();
    private final DynamoDbClient client = DynamoDbFixture.running().client(meter);
    private final String table = DynamoDbFixture.running().freshTable();
    private final TimeIndex index = new TimeIndex(SHARDS, 30);
    private final ListTasks listTasks = new ListTasks(
            new DynamoDbTaskList(client, table, index, InstantSource.fixed(Tasks.RUN_AT)),
            InstantSource.fixed(Tasks.RUN_AT));

    @Test
    void a_page_costs_half_a_unit_for_each_shard_and_each_task_however_many_there_are() {
        assertThat(units("of none", OPEN, 20)).containsExactly(8.0);

        add(100);
        assertThat(units("of 100, 20 each", OPEN, 20)).containsExactly(18.0, 18.0, 18.0, 18.0, 18.0);
        add(MANY - 100);

        assertThat(units("of " + MANY + ", 20 each", OPEN, 20)).startsWith(18.0, 18.0, 18.0);
        assertThat(units("of " + MANY + ", 100 each", OPEN, 100)).startsWith(58.0, 58.0, 58.0);
        assertThat(units("of " + MANY + ", 1 each", OPEN, 1)).startsWith(8.5, 8.5);
    }

    @Test
    void a_page_that_finds_nothing_for_its_filter_costs_no_more_than_a_full_one() {
        add(250);
        Filter none = new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.of("nowhere.example"),
                Map.of());

        assertThat(units("of 250, none wanted", none, 20)).containsExactly(58.0, 58.0, 33.0);
    }

    /** Of up to ten pages, one after the other. */
    private List<Double> units(String what, Filter filter, int limit) {
        List<Double> units = new ArrayList<>();
        Optional<Position> position = Optional.empty();
        do {
            meter.reset();
            position = listTasks.list(filter, position, limit, task -> true);
            units.add(meter.units());
        } while (position.isPresent() && units.size() < 10);
        System.out.printf("LIST %-32s %s units%n", what, units);
        return units;
    }

    private void add(int count) {
        DynamoDbTaskStore store = new DynamoDbTaskStore(DynamoDbFixture.running().client(), table, index,
                InstantSource.fixed(Tasks.CREATED));
        IntStream.range(0, count).parallel().forEach(number -> store.add(Tasks.scheduled(
                new TaskId("task-" + count + "-" + number), Tasks.TWICE, Tasks.RUN_AT.plusMillis(number / 10))));
    }
}
