package io.taskscheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.DynamoDbOpenTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.ReconcileTasks.Report;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ConsumedCapacityMeter;
import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What one run of the reconciler costs in capacity units, as DynamoDB Local counts them. {@code bench/reconcile} runs it with 100,000 open tasks
 * and prints the table.
 */
class ReconcilerCostIT {

    private static final int SHARDS = 16;
    /** A query of a partition without a key that fits: half a read unit. */
    private static final double NOTHING_OVERDUE = SHARDS * 0.5;
    private static final int MANY = Integer.getInteger("reconcile.open", 100);
    private static final int OVERDUE = 100;
    private static final Instant NOW = Tasks.RUN_AT;
    private static final int BATCH = 25;

    private final ConsumedCapacityMeter meter = new ConsumedCapacityMeter();
    private final DynamoDbClient client = DynamoDbFixture.running().client(meter);
    private final String table = DynamoDbFixture.running().freshTable();
    private final TimeIndex index = new TimeIndex(SHARDS, 30);
    private final SequentialTaskIds ids = new SequentialTaskIds();

    @Test
    void a_run_that_finds_nothing_costs_the_same_however_many_tasks_are_open() {
        for (int open : List.of(0, 100, MANY)) {
            addOpen(open, NOW.plus(Duration.ofDays(1)));

            assertThat(measured(open + " more open tasks, none due").woken()).isEmpty();

            assertThat(meter.units()).isEqualTo(NOTHING_OVERDUE);
        }
    }

    @Test
    void an_overdue_task_costs_its_reading_and_one_write_beside() {
        addOpen(OVERDUE, NOW.minus(Duration.ofHours(1)));

        assertThat(measured(OVERDUE + " overdue").overdue()).isEqualTo(OVERDUE);

        // Half a unit to read it and one to write it; an item of two units' size would show here.
        assertThat(meter.units() - NOTHING_OVERDUE).isLessThanOrEqualTo(OVERDUE * 1.6);
    }

    private Report measured(String what) {
        meter.reset();
        Report report = new ReconcileTasks(new DynamoDbOpenTasks(client, table, index),
                new DynamoDbTaskStore(client, table, index, InstantSource.fixed(Tasks.CREATED)),
                new RecordingWakeUps(InstantSource.fixed(NOW)),
                InstantSource.fixed(NOW), () -> UUID.randomUUID().toString(), 50).reconcile();
        System.out.printf("RECONCILER %-32s %8.1f units: %s%n", what, meter.units(), meter.byOperation());
        return report;
    }

    /** One is stored as the store stores it; the others are its row with other keys. */
    private void addOpen(int count, Instant due) {
        if (count == 0) {
            return;
        }
        Task sample = Tasks.scheduled(ids.next(NOW), Tasks.TWICE, due);
        new DynamoDbTaskStore(client, table, index, InstantSource.fixed(Tasks.CREATED)).add(sample);
        Map<String, AttributeValue> row = client
                .getItem(get -> get.tableName(table).key(Map.of("task_id", text(sample.id().value())))).item();
        List<WriteRequest> rows = new ArrayList<>(IntStream.range(1, count).mapToObj(number -> like(row)).toList());
        while (!rows.isEmpty()) {
            List<WriteRequest> batch = rows.subList(0, Math.min(BATCH, rows.size()));
            List<WriteRequest> left = client.batchWriteItem(write -> write.requestItems(Map.of(table, batch)))
                    .unprocessedItems().getOrDefault(table, List.of());
            batch.clear();
            rows.addAll(left);
        }
    }

    private WriteRequest like(Map<String, AttributeValue> row) {
        TaskId id = ids.next(NOW);
        Map<String, AttributeValue> other = new HashMap<>(row);
        other.put("task_id", text(id.value()));
        other.put("time_partition", text("open#" + Math.floorMod(id.hashCode(), SHARDS)));
        return WriteRequest.builder().putRequest(put -> put.item(other)).build();
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }
}
