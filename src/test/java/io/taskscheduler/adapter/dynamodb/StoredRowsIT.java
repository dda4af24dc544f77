package io.taskscheduler.adapter.dynamodb;

import java.time.InstantSource;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.WokenBy;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.RequestKey;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.FailReason;
import io.taskscheduler.domain.Recovery;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.fixture.Backends;
import io.taskscheduler.fixture.LossyProxy;
import io.taskscheduler.fixture.RedactedLives;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What really stands in the table. */
class StoredRowsIT {

    private static final DynamoDbClient CLIENT = Backends.dynamoDb();

    private final String table = Backends.freshTable(CLIENT);
    private final DynamoDbTaskStore store = new DynamoDbTaskStore(CLIENT, table, new TimeIndex(4, 30),
            InstantSource.fixed(Tasks.CREATED));

    @Test
    void a_row_of_schema_1_is_read_as_what_it_was() throws IOException {
        String sample = Files.readString(Path.of("src/test/resources/stored/task-schema-1.json"));
        CLIENT.putItem(put -> put.tableName(table).item(EnhancedDocument.fromJson(sample).toMap()));

        assertThat(store.find(Tasks.ID)).contains(Tasks.waitingForRetry());
    }

    @Test
    void a_task_is_written_as_the_sample_of_schema_1() throws IOException {
        String sample = Files.readString(Path.of("src/test/resources/stored/task-schema-1.json"));
        store.add(Tasks.scheduled());
        store.commit(Tasks.granted(Tasks.scheduled().claim("first", WokenBy.TIMER, RUN_AT)));
        store.commit(Tasks.settled(Tasks.running(), Tasks.status(503), RUN_AT.plusSeconds(1)));

        assertThat(row(Tasks.ID)).isEqualTo(EnhancedDocument.fromJson(sample).toMap());
    }

    @Test
    void a_task_with_a_key_keeps_the_hash_of_its_request_and_not_the_key() {
        RequestKey key = new RequestKey("order-4711", "hash-of-the-body");
        ScheduleTask scheduler = new ScheduleTask(store, timer -> {}, new UlidTaskIds(),
                new SecureRandom());
        scheduler.schedule(Tasks.order(Tasks.TWICE, RUN_AT), key, Caller.ANONYMOUS, Tasks.CREATED);
        TaskId id = new UlidTaskIds().of("order-4711");

        Map<String, AttributeValue> first = row(id);
        assertThat(first).containsEntry("request_hash", AttributeValue.fromS("hash-of-the-body"));
        assertThat(first.toString()).doesNotContain("order-4711");
        assertThat(requireNonNull(first.get("version")).n()).hasSize(15);

        assertThat(scheduler.schedule(Tasks.order(Tasks.TWICE, RUN_AT), key, Caller.ANONYMOUS, Tasks.CREATED))
                .isEqualTo(new ScheduleTask.Outcome.Repeated(store.find(id).orElseThrow()));
        assertThat(scheduler.schedule(Tasks.order(Tasks.TWICE, RUN_AT), new RequestKey("order-4711", "other"),
                Caller.ANONYMOUS, Tasks.CREATED)).isEqualTo(new ScheduleTask.Outcome.KeyReused());
        Map<String, AttributeValue> again = new HashMap<>(row(id));
        assertThat(again.remove("version")).isNotEqualTo(first.get("version"));
        assertThat(first).containsAllEntriesOf(again);
    }

    @Test
    void a_keyed_write_whose_answer_was_lost_is_not_taken_for_another_calls() throws IOException {
        URI service = CLIENT.serviceClientConfiguration().endpointOverride().orElseThrow();
        try (LossyProxy proxy = new LossyProxy(service)) {
            DynamoDbTaskStore far = new DynamoDbTaskStore(Backends.dynamoDb(proxy.endpoint()), table,
                    new TimeIndex(4, 30), InstantSource.fixed(Tasks.CREATED));
            ScheduleTask scheduler = new ScheduleTask(far, timer -> {}, new UlidTaskIds(),
                    new SecureRandom());

            proxy.loseAnswers(1);
            assertThat(scheduler.schedule(Tasks.order(Tasks.TWICE, RUN_AT), new RequestKey("k", "h"), Caller.ANONYMOUS,
                    Tasks.CREATED))
                    .isInstanceOf(ScheduleTask.Outcome.Accepted.class);

            assertThat(proxy.lost()).isEqualTo(1);
        }
    }

    @Test
    void the_hash_of_a_row_that_breaks_is_saved() {
        store.add(Task.schedule(Tasks.ID, 1, Tasks.order(Tasks.TWICE, RUN_AT), Optional.of("hash"), Caller.ANONYMOUS,
                Tasks.CREATED));
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        row.remove("payload");
        CLIENT.putItem(put -> put.tableName(table).item(row));

        assertThat(store.find(Tasks.ID).flatMap(Task::requestHash)).contains("hash");
    }

