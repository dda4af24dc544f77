package io.taskscheduler.contract;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskSizes;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.WokenBy;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Recovery;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.fixture.RedactedLives;
import io.taskscheduler.fixture.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link TaskStore} does, the fake and the real one alike. */
abstract class TaskStoreContract {

    /** A store; whether it holds other tasks does not matter. */
    abstract TaskStore store();

    private final TaskId id = new UlidTaskIds().next(Tasks.CREATED);
    private final Task task = Tasks.scheduled(id);

    @Test
    void what_was_added_is_found_as_it_was() {
        store().add(task);

        assertThat(store().find(id)).contains(task);
    }

    @Test
    void what_was_never_added_is_not_found() {
        assertThat(store().find(id)).isEmpty();
    }

    @Test
    void every_state_and_every_event_is_found_as_it_was() {
        store().add(task);
        Task found = task;
        for (Transition move : LongestLife.of(task)) {
            assertThat(store().commit(move)).isTrue();
            assertThat(store().find(id)).contains(move.after());
            found = move.after();
        }
        assertThat(found.attempts()).isEqualTo(2);
    }

    @Test
    void an_expired_task_a_woken_one_and_a_refused_one_are_found_as_they_were() {
        Order order = new Order(Tasks.WEBHOOK, RUN_AT, Precision.MINUTE, Optional.of(RUN_AT.plusSeconds(1)),
                Tasks.TWICE, Map.of());
        Task expiring = Task.schedule(id, 1, order, Caller.ANONYMOUS, Tasks.CREATED);
        Task woken = ((Recovery.Wake) task.recover("reconciler", RUN_AT, RUN_AT.plus(Task.GRACE))).transition().after();
        Unusable action = new Unusable("email", "{\"a\": 1}", List.of(new Violation("action", "is not known")));
        Task expired = ((Claim.Ended) expiring.claim("a", WokenBy.TIMER, RUN_AT.plusSeconds(1))).transition().after();

        for (Task each : List.of(expiring, expired, woken, Task.refuse(id, 7, action, false, RUN_AT))) {
            TaskId fresh = new UlidTaskIds().next(Tasks.CREATED);
            Task stored = new Task(fresh, each.version(), each.order(), each.requestHash(), each.createdAt(),
                    each.updatedAt(), each.state(), each.attempts(), each.history());
            store().add(stored);
            assertThat(store().find(fresh)).contains(stored);
        }
    }

    @Test
    void a_task_that_is_redacted_at_its_end_is_found_as_it_was_before_and_after() {
        Task redacted = RedactedLives.scheduled(id);
        store().add(redacted);
        assertThat(store().find(id)).contains(redacted);

        for (Transition move : LongestLife.of(redacted)) {
            assertThat(store().commit(move)).isTrue();
            assertThat(store().find(id)).contains(move.after());
        }
    }

    @Test
    void the_largest_task_with_the_longest_history_is_kept() {
        Task largest = LongestLife.largestTask(id);
        store().add(largest);

        for (Transition move : LongestLife.of(largest)) {
            assertThat(store().commit(move)).isTrue();
        }

        assertThat(store().find(id).orElseThrow().attempts()).isEqualTo(20);
    }

    @Test
    void the_largest_task_of_several_rounds_with_a_full_history_is_kept() {
        Task largest = LongestLife.largestTask(id);
        store().add(largest);

        for (Transition move : LongestLife.ofManyRounds(largest)) {
            assertThat(store().commit(move)).isTrue();
        }

        Task found = store().find(id).orElseThrow();
        assertThat(found.history()).hasSize(64);
        assertThat(found.history().stream().filter(
                line -> line instanceof TaskEvent.AttemptLost lost && lost.lateResult().isPresent())).hasSize(31);
        // Source: DynamoDB's largest item.
        assertThat(new DynamoDbTaskSizes(new TimeIndex(16, 30)).bytes(found)).isBetween(370_000, 400_000);
    }

    @Test
    void adding_the_same_again_changes_nothing() {
        assertThat(store().add(task)).isEmpty();
        assertThat(store().add(task)).isEmpty();

        assertThat(store().find(id)).contains(task);
    }

