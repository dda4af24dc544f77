package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.ID;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.ChangeTask.Outcome;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangeTaskTest {

    private static final Precondition ANY = new Precondition.None();
    private static final Instant TOMORROW = RUN_AT.plusSeconds(86_400);
    private static final Edit LATER = new Edit(Optional.of(TOMORROW), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty());
    private static final TaskId NAME = new TaskId("my-name");

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ChangeTask change = new ChangeTask(store, timers);

    @Test
    void a_moved_task_has_a_timer_of_its_own_number() {
        store.add(Tasks.scheduled());

        assertThat(change.edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED)).isInstanceOf(Outcome.Changed.class);

        assertThat(timers.set()).containsExactly(new Timers.Timer(ID, 2, TOMORROW, Precision.SECOND));
    }

    @Test
    void a_finer_precision_wants_a_timer_too() {
        Order coarse = new Order(Tasks.WEBHOOK, RUN_AT, Precision.MINUTE, Optional.empty(), Tasks.TWICE, Map.of());
        store.add(Task.schedule(NAME, 1, coarse, Caller.ANONYMOUS, Tasks.CREATED));

        put(new PutTask.Wish(Tasks.order(Tasks.TWICE, RUN_AT), Optional.empty(), false));

        assertThat(timers.set()).containsExactly(new Timers.Timer(NAME, 2, RUN_AT, Precision.SECOND));
    }

    @Test
    void a_move_whose_timer_cannot_be_set_is_undone() {
        store.add(Tasks.scheduled());
        timers.fallSilent();

        assertThat(change.edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED))
                .isInstanceOf(Outcome.NotAccepted.class);

        assertThat(stored()).isEqualTo(moved(Tasks.scheduled(), 3));
    }

    @Test
    void a_finished_task_whose_new_timer_cannot_be_set_stays_finished() {
        store.add(Tasks.completed());
        timers.fallSilent();

        assertThat(change.runNow(ID, ANY, Caller.ANONYMOUS, RUN_AT.plusSeconds(60)))
                .isInstanceOf(Outcome.NotAccepted.class);

        assertThat(stored()).isEqualTo(moved(Tasks.completed(), Tasks.completed().version() + 2));
    }

    @Test
    void a_task_that_is_as_before_again_gets_its_wake_up_again() {
        store.add(Tasks.scheduled());
        AtomicInteger calls = new AtomicInteger();
        Timers refusingOnce = timer -> {
            if (calls.incrementAndGet() == 1) {
                throw new Unavailable("no answer", new IllegalStateException("planned"));
            }
            timers.set(timer);
        };

        new ChangeTask(store, refusingOnce).edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED);

        assertThat(timers.set()).containsExactly(new Timers.Timer(ID, 3, RUN_AT, Precision.SECOND));
    }

    @Test
    void what_another_call_has_edited_before_it_could_be_undone_has_the_timer_of_that_call() {
        store.add(Tasks.scheduled());
        Edit labels = new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(Map.of()));
        Timers edited = timer -> {
            new ChangeTask(store, timers).edit(ID, ANY, labels, Caller.ANONYMOUS, Tasks.CREATED);
            throw new Unavailable("no answer", new IllegalStateException("planned"));
        };

        assertThat(new ChangeTask(store, edited).edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED))
                .isEqualTo(new Outcome.Changed(stored()));

        assertThat(timers.set()).containsExactly(new Timers.Timer(ID, 3, TOMORROW, Precision.SECOND));
    }

    @Test
    void when_the_undoing_is_not_answered_either_the_task_stands_as_moved_and_the_caller_is_refused() {
        store.add(Tasks.scheduled());
        timers.fallSilent();
        store.then(Fault.NONE, Fault.NONE, Fault.BEFORE);

        assertThat(change.edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED))
                .isInstanceOf(Outcome.NotAccepted.class);

        assertThat(stored().dueAt()).contains(TOMORROW);
    }

    @Test
    void what_was_changed_again_before_it_could_be_undone_is_left_so() {
        store.add(Tasks.scheduled());
        Timers cancelling = timer -> {
            new ChangeTask(store, timers).cancel(ID, ANY, Caller.ANONYMOUS, Tasks.CREATED);
            throw new Unavailable("no answer", new IllegalStateException("planned"));
        };

        Outcome outcome = new ChangeTask(store, cancelling).edit(ID, ANY, LATER, Caller.ANONYMOUS, Tasks.CREATED);

        assertThat(outcome).isEqualTo(new Outcome.Changed(stored()));
        assertThat(stored().finishedAt()).contains(Tasks.CREATED);
    }

    @Test
    void a_store_that_is_silent_before_the_change_has_changed_nothing() {
        store.add(Tasks.scheduled());
        store.then(Fault.NONE, Fault.BEFORE);

        assertThatThrownBy(() -> change.cancel(ID, ANY, Caller.ANONYMOUS, Tasks.CREATED))
                .isInstanceOf(Unavailable.class);
        assertThat(stored()).isEqualTo(Tasks.scheduled());
    }

    @Test
    void a_task_that_is_due_and_told_to_run_gets_one_more_wake_up() {
        store.add(Tasks.scheduled());

        assertThat(change.runNow(ID, ANY, Caller.ANONYMOUS, RUN_AT)).isEqualTo(new Outcome.Unchanged(stored()));

        assertThat(timers.set()).containsExactly(Timers.Timer.of(Tasks.scheduled()));
    }

    @Test
    void a_retry_that_is_told_to_run_keeps_its_count_and_its_time() {
        store.add(Tasks.waitingForRetry());
        Instant now = RUN_AT.plusSeconds(2);

        change.runNow(ID, ANY, Caller.ANONYMOUS, now);

        assertThat(stored().attempts()).isEqualTo(1);
        assertThat(stored().runAt()).isEqualTo(RUN_AT);
        assertThat(stored().dueAt()).contains(now);
    }

    @Test
    void a_new_name_whose_timer_cannot_be_set_is_taken_back() {
        timers.fallSilent();

        assertThat(put(new PutTask.Wish(Tasks.order(Tasks.TWICE, RUN_AT), Optional.empty(), false)))
                .isInstanceOf(Outcome.NotAccepted.class);
        assertThat(store.find(NAME)).isEmpty();
    }

    @Test
    void a_name_that_another_call_has_made_meanwhile_is_replaced() {
        Order mine = Tasks.order(Tasks.TWICE, TOMORROW);
        InMemoryTaskStore raced = new InMemoryTaskStore();
        Task first = Task.schedule(NAME, 7, Tasks.order(Tasks.TWICE, RUN_AT), Caller.ANONYMOUS, Tasks.CREATED);
        SequentialTaskIds ids = new SequentialTaskIds();
        ChangeTask changes = new ChangeTask(raced, timers);
        ScheduleTask scheduling = new ScheduleTask(raced, timers, ids, new Random(1) {
            private static final long serialVersionUID = 1L;

            @Override
            public long nextLong(long origin, long bound) {
                // Asked for between the look and the write.
                assertThat(raced.add(first)).isEmpty();
                return super.nextLong(origin, bound);
            }
        });

        Outcome outcome = new PutTask(scheduling, changes).put(NAME, ANY,
                new PutTask.Wish(mine, Optional.empty(), false), Caller.ANONYMOUS, Tasks.CREATED);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Changed.class, changed -> {
            assertThat(changed.task().version()).isEqualTo(8);
            assertThat(changed.task().runAt()).isEqualTo(TOMORROW);
        });
    }

    @Test
    void a_put_off_task_is_never_put_off_beyond_its_patience() {
        Duration patience = Duration.ofMinutes(10);
        for (int minute = 0; minute < 30; minute++) {
            Instant now = Tasks.CREATED.plusSeconds(60L * minute);
            new PutTask(new ScheduleTask(store, timers, new SequentialTaskIds(), new Random(1)), change).put(NAME, ANY,
                    new PutTask.Wish(Tasks.order(Tasks.TWICE, now.plusSeconds(120)), Optional.of(patience), false),
                    Caller.ANONYMOUS, now);
            Instant latest = Tasks.CREATED.plus(patience);
            Instant wanted = now.plusSeconds(120);
            assertThat(store.find(NAME).orElseThrow().runAt())
                    .isEqualTo(wanted.isBefore(latest) ? wanted : now.isAfter(latest) ? now : latest);
        }
    }

    private Outcome put(PutTask.Wish wish) {
        return new PutTask(new ScheduleTask(store, timers, new SequentialTaskIds(), new Random(1)), change).put(NAME,
                ANY, wish, Caller.ANONYMOUS, Tasks.CREATED);
    }

    private Task stored() {
        return store.find(ID).orElseThrow();
    }

    private static Task moved(Task task, long version) {
        return new Task(task.id(), version, task.order(), task.requestHash(), task.createdAt(), task.updatedAt(),
                task.state(), task.attempts(), task.history());
    }
}
