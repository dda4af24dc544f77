package io.taskscheduler.app;

import io.taskscheduler.domain.Caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.ScheduleTask.Outcome;
import io.taskscheduler.app.ScheduleTask.Outcome.Accepted;
import io.taskscheduler.app.ScheduleTask.Outcome.KeyReused;
import io.taskscheduler.app.ScheduleTask.Outcome.NotAccepted;
import io.taskscheduler.app.ScheduleTask.Outcome.Repeated;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Tasks;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Requests with a key. */
class RepeatedRequestTest {

    private static final RandomGenerator RANDOM = new SecureRandom();
    private static final RequestKey KEY = new RequestKey("order-4711", "hash");
    private static final TaskId ID = new SequentialTaskIds().of(KEY.value());

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final Order order = Tasks.order(Tasks.TWICE, Tasks.RUN_AT);

    @Test
    void the_same_key_and_body_give_the_first_task() {
        Task first = accepted(schedule(timers));

        Task again = repeated(schedule(timers));

        assertThat(again.id()).isEqualTo(first.id()).isEqualTo(ID);
        assertThat(store.find(ID)).contains(again);
        assertThat(timers.set()).contains(new Timer(ID, again.version(), Tasks.RUN_AT, Precision.SECOND));
    }

    @Test
    void from_the_third_time_on_a_repetition_neither_writes_nor_wakes_once_more() {
        schedule(timers);
        ScheduleTask later = scheduler(timers);
        Task second = repeated(later.schedule(order, KEY, Caller.ANONYMOUS, Tasks.CREATED.plusMillis(1)));
        List<Timer> set = timers.set();

        assertThat(repeated(later.schedule(order, KEY, Caller.ANONYMOUS, Tasks.CREATED.plusSeconds(60))))
                .isEqualTo(second);
        assertThat(timers.set()).isEqualTo(set);
    }

