package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskList;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskSizes;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ConsumedCapacityMeter;
import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What each call of the API takes of the table's capacity, for a task of a kilobyte or less and 16 shards, as DynamoDB Local counts it. The table
 * is printed and written to {@code target/capacity.txt}.
 *
 * <p>AWS's rule, which each number here agrees with: a write costs a unit for each kilobyte of the larger of the row before and after it; an
 * entry in the index costs one more when it is made, two when its key changes, because it is deleted and put, and nothing when the write does
 * not touch it. A strongly consistent read costs a unit for 4 KB, also when it finds nothing, and one that is eventually consistent half of it.
 */
class CapacityIT {

    private static final Precondition ANY = new Precondition.None();
    private static final Instant TOMORROW = RUN_AT.plusSeconds(86_400);
    private static final TaskId NAME = new TaskId("my-name");
    private static final List<String> LINES = Collections.synchronizedList(new ArrayList<>(
            List.of("%-44s %6s %6s %6s".formatted("what is called", "writes", "reads", "calls"))));

    private final ConsumedCapacityMeter meter = new ConsumedCapacityMeter();
    private final DynamoDbClient client = DynamoDbFixture.running().client(meter);
    private final String table = DynamoDbFixture.running().freshTable();
    private final TimeIndex index = new TimeIndex(16, 30);
    private final DynamoDbTaskStore store = new DynamoDbTaskStore(client, table, index, InstantSource.fixed(CREATED));
    private final RecordingTimers timers = new RecordingTimers();
    private final ScheduleTask scheduling = new ScheduleTask(store, timers, new SequentialTaskIds(), new Random(1));
    private final ChangeTask changing = new ChangeTask(store, timers);
    private final PutTask putting = new PutTask(scheduling, changing);

    @AfterAll
    static void publish() throws IOException {
        String text = String.join(System.lineSeparator(), LINES);
        System.out.println(text);
        Files.writeString(Path.of("target/capacity.txt"), text + System.lineSeparator());
    }

    @Test
    void a_new_task_costs_two_writes() {
        expect("create", 2, 0, 1, () -> scheduling.schedule(Tasks.order(Tasks.TWICE, RUN_AT), Caller.ANONYMOUS,
                CREATED));
    }

    @Test
    void a_new_task_with_a_key_costs_no_more_and_its_repetition_two_writes() {
        RequestKey key = new RequestKey("key", "hash");
        expect("create with a key", 2, 0, 1, () -> scheduling.schedule(Tasks.order(Tasks.TWICE, RUN_AT), key,
                Caller.ANONYMOUS, CREATED));
        // The first of the two writes meets the task and is refused. AWS counts a unit for it too; the refusal does not say so.
        expect("create with the same key again (and 1)", 1, 0, 2, () -> scheduling.schedule(
                Tasks.order(Tasks.TWICE, RUN_AT), key, Caller.ANONYMOUS, CREATED));
    }

    @Test
    void a_view_costs_one_read() {
        store.add(Tasks.scheduled());

        expect("view", 0, 1, 1, () -> new FindTask(store).find(Tasks.ID));
        expect("view of no task", 0, 1, 1, () -> new FindTask(store).find(NAME));
    }

    @Test
    void a_cancel_and_a_new_time_cost_three_writes() {
        store.add(Tasks.scheduled());

        expect("reschedule", 3, 1, 2, () -> changing.edit(Tasks.ID, ANY, later(), Caller.ANONYMOUS, CREATED));
        expect("cancel", 3, 1, 2, () -> changing.cancel(Tasks.ID, ANY, Caller.ANONYMOUS, CREATED));
        expect("cancel again", 0, 1, 1, () -> changing.cancel(Tasks.ID, ANY, Caller.ANONYMOUS, CREATED));
    }

    @Test
    void an_edit_that_leaves_the_time_costs_one_write() {
        store.add(Tasks.scheduled());

        expect("edit without a new time", 1, 1, 2, () -> changing.edit(Tasks.ID, ANY, labels(), Caller.ANONYMOUS,
                CREATED));
    }

