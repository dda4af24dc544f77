package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.ID;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.Attempts.Made;
import io.taskscheduler.app.ExecuteTask.Outcome;
import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.FailReason;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fixture.Execution;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecuteTaskTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final RecordingWakeUps line = new RecordingWakeUps();
    private final ManualClock clock = new ManualClock(RUN_AT);
    private final AtomicInteger holders = new AtomicInteger();

    @Test
    void a_due_task_is_run_and_completed() {
        store.add(Tasks.scheduled());
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));

        Outcome outcome = executor(actions).execute(ID, WokenBy.TIMER);

        assertThat(outcome).isInstanceOf(Outcome.Attempted.class);
        assertThat(stored().state()).isEqualTo(new Completed(RUN_AT));
        assertThat(actions.performed())
                .containsExactly(new Attempt(ID, Tasks.WEBHOOK, 1, RUN_AT, false, Optional.empty()));
        assertThat(timers.set()).isEmpty();
    }

    @Test
    void the_task_is_running_while_its_action_is_carried_out() {
        store.add(Tasks.scheduled());
        ScriptedActions actions = new ScriptedActions(
                () -> assertThat(stored().state()).isInstanceOf(Running.class), Tasks.status(200));

        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Attempted.class);
    }

    @Test
    void a_failed_attempt_gets_a_timer_of_its_own_for_the_next() {
        store.add(Tasks.scheduled());

        executor(new ScriptedActions(Tasks.status(503))).execute(ID, WokenBy.TIMER);

        Task task = stored();
        assertThat(timers.set()).singleElement().satisfies(timer -> {
            assertThat(timer.wakeUp()).isEqualTo(task.version());
            assertThat(timer.at()).isBetween(RUN_AT.plusSeconds(9), RUN_AT.plusSeconds(11));
        });
    }

    @Test
    void an_early_wake_up_waits_for_its_time_and_claims_just_before_it() {
        store.add(Tasks.scheduled());
        clock.advance(ExecuteTask.LONGEST_WAIT.plus(Task.HEAD_START).negated());
        ScriptedActions actions = new ScriptedActions(() -> assertThat(clock.instant()).isEqualTo(RUN_AT),
                Tasks.status(200));

        Outcome outcome = executor(actions).executeInTime(ID, OptionalLong.of(1));

        Instant claimed = RUN_AT.minus(Task.HEAD_START);
        Instant woken = claimed.minus(ExecuteTask.LONGEST_WAIT);
        assertThat(outcome).isEqualTo(new Outcome.Attempted(new Made.Settled(stored(), Tasks.status(200),
                new Attempts.Timing(RUN_AT, woken, claimed, Tasks.status(200).startedAt()), Optional.empty())));
        assertThat(actions.performed()).hasSize(1);
        assertThat(timers.set()).isEmpty();
        assertThat(stored().startedAt()).contains(Tasks.status(200).startedAt());
    }

    @Test
    void a_wake_up_that_comes_too_early_to_wait_sets_the_near_timer_again_and_writes_nothing() {
        store.add(Tasks.scheduled());
        clock.advance(ExecuteTask.LONGEST_WAIT.plus(Task.HEAD_START).plusMillis(1).negated());
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));

        assertThat(executor(actions).executeInTime(ID, OptionalLong.of(1))).isEqualTo(new Outcome.Early(RUN_AT));

        assertThat(actions.performed()).isEmpty();
        assertThat(timers.set()).containsExactly(new Timer(ID, 1, RUN_AT, Precision.SECOND));
        assertThat(stored()).isEqualTo(Tasks.scheduled());
    }

    @Test
    void a_far_timer_that_fires_early_hands_over_to_the_near_one() {
        store.add(Tasks.scheduled());
        clock.moveTo(RUN_AT.minus(NearAndFarTimers.HORIZON));

        assertThat(executor(new ScriptedActions(Tasks.status(200))).executeInTime(ID, OptionalLong.empty()))
                .isEqualTo(new Outcome.Early(RUN_AT));

        assertThat(timers.set()).containsExactly(new Timer(ID, 1, RUN_AT, Precision.SECOND));
    }

    @Test
    void the_timers_of_a_task_that_was_moved_to_later_do_nothing() {
        store.add(Tasks.scheduled());
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));
        clock.moveTo(RUN_AT.minus(NearAndFarTimers.HORIZON).minusMillis(1));
        assertThat(executor(actions).executeInTime(ID, OptionalLong.empty())).isEqualTo(new Outcome.Moved(RUN_AT));
        clock.moveTo(RUN_AT.minusSeconds(10));
        assertThat(executor(actions).executeInTime(ID, OptionalLong.of(7))).isEqualTo(new Outcome.Moved(RUN_AT));

        assertThat(timers.set()).isEmpty();
        assertThat(actions.performed()).isEmpty();
        assertThat(stored()).isEqualTo(Tasks.scheduled());
    }

    /** It may be the only one: whoever moved the task may have died before setting another timer. */
    @Test
    void an_old_timer_runs_a_task_that_is_due() {
        store.add(Tasks.scheduled());

        assertThat(executor(new ScriptedActions(Tasks.status(200))).executeInTime(ID, OptionalLong.of(7)))
                .isInstanceOf(Outcome.Attempted.class);
    }

    @Test
    void a_task_that_is_moved_while_its_wake_up_waits_is_not_run() {
        store.add(Tasks.scheduled());
        clock.moveTo(RUN_AT.minusSeconds(1));
        Task claimed = Tasks.running();
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));
        Pause overtaken = instant -> {
            clock.until(instant);
            store.commit(new Transition(1, claimed, List.of()));
        };
        Attempts attempts = new Attempts(store, timers, actions, overtaken, clock, new Random(1));
        ExecuteTask executor = new ExecuteTask(store, timers, line, attempts, overtaken, clock, () -> "late");

        assertThat(executor.executeInTime(ID, OptionalLong.of(1))).isInstanceOf(Outcome.Duplicate.class);

        assertThat(actions.performed()).isEmpty();
    }

    /** The clock of the function that acts decides: a sender's that is fast costs a message, one that is slow the difference. */
    @ParameterizedTest
    @ValueSource(ints = {-2_000, -1_000, 0, 1_000, 2_000})
    void a_senders_clock_that_is_off_never_makes_a_task_early(int fastByMillis) {
        store.add(Tasks.scheduled());
        Instant setAt = RUN_AT.minusSeconds(30);
        List<Timer> set = new ArrayList<>();
        // As SQS does it: by the delay that the sender reckoned, on a clock of its own.
        Instant arrives = setAt.plus(Duration.between(setAt.plusMillis(fastByMillis), RUN_AT).minusMillis(100)
                .truncatedTo(ChronoUnit.SECONDS));
        ScriptedActions actions = new ScriptedActions(
                () -> assertThat(clock.instant()).isBetween(RUN_AT, RUN_AT.plusMillis(Math.max(0, -fastByMillis))),
                Tasks.status(200));
        ExecuteTask executor = Execution.of(store, set::add, line, actions, clock, () -> "a");
        clock.moveTo(arrives);

        Outcome first = executor.executeInTime(ID, OptionalLong.of(1));
        if (first instanceof Outcome.Early) {
            assertThat(set).containsExactly(new Timer(ID, 1, RUN_AT, Precision.SECOND));
            clock.moveTo(RUN_AT.minusMillis(900));
            first = executor.executeInTime(ID, OptionalLong.of(1));
        }

        assertThat(first).isInstanceOf(Outcome.Attempted.class);
        assertThat(actions.performed()).hasSize(1);
    }

    @Test
    void a_wake_up_during_an_attempt_does_nothing() {
        store.add(Tasks.scheduled());
        ScriptedActions inner = new ScriptedActions(Tasks.status(200));
        ScriptedActions actions = new ScriptedActions(
                () -> assertThat(executor(inner).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Duplicate.class),
                Tasks.status(200));

        executor(actions).execute(ID, WokenBy.TIMER);

        assertThat(inner.performed()).isEmpty();
        assertThat(stored().attempts()).isEqualTo(1);
    }

    @Test
    void a_finished_and_an_unknown_task_are_left_alone() {
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));
        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isEqualTo(new Outcome.Unknown());
        store.add(Tasks.scheduled());
        executor(actions).execute(ID, WokenBy.TIMER);

        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Finished.class);
        assertThat(actions.performed()).hasSize(1);
    }

    @Test
    void of_many_wake_ups_at_the_same_instant_one_runs_the_task() throws Exception {
        for (int round = 0; round < 50; round++) {
            InMemoryTaskStore shared = new InMemoryTaskStore();
            shared.add(Tasks.scheduled());
            ScriptedActions actions = new ScriptedActions(Tasks.status(200));
            ExecuteTask executor = Execution.of(shared, timers, line, actions, clock,
                    () -> "holder " + holders.incrementAndGet());
            CyclicBarrier start = new CyclicBarrier(8);
            Callable<Outcome> wakeUp = () -> {
                start.await();
                return executor.execute(ID, WokenBy.TIMER);
            };
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                for (Future<Outcome> outcome : threads.invokeAll(Collections.nCopies(8, wakeUp))) {
                    assertThat(outcome.get()).isNotNull();
                }
            }
            assertThat(actions.performed()).hasSize(1);
        }
    }

    @Test
    void a_result_that_comes_after_its_lease_was_taken_over_changes_nothing() {
        store.add(Tasks.scheduled());
        ScriptedActions slow = new ScriptedActions(() -> {
            clock.advance(Duration.ofMinutes(2));
            store.commit(Tasks.granted(stored().claim("another", WokenBy.TIMER, clock.instant())));
        }, Tasks.status(200));

        assertThat(executor(slow).execute(ID, WokenBy.TIMER)).satisfies(ExecuteTaskTest::isTooLate);

        assertThat(stored().state()).isInstanceOfSatisfying(Running.class,
                running -> assertThat(running.lease().holder()).isEqualTo("another"));
    }

    @Test
    void a_task_whose_last_attempt_was_lost_fails_without_being_run_again() {
        Task lost = Tasks.granted(Tasks.waitingForRetry().claim("lost", WokenBy.TIMER, RUN_AT.plusSeconds(60))).after();
        store.add(lost);
        clock.advance(Duration.ofMinutes(10));
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));

        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Ended.class);

        assertThat(actions.performed()).isEmpty();
        assertThat(stored().state()).isEqualTo(new Failed(clock.instant(), FailReason.ATTEMPTS_EXHAUSTED));
    }

    @Test
    void a_silent_store_before_the_claim_leaves_the_task_to_the_next_wake_up() {
        store.add(Tasks.scheduled());
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));
        for (List<Fault> faults : List.of(List.of(Fault.BEFORE), List.of(Fault.NONE, Fault.BEFORE))) {
            store.then(faults.toArray(Fault[]::new));
            assertThatThrownBy(() -> executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Unavailable.class);
        }
        assertThat(actions.performed()).isEmpty();

        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Attempted.class);
    }

    @ParameterizedTest
    @MethodSource("wakeUps")
    void a_retry_whose_timer_could_not_be_set_is_not_forgotten(OptionalLong wakeUp) {
        store.add(Tasks.scheduled());
        RecordingTimers silent = new RecordingTimers();
        silent.fallSilent();
        ExecuteTask failing = Execution.of(store, silent, line, new ScriptedActions(Tasks.status(503)), clock,
                () -> "a");
        assertThat(failing.executeInTime(ID, wakeUp)).isInstanceOfSatisfying(Outcome.Attempted.class,
                attempted -> assertThat(((Made.Settled) attempted.attempt()).timerFault()).isPresent());

        ExecuteTask again = executor(new ScriptedActions(Tasks.status(200)));
        if (wakeUp.isEmpty()) {
            assertThat(again.executeInTime(ID, wakeUp)).isInstanceOf(Outcome.Early.class);
            assertThat(timers.set()).hasSize(1);
        } else {
            // It cannot know that nobody else has set it: what is missing is found when it is overdue.
            assertThat(again.executeInTime(ID, wakeUp)).isInstanceOf(Outcome.Moved.class);
            clock.advance(Duration.ofMinutes(3));
            new ReconcileTasks(store, store, line, clock, () -> "reconciler", 1).reconcile();
            assertThat(line.sent()).hasSize(1);
        }
    }

    static List<OptionalLong> wakeUps() {
        return List.of(OptionalLong.empty(), OptionalLong.of(1));
    }

    /** Else a run, and what else it does, would last until its time-out. */
    @Test
    void a_clock_that_is_set_back_while_the_claim_is_stored_does_not_prolong_the_wait() {
        store.add(Tasks.scheduled());
        clock.moveTo(RUN_AT.minus(Task.HEAD_START));
        List<Instant> waited = new ArrayList<>();
        TaskStore setBack = new SetBack(store, () -> clock.advance(Duration.ofHours(-1)));
        Pause pause = waited::add;
        Attempts attempts = new Attempts(setBack, timers, new ScriptedActions(Tasks.status(200)), pause, clock,
                new Random(1));

        new ExecuteTask(setBack, timers, line, attempts, pause, clock, () -> "a").execute(ID, WokenBy.TIMER);

        assertThat(waited).last().isEqualTo(clock.instant().plus(Task.HEAD_START));
    }

    @Test
    void a_late_result_is_kept_as_a_note_beside_the_lost_attempt() {
        store.add(Tasks.scheduled());
        ScriptedActions slow = new ScriptedActions(() -> {
            clock.advance(Duration.ofMinutes(2));
            executor(new ScriptedActions(Tasks.status(503))).execute(ID, WokenBy.RECONCILER);
        }, Tasks.status(200));

        assertThat(executor(slow).execute(ID, WokenBy.TIMER)).satisfies(ExecuteTaskTest::isTooLate);

        assertThat(stored().history()).filteredOn(TaskEvent.AttemptLost.class::isInstance).singleElement()
                .isEqualTo(new TaskEvent.AttemptLost(RUN_AT.plusSeconds(120), 1, WokenBy.RECONCILER,
                        Optional.of(Tasks.status(200))));
        assertThat(stored().lastResult()).contains(Tasks.status(503));
    }

    @Test
    void a_note_that_comes_between_does_not_keep_a_result_from_being_stored() {
        store.add(Tasks.scheduled());
        Settlement[] late = new Settlement[1];
        ScriptedActions second = new ScriptedActions(() -> {
            late[0] = stored().settle("holder 1", 1, Tasks.status(200), 0.5, clock.instant());
            store.commit(((Settlement.Noted) late[0]).transition());
        }, Tasks.status(204));
        ScriptedActions first = new ScriptedActions(() -> {
            clock.advance(Duration.ofMinutes(2));
            executor(second).execute(ID, WokenBy.TIMER);
        }, Tasks.status(200));

        executor(first).execute(ID, WokenBy.TIMER);

        assertThat(stored().lastResult()).contains(Tasks.status(204));
        assertThat(stored().state()).isInstanceOf(Completed.class);
    }

    @Test
    void the_attempt_after_a_lost_one_says_that_it_may_be_a_duplicate() {
        store.add(Tasks.running());
        clock.advance(Duration.ofMinutes(2));
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));

        executor(actions).execute(ID, WokenBy.TIMER);

        assertThat(actions.performed())
                .containsExactly(new Attempt(ID, Tasks.WEBHOOK, 2, RUN_AT, true, Optional.empty()));
    }

    @Test
    void an_expired_task_ends_without_being_run() {
        store.add(Tasks.expiring());
        clock.advance(Duration.ofMinutes(30));
        ScriptedActions actions = new ScriptedActions(Tasks.status(200));

        assertThat(executor(actions).execute(ID, WokenBy.TIMER)).isInstanceOf(Outcome.Ended.class);

        assertThat(actions.performed()).isEmpty();
        assertThat(stored()).isEqualTo(Tasks.expired());
    }

    @Test
    void a_late_timer_runs_the_task_itself_when_the_line_is_silent() {
        store.add(Tasks.scheduled());
        clock.advance(Task.GRACE);
        line.fallSilent();

        assertThat(executor(new ScriptedActions(Tasks.status(200))).executeInTime(ID, OptionalLong.empty()))
                .isInstanceOf(Outcome.Attempted.class);
    }

    @Test
    void a_late_timer_leaves_a_task_alone_for_which_the_reconciler_has_sent_a_wake_up() {
        store.add(Tasks.scheduled());
        clock.advance(Task.GRACE.plusMillis(1));
        new ReconcileTasks(store, store, line, clock, () -> "reconciler", 1).reconcile();

        assertThat(executor(new ScriptedActions(Tasks.status(200))).executeInTime(ID, OptionalLong.empty()))
                .isEqualTo(new Outcome.OnItsWay(RUN_AT));
        assertThat(line.sent()).hasSize(1);
    }

    @Test
    void a_claim_is_never_taken_for_another_ones() {
        Task task = Tasks.scheduled();
        assertThat(task.claim("a", WokenBy.TIMER, RUN_AT)).isInstanceOf(Claim.Granted.class)
                .isNotEqualTo(task.claim("b", WokenBy.TIMER, RUN_AT));
    }

    private ExecuteTask executor(ScriptedActions actions) {
        return Execution.of(store, timers, line, actions, clock, () -> "holder " + holders.incrementAndGet());
    }

    private static void isTooLate(Outcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Attempted.class,
                attempted -> assertThat(attempted.attempt()).isInstanceOf(Made.TooLate.class));
    }

    /** A store during whose first commit something happens to the clock. */
    private record SetBack(TaskStore store, Runnable meanwhile) implements TaskStore {

        @Override
        public Optional<Task> add(Task task) {
            return store.add(task);
        }

        @Override
        public Optional<Task> find(TaskId id) {
            return store.find(id);
        }

        @Override
        public boolean commit(Transition transition) {
            if (transition.after().state() instanceof Running) {
                meanwhile.run();
            }
            return store.commit(transition);
        }

        @Override
        public boolean takeBack(Task task) {
            return store.takeBack(task);
        }
    }

    private Task stored() {
        return store.find(ID).orElseThrow();
    }
}