    @Test
    void a_task_that_runs_or_has_finished_is_found_as_it_is_and_not_woken() {
        Task first = accepted(schedule(timers));
        Task running = Tasks.granted(first.claim("a", WokenBy.TIMER, Tasks.RUN_AT)).after();
        store.commit(Tasks.granted(first.claim("a", WokenBy.TIMER, Tasks.RUN_AT)));
        assertThat(repeated(schedule(timers))).isEqualTo(running);

        store.commit(Tasks.settled(running, Tasks.status(503), Tasks.RUN_AT.plusSeconds(1)));
        Task waiting = repeated(schedule(timers));
        Task second = Tasks.granted(waiting.claim("b", WokenBy.TIMER, Tasks.RUN_AT.plusSeconds(60))).after();
        store.commit(Tasks.granted(waiting.claim("b", WokenBy.TIMER, Tasks.RUN_AT.plusSeconds(60))));
        store.commit(Tasks.settled(second, Tasks.status(200), Tasks.RUN_AT.plusSeconds(61)));

        assertThat(repeated(schedule(timers)).finishedAt()).isPresent();
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void the_same_key_with_another_body_is_refused_and_changes_nothing() {
        Task first = accepted(schedule(timers));

        assertThat(scheduler(timers).schedule(order, new RequestKey(KEY.value(), "other"), Caller.ANONYMOUS,
                Tasks.CREATED))
                .isEqualTo(new KeyReused());
        assertThat(store.find(ID)).contains(first);
        assertThat(timers.set()).hasSize(1);
    }

    @Test
    void of_two_at_the_same_instant_one_makes_the_task_and_the_other_finds_it() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 200; round++) {
                RequestKey key = new RequestKey("round " + round, "hash");
                CyclicBarrier start = new CyclicBarrier(2);
                Callable<Outcome> call = () -> {
                    start.await();
                    return scheduler(timers).schedule(order, key, Caller.ANONYMOUS, Tasks.CREATED);
                };
                List<Outcome> outcomes = threads.invokeAll(List.of(call, call)).stream().map(Future::resultNow)
                        .toList();

                assertThat(outcomes).hasAtLeastOneElementOfType(Accepted.class)
                        .hasAtLeastOneElementOfType(Repeated.class);
                Task kept = store.find(new SequentialTaskIds().of(key.value())).orElseThrow();
                assertThat(timers.set()).contains(new Timer(kept.id(), kept.version(), Tasks.RUN_AT, Precision.SECOND));
            }
        }
    }

    @Test
    void a_task_that_another_call_was_told_of_is_not_taken_back_when_its_timer_fails() {
        Outcome[] meanwhile = new Outcome[1];
        Timers failing = timer -> {
            meanwhile[0] = schedule(timers);
            throw new Unavailable("no timers", new IllegalStateException("planned"));
        };

        Task first = accepted(scheduler(failing).schedule(order, KEY, Caller.ANONYMOUS, Tasks.CREATED));

        assertThat(meanwhile[0]).isEqualTo(new Repeated(first));
        assertThat(store.find(ID)).contains(first);
        assertThat(timers.set()).containsExactly(new Timer(ID, first.version(), Tasks.RUN_AT, Precision.SECOND));
    }

    @Test
    void a_task_whose_call_died_before_its_timer_gets_one_from_its_repetition() {
        Timers deadly = timer -> {
            throw new AssertionError("died");
        };
        assertThatThrownBy(() -> schedule(deadly)).hasMessage("died");

        Task kept = repeated(schedule(timers));

        assertThat(timers.set()).containsExactly(new Timer(ID, kept.version(), Tasks.RUN_AT, Precision.SECOND));
    }

    @Test
    void a_repetition_whose_timer_cannot_be_set_is_not_accepted_and_leaves_the_task_to_the_next() {
        schedule(timers);
        RecordingTimers silent = new RecordingTimers();
        silent.fallSilent();

        assertThat(schedule(silent)).isInstanceOf(NotAccepted.class);

        Task kept = repeated(schedule(timers));
        assertThat(timers.set()).contains(new Timer(ID, kept.version(), Tasks.RUN_AT, Precision.SECOND));
    }

    @Test
    void a_call_that_was_not_answered_does_not_take_back_what_another_has_made() {
        Task first = accepted(schedule(timers));
        store.then(Fault.BEFORE);

        assertThat(repeated(schedule(timers)).createdAt()).isEqualTo(first.createdAt());
        assertThat(store.find(ID)).isPresent();
    }

    @Test
    void the_timer_of_a_task_that_was_taken_back_does_not_stand_for_that_of_the_next() {
        Timers setUnseen = timer -> {
            timers.set(timer);
            throw new Unavailable("no answer", new IllegalStateException("planned"));
        };
        assertThat(schedule(setUnseen)).isInstanceOf(NotAccepted.class);

        Order sooner = Tasks.order(Tasks.TWICE, Tasks.RUN_AT.minusSeconds(60));
        Task next = accepted(scheduler(timers).schedule(sooner, new RequestKey(KEY.value(), "other"),
                Caller.ANONYMOUS, Tasks.CREATED));

        assertThat(timers.set()).contains(new Timer(ID, next.version(), sooner.runAt(), Precision.SECOND));
    }

    @Test
    void what_cannot_be_accepted_any_more_finds_what_it_made_and_nothing_else() {
        schedule(timers);

        assertThat(scheduler(timers).recall(KEY, Tasks.RUN_AT)).isEqualTo(store.find(ID)).isPresent();
        assertThat(scheduler(timers).recall(new RequestKey(KEY.value(), "other"), Tasks.RUN_AT)).isEmpty();
        assertThat(scheduler(timers).recall(new RequestKey("new", "hash"), Tasks.RUN_AT)).isEmpty();
    }

    @Test
    void a_key_is_not_shown() {
        assertThat(KEY.toString()).doesNotContain(KEY.value()).doesNotContain(KEY.bodyHash());
    }

    private Outcome schedule(Timers used) {
        return scheduler(used).schedule(order, KEY, Caller.ANONYMOUS, Tasks.CREATED);
    }

    private ScheduleTask scheduler(Timers used) {
        return new ScheduleTask(store, used, new SequentialTaskIds(), RANDOM);
    }

    private static Task accepted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Accepted.class);
        return ((Accepted) outcome).task();
    }

    private static Task repeated(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Repeated.class);
        return ((Repeated) outcome).task();
    }
}