    @Test
    void to_run_a_task_now_or_again_costs_three_writes() {
        store.add(Tasks.scheduled());
        expect("run now", 3, 1, 2, () -> changing.runNow(Tasks.ID, ANY, Caller.ANONYMOUS, CREATED));

        Task ended = named(NAME, Tasks.completed());
        store.add(ended);
        expect("run again", 3, 1, 2, () -> changing.runNow(NAME, ANY, Caller.ANONYMOUS, RUN_AT.plusSeconds(60)));
    }

    @Test
    void a_named_task_costs_what_its_creation_or_its_move_costs_and_a_look() {
        expect("put: create", 2, 1, 2, () -> put(RUN_AT, false));
        expect("put: replace", 3, 1, 2, () -> put(TOMORROW, false));
        changing.cancel(NAME, ANY, Caller.ANONYMOUS, CREATED);
        expect("put: replace a finished one", 3, 1, 2, () -> put(TOMORROW, true));
    }

    @Test
    void a_page_of_twenty_costs_at_most_twenty_one_reads() {
        IntStream.range(0, 60).forEach(
                n -> store.add(Tasks.scheduled(new TaskId("t-" + n), Tasks.TWICE, RUN_AT.plusSeconds(n))));
        ListTasks listTasks = new ListTasks(
                new DynamoDbTaskList(client, table, index, InstantSource.fixed(CREATED)),
                InstantSource.fixed(CREATED));
        meter.reset();

        listTasks.list(new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.empty(), Map.of()),
                Optional.empty(), 20, task -> true);

        note("list, a page of 20");
        assertThat(meter.units()).isLessThanOrEqualTo(21);
        assertThat(meter.byOperation()).doesNotContainKey("PutItem");
    }

    @Test
    void a_batch_of_25_costs_what_25_tasks_cost() {
        List<ScheduleTasks.Wish> wishes = Collections.nCopies(25,
                new ScheduleTasks.Wish.New(Tasks.order(Tasks.TWICE, RUN_AT), Optional.empty()));
        ScheduleTasks batches = new ScheduleTasks(scheduling, instant -> {
            throw new AssertionError("nothing is tried again");
        }, InstantSource.fixed(CREATED));

        expect("batch of 25", 50, 0, 25, () -> batches.schedule(wishes, Caller.ANONYMOUS, CREATED));

        assertThat(timers.set()).hasSize(25);
    }

    @Test
    void the_usual_task_is_not_larger_than_a_write_unit_when_it_ends() {
        DynamoDbTaskSizes sizes = new DynamoDbTaskSizes(index);

        assertThat(sizes.bytes(Tasks.completed())).isLessThanOrEqualTo(1_024);
    }

    private void expect(String what, int writes, int reads, int calls, Runnable call) {
        meter.reset();
        call.run();
        note(what);
        assertThat(meter.byOperation().getOrDefault("PutItem", 0.0)).as("%s: writes", what).isEqualTo(writes);
        assertThat(meter.units() - meter.byOperation().getOrDefault("PutItem", 0.0)).as("%s: reads", what)
                .isEqualTo(reads);
        assertThat(meter.calls()).as("%s: calls", what).isEqualTo(calls);
    }

    private void note(String what) {
        double writes = meter.byOperation().getOrDefault("PutItem", 0.0);
        LINES.add(String.format(Locale.ROOT, "%-44s %6.1f %6.1f %6d", what, writes, meter.units() - writes,
                meter.calls()));
    }

    private void put(Instant runAt, boolean startAnew) {
        putting.put(NAME, ANY, new PutTask.Wish(Tasks.order(Tasks.TWICE, runAt), Optional.empty(), startAnew),
                Caller.ANONYMOUS, CREATED);
    }

    private static Task named(TaskId id, Task task) {
        return new Task(id, task.version(), task.order(), task.requestHash(), task.createdAt(), task.updatedAt(),
                task.state(), task.attempts(), task.history());
    }

    private static Edit later() {
        return new Edit(Optional.of(TOMORROW), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Edit labels() {
        return new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(Map.of("a", "b")));
    }
}