    @Test
    void another_programs_idea_of_an_end_does_not_hinder_the_search() {
        CLIENT.putItem(put -> put.tableName(table).item(Map.of("task_id", AttributeValue.fromS(Tasks.ID.value()),
                "delete_at", AttributeValue.fromN("1E30"))));

        assertThat(store.find(Tasks.ID)).isEmpty();
    }

    @Test
    void a_row_of_another_program_is_not_overwritten_by_a_task_of_its_id() {
        CLIENT.putItem(put -> put.tableName(table).item(Map.of("task_id", AttributeValue.fromS(Tasks.ID.value()))));

        assertThatThrownBy(() -> store.add(Tasks.scheduled())).isInstanceOf(Unavailable.class);
        assertThat(row(Tasks.ID)).hasSize(1);
    }

    @Test
    void open_tasks_stand_in_the_index_under_their_due_time_in_order() {
        List<Task> tasks = IntStream.range(0, 40)
                .mapToObj(
                        i -> Tasks.scheduled(new UlidTaskIds().next(Tasks.CREATED), Tasks.TWICE,
                                RUN_AT.plusMillis(7L * (40 - i))))
                .toList();
        tasks.forEach(store::add);

        List<String> found = IntStream.range(0, 4).mapToObj(shard -> index("open#" + shard)).flatMap(List::stream)
                .toList();

        assertThat(found).containsExactlyInAnyOrderElementsOf(tasks.stream().map(t -> t.id().value()).toList());
        assertThat(IntStream.range(0, 4).mapToObj(shard -> times("open#" + shard))).allSatisfy(
                times -> assertThat(times).isSorted().isNotEmpty());
    }

    @Test
    void a_claim_leaves_the_index_alone_and_the_end_moves_the_task_to_its_state() {
        store.add(Tasks.scheduled());
        int shard = IntStream.range(0, 4).filter(i -> !index("open#" + i).isEmpty()).findFirst().orElseThrow();
        store.commit(Tasks.granted(Tasks.scheduled().claim("first", WokenBy.TIMER, RUN_AT)));
        assertThat(times("open#" + shard)).containsExactly("2027-05-17T15:00:00.250Z");

        store.commit(Tasks.settled(Tasks.running(), Tasks.status(200), RUN_AT.plusSeconds(1)));

        assertThat(index("open#" + shard)).isEmpty();
        assertThat(times("completed#" + shard)).containsExactly("2027-05-17T15:00:01.250Z");
    }

    @Test
    void a_finished_task_leaves_after_its_days_and_an_open_one_never() {
        store.add(Tasks.scheduled());
        assertThat(row(Tasks.ID)).doesNotContainKey("delete_at");
        store.commit(Tasks.granted(Tasks.scheduled().claim("first", WokenBy.TIMER, RUN_AT)));
        store.commit(Tasks.settled(Tasks.running(), Tasks.status(404), RUN_AT.plusSeconds(1)));

        assertThat(row(Tasks.ID)).containsEntry("delete_at",
                AttributeValue.fromN(Long.toString(RUN_AT.plusSeconds(1 + 30 * 86_400).getEpochSecond())));
    }

    @Test
    void a_finished_task_stays_for_ever_when_no_days_are_set() {
        DynamoDbTaskStore keeping = new DynamoDbTaskStore(CLIENT, table, new TimeIndex(4, 0),
                InstantSource.fixed(Tasks.CREATED));
        keeping.add(Tasks.running());
        keeping.commit(Tasks.settled(Tasks.running(), Tasks.status(404), RUN_AT.plusSeconds(1)));

        assertThat(row(Tasks.ID)).doesNotContainKey("delete_at");
    }

    @Test
    void a_write_whose_answer_was_lost_is_repeated_and_meets_its_own_effect() throws IOException {
        URI service = CLIENT.serviceClientConfiguration().endpointOverride().orElseThrow();
        try (LossyProxy proxy = new LossyProxy(service)) {
            DynamoDbTaskStore far = new DynamoDbTaskStore(Backends.dynamoDb(proxy.endpoint()), table,
                    new TimeIndex(4, 30), InstantSource.fixed(Tasks.CREATED));
            Transition claim = Tasks.granted(Tasks.scheduled().claim("first", WokenBy.TIMER, RUN_AT));

            proxy.loseAnswers(1);
            far.add(Tasks.scheduled());
            proxy.loseAnswers(1);
            assertThat(far.commit(claim)).isTrue();
            assertThat(far.commit(Tasks.granted(Tasks.scheduled().claim("second", WokenBy.TIMER, RUN_AT)))).isFalse();

            assertThat(proxy.lost()).isEqualTo(2);
            assertThat(far.find(Tasks.ID)).contains(claim.after());
        }
    }