    @Test
    void another_task_under_the_same_id_is_not_kept_and_the_first_is_shown() {
        store().add(task);
        Task other = Tasks.scheduled(id, Tasks.TWICE, RUN_AT.plusSeconds(1));

        assertThat(store().add(other)).contains(task);
        assertThat(store().find(id)).contains(task);
    }

    @Test
    void of_tasks_that_are_added_at_the_same_instant_under_one_id_one_is_kept_and_shown_to_the_others()
            throws Exception {
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<Optional<Task>>> calls = IntStream.range(0, 8).<Callable<Optional<Task>>>mapToObj(i -> () -> {
            Task mine = Task.schedule(id, 1 + i, Tasks.order(Tasks.TWICE, RUN_AT), Optional.of("hash"),
                    Caller.ANONYMOUS, Tasks.CREATED);
            start.await();
            return store().add(mine);
        }).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Optional<Task>> shown = threads.invokeAll(calls).stream().map(Future::resultNow).toList();

            assertThat(shown).containsOnlyOnce(Optional.empty());
            assertThat(shown.stream().flatMap(Optional::stream)).hasSize(7)
                    .containsOnly(store().find(id).orElseThrow());
        }
    }

    @Test
    void the_hash_of_its_request_stays_with_a_task_in_every_state() {
        Task keyed = Task.schedule(id, 1, Tasks.order(Tasks.TWICE, RUN_AT), Optional.of("hash"), Caller.ANONYMOUS,
                Tasks.CREATED);
        store().add(keyed);

        for (Transition move : LongestLife.of(keyed)) {
            store().commit(move);
            assertThat(store().find(id).flatMap(Task::requestHash)).contains("hash");
        }
    }

    @Test
    void a_move_is_stored_on_the_version_it_was_decided_on_and_on_no_other() {
        store().add(task);
        Transition first = Tasks.granted(task.claim("first", WokenBy.TIMER, RUN_AT));
        Transition second = Tasks.granted(task.claim("second", WokenBy.TIMER, RUN_AT));

        assertThat(store().commit(first)).isTrue();
        assertThat(store().commit(second)).isFalse();

        assertThat(store().find(id)).contains(first.after());
    }

    @Test
    void a_move_that_is_repeated_meets_its_own_effect_and_has_succeeded() {
        store().add(task);
        Transition move = Tasks.granted(task.claim("first", WokenBy.TIMER, RUN_AT));
        store().commit(move);

        assertThat(store().commit(move)).isTrue();
        assertThat(store().find(id)).contains(move.after());
    }

    @Test
    void a_move_of_a_task_that_is_gone_is_not_stored() {
        assertThat(store().commit(Tasks.granted(task.claim("first", WokenBy.TIMER, RUN_AT)))).isFalse();
        assertThat(store().find(id)).isEmpty();
    }

    @Test
    void of_moves_at_the_same_instant_one_is_stored() throws Exception {
        store().add(task);
        CyclicBarrier start = new CyclicBarrier(8);
        List<Callable<Boolean>> claims = IntStream.range(0, 8).<Callable<Boolean>>mapToObj(i -> () -> {
            Transition move = Tasks.granted(task.claim("holder " + i, WokenBy.TIMER, RUN_AT));
            start.await();
            return store().commit(move);
        }).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Stream<Boolean> stored = threads.invokeAll(claims).stream().map(Future::resultNow);
            assertThat(stored).containsOnlyOnce(true);
        }
    }

    @Test
    void an_unmoved_task_can_be_taken_back_and_once_more() {
        store().add(task);

        assertThat(store().takeBack(task)).isTrue();
        assertThat(store().takeBack(task)).isTrue();
        assertThat(store().find(id)).isEmpty();
    }

    @Test
    void a_task_that_has_moved_on_is_not_taken_back() {
        store().add(task);
        Transition move = Tasks.granted(task.claim("first", WokenBy.TIMER, RUN_AT));
        store().commit(move);

        assertThat(store().takeBack(task)).isFalse();
        assertThat(store().find(id)).contains(move.after());
    }
}
