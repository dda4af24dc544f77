package io.taskscheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.DynamoDbFinishedTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.MeasureLateness.Lateness;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ConsumedCapacityMeter;
import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What one {@code GET /lateness} costs in capacity units, as DynamoDB Local counts them. */
class LatenessCostIT {

    private static final int SHARDS = 16;
    /** Two partitions for each shard, a query of half a read unit for each. */
    private static final double NOTHING_FINISHED = SHARDS * 2 * 0.5;
    private static final int MANY = Integer.getInteger("lateness.finished", 1_000);
    private static final Instant NOW = Tasks.RUN_AT;

    private final ConsumedCapacityMeter meter = new ConsumedCapacityMeter();
    private final DynamoDbClient client = DynamoDbFixture.running().client(meter);
    private final String table = DynamoDbFixture.running().freshTable();
    private final SequentialTaskIds ids = new SequentialTaskIds();

    @Test
    void of_more_tasks_than_one_page_holds_each_is_found() {
        TimeIndex index = new TimeIndex(1, 30);
        add(index, 1_001, NOW.minusSeconds(1));

        assertThat(measured(index, "1001 in one shard")).isInstanceOfSatisfying(Lateness.Known.class,
                known -> assertThat(known.count()).isEqualTo(1_001));
    }

    @Test
    void a_thousand_finished_tasks_cost_some_units_and_those_of_before_nothing() {
        TimeIndex index = new TimeIndex(SHARDS, 30);

        assertThat(measured(index, "nothing finished")).isEqualTo(new Lateness.Unknown());
        assertThat(meter.units()).isEqualTo(NOTHING_FINISHED);
        add(index, 100, NOW.minus(Duration.ofHours(2)));
        assertThat(measured(index, "100 of two hours ago")).isEqualTo(new Lateness.Unknown());
        assertThat(meter.units()).isEqualTo(NOTHING_FINISHED);
        add(index, MANY, NOW.minusSeconds(1));

        assertThat(measured(index, MANY + " of the last hour")).isInstanceOfSatisfying(Lateness.Known.class,
                known -> assertThat(known.count()).isEqualTo(MANY));

        // 128 bytes for each, half a unit for 4 KB.
        assertThat(meter.units() - NOTHING_FINISHED).isLessThanOrEqualTo(MANY * 128 * 0.5 / 4_096);
    }

    private Lateness measured(TimeIndex index, String what) {
        meter.reset();
        Lateness lateness = new MeasureLateness(new DynamoDbFinishedTasks(client, table, index),
                InstantSource.fixed(NOW)).measure();
        System.out.printf("LATENESS %-32s %8.1f units%n", what, meter.units());
        return lateness;
    }

    private void add(TimeIndex index, int count, Instant at) {
        DynamoDbTaskStore store = new DynamoDbTaskStore(client, table, index, InstantSource.fixed(Tasks.CREATED));
        List<Task> tasks = IntStream.range(0, count).mapToObj(number -> Tasks.answered(ids.next(NOW), Precision.SECOND,
                Duration.ofMillis(number % 50), 200, at.minusMillis(number))).toList();
        tasks.parallelStream().forEach(store::add);
    }
}