    @ParameterizedTest
    @CsvSource({"payload, url", "retry, max_attempts", "state, due_at", "history, ", "run_at, ", "version, ",
            "labels, "})
    void a_broken_row_is_a_task_that_can_only_fail_and_says_why(String attribute, @Nullable String member) {
        store.add(Tasks.scheduled());
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        if (member == null) {
            row.put(attribute, AttributeValue.fromBool(true));
        } else {
            Map<String, AttributeValue> members = new HashMap<>(requireNonNull(row.get(attribute)).m());
            members.remove(member);
            row.put(attribute, AttributeValue.fromM(members));
        }
        CLIENT.putItem(put -> put.tableName(table).item(row));

        Task broken = store.find(Tasks.ID).orElseThrow();
        Claim.Ended end = (Claim.Ended) broken.claim("a", WokenBy.TIMER, RUN_AT.plusSeconds(1));
        assertThat(store.commit(end.transition())).isTrue();

        Task failed = store.find(Tasks.ID).orElseThrow();
        assertThat(failed.state()).isEqualTo(new TaskState.Failed(RUN_AT.plusSeconds(1), FailReason.INVALID_TASK));
        assertThat(failed.action()).isInstanceOfSatisfying(Unusable.class, action -> {
            assertThat(action.kind()).isEqualTo("webhook");
            assertThat(action.found())
                    .contains("https://example.com/hook".substring(0, attribute.equals("payload") ? 0 : 19));
            assertThat(action.violations()).singleElement()
                    .satisfies(v -> assertThat(v.problem()).startsWith("what is stored of the task cannot be read"));
        });
    }

    /** By the raw item, whichever attribute it may hide in. */
    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled", "expired", "given up after a loss", "noted",
            "unusable", "refused"})
    void a_redacted_task_that_has_ended_has_left_nothing_in_its_row(String end) {
        Task task = requireNonNull(redactedEnds().get(end));
        Task before = end.equals("unusable")
                ? RedactedLives.unusable(Tasks.ID)
                : RedactedLives.scheduled(Tasks.ID);
        store.add(before);
        assertThat(row(Tasks.ID).toString()).contains(RedactedLives.MARK);

        assertThat(store.commit(new Transition(before.version(), task, List.of()))).isTrue();

        assertThat(CLIENT.scan(scan -> scan.tableName(table)).items()).singleElement().satisfies(item -> {
            assertThat(item.toString()).doesNotContain(RedactedLives.MARK);
            assertThat(item).containsEntry("redact", AttributeValue.fromBool(true));
        });
        assertThat(store.find(Tasks.ID)).contains(task);
    }

    private static Map<String, Task> redactedEnds() {
        Task scheduled = RedactedLives.scheduled(Tasks.ID);
        Task running = Tasks.granted(scheduled.claim("a", WokenBy.TIMER, RUN_AT)).after();
        Instant lost = RUN_AT.plusSeconds(3_600);
        Task retried = Tasks.granted(running.claim("b", WokenBy.RECONCILER, lost)).after();
        Task waiting = ((Recovery.Wake) running.recover("r", lost, lost)).transition().after();
        Task cancelled = Tasks.made(waiting.cancel(Caller.ANONYMOUS, lost)).after();
        return Map.of("completed", Tasks.settled(running, RedactedLives.answered(200), RUN_AT).after(), "failed",
                Tasks.settled(Tasks.granted(Tasks.settled(running, RedactedLives.unanswered(), RUN_AT).after()
                        .claim("b", WokenBy.TIMER, lost)).after(), RedactedLives.answered(503), lost).after(),
                "cancelled", Tasks.made(scheduled.cancel(Caller.ANONYMOUS, RUN_AT)).after(), "expired",
                ended(scheduled.claim("a", WokenBy.TIMER, RUN_AT.plusSeconds(7_200))), "given up after a loss",
                ended(retried.claim("c", WokenBy.TIMER, lost.plusSeconds(60))), "noted",
                ((Settlement.Noted) cancelled.settle("a", 1, RedactedLives.answered(200), 0.5, lost)).transition()
                        .after(),
                "unusable", ended(RedactedLives.unusable(Tasks.ID).claim("a", WokenBy.TIMER, RUN_AT)), "refused",
                RedactedLives.refused(Tasks.ID));
    }

    private static Task ended(Claim claim) {
        return ((Claim.Ended) claim).transition().after();
    }

    /** A task shows its reasons to whoever may list tasks. */
    @ParameterizedTest
    @ValueSource(strings = {"run_at", "status", "action", "precision", "time", "created_at", "attempts"})
    void a_broken_row_says_what_is_wrong_without_quoting_it(String attribute) {
        store.add(Tasks.scheduled());
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        row.put(attribute, AttributeValue.fromS("S3cr3t"));
        CLIENT.putItem(put -> put.tableName(table).item(row));

        assertThat(store.find(Tasks.ID).orElseThrow().action()).satisfies(action -> {
            if (action instanceof Unusable unusable) {
                assertThat(unusable.violations()).singleElement().asString().contains("cannot be read")
                        .doesNotContain("S3cr3t", "java");
            }
        });
    }

    /** What is saved of the row would hold all of it, and the reason may quote it. */
    @ParameterizedTest
    @ValueSource(strings = {"payload", "run_at", "redact", "history"})
    void a_broken_row_that_is_to_be_redacted_fails_without_what_was_in_it(String attribute) {
        store.add(RedactedLives.scheduled(Tasks.ID));
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        AttributeValue marked = AttributeValue.fromS("S3cr3t as a time");
        row.put(attribute, attribute.equals("payload")
                ? AttributeValue.fromM(Map.of("url", marked, "method", AttributeValue.fromS("POST"),
                        "timeout_seconds", AttributeValue.fromN("30")))
                : marked);
        CLIENT.putItem(put -> put.tableName(table).item(row));

        Task broken = store.find(Tasks.ID).orElseThrow();
        assertThat(store.commit(
                ((Claim.Ended) broken.claim("a", WokenBy.TIMER, RUN_AT.plusSeconds(1))).transition())).isTrue();

        assertThat(row(Tasks.ID).toString()).doesNotContain(RedactedLives.MARK).contains("cannot be read");
    }

    @Test
    void a_finished_row_that_breaks_stays_finished() {
        store.add(Tasks.completed());
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        row.remove("payload");
        CLIENT.putItem(put -> put.tableName(table).item(row));

        assertThat(store.find(Tasks.ID).orElseThrow().state()).isEqualTo(Tasks.completed().state());
    }

    @Test
    void a_row_of_a_later_version_is_left_to_that_version() {
        store.add(Tasks.scheduled());
        Map<String, AttributeValue> row = new HashMap<>(row(Tasks.ID));
        row.put("schema", AttributeValue.fromN("2"));
        CLIENT.putItem(put -> put.tableName(table).item(row));

        assertThatThrownBy(() -> store.find(Tasks.ID)).isInstanceOf(IllegalStateException.class);
        assertThat(new DynamoDbOpenTasks(CLIENT, table, new TimeIndex(4, 30)).read(List.of(Tasks.ID))).isEmpty();
    }

    @Test
    void a_row_of_another_program_is_no_task() {
        CLIENT.putItem(put -> put.tableName(table).item(Map.of("task_id", AttributeValue.fromS(Tasks.ID.value()))));

        assertThat(store.find(Tasks.ID)).isEmpty();
    }

    @Test
    void a_store_that_is_not_there_is_unavailable() {
        DynamoDbTaskStore nowhere = new DynamoDbTaskStore(Backends.dynamoDb(URI.create("http://127.0.0.1:1")), table,
                new TimeIndex(4, 30), InstantSource.fixed(Tasks.CREATED));

        assertThatThrownBy(() -> nowhere.find(Tasks.ID)).isInstanceOf(Unavailable.class)
                .hasMessageContaining("DynamoDB");
    }

    @Test
    void a_table_that_is_not_there_is_unavailable() {
        DynamoDbTaskStore wrong = new DynamoDbTaskStore(CLIENT, "no-such-table", new TimeIndex(4, 30),
                InstantSource.fixed(Tasks.CREATED));

        assertThatThrownBy(() -> wrong.add(Tasks.scheduled())).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> wrong.takeBack(Tasks.scheduled())).isInstanceOf(Unavailable.class);
    }

    private Map<String, AttributeValue> row(TaskId id) {
        return CLIENT.getItem(get -> get.tableName(table).key(Map.of("task_id", AttributeValue.fromS(id.value())))
                .consistentRead(true)).item();
    }

    private List<String> index(String partition) {
        return query(partition).stream().map(item -> text(item, "task_id")).toList();
    }

    private List<String> times(String partition) {
        return query(partition).stream().map(item -> text(item, "time")).toList();
    }

    private List<Map<String, AttributeValue>> query(String partition) {
        return CLIENT.query(
                query -> query.tableName(table).indexName(TimeIndex.NAME).keyConditionExpression("time_partition = :p")
                        .expressionAttributeValues(Map.of(":p", AttributeValue.fromS(partition))))
                .items();
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return requireNonNull(item.get(name)).s();
    }
}
