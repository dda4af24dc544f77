package io.taskscheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Standing;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.Cuts;
import io.taskscheduler.fake.Cuts.Cut;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Execution;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The use cases on fakes, with a loop that does what Scheduler, the line and Lambda do, minute by minute; and the model beside it. */
final class KeptWorld {

    private static final int LAMBDA_TRIES = 3;
    /** How early SQS delivers here: within what a function waits for, and beyond it. */
    private static final Duration EARLY = Duration.ofSeconds(20);

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers far = new RecordingTimers();
    private final List<Timer> near = new ArrayList<>();
    private final RecordingWakeUps line = new RecordingWakeUps();
    private final AtomicLong holders = new AtomicLong();
    private final Cuts cuts = new Cuts(this::wakeAll);
    private final Timers timers = cuts.of(new NearAndFarTimers(near::add, far, clock));
    private final ScheduleTask schedule = new ScheduleTask(cuts.of(store), timers, new SequentialTaskIds(),
            new Random(1));
    private final ExecuteTask execute = Execution.of(cuts.of(store), timers, cuts.of(line),
            cuts.of((Actions) this::perform, () -> failure()), clock, this::holder);
    private final ReconcileTasks reconcile = new ReconcileTasks(store, cuts.of(store), cuts.of(line), clock,
            this::holder, 50);

    private final Set<Timer> fired = new HashSet<>();
    private final List<WakeUp> inLine = new ArrayList<>();
    private final Map<TaskId, List<Integer>> scripts = new HashMap<>();
    private final List<TaskId> accepted = new ArrayList<>();
    private final Map<TaskId, List<Integer>> calls = new HashMap<>();
    private final Set<TaskId> inFlight = new HashSet<>();
    private final Set<TaskId> succeeded = new HashSet<>();
    private List<Integer> nextScript = List.of(200);

    private String holder() {
        return "holder-" + holders.incrementAndGet();
    }

    /** @param statuses what the receiver answers; 0 is none, the last one stays */
    void schedule(Duration delay, int maxAttempts, List<Integer> statuses) {
        nextScript = statuses;
        RetryPolicy retry = new RetryPolicy(maxAttempts, Duration.ofSeconds(10), 2.0, Duration.ofHours(1));
        Instant now = clock.instant();
        try {
            if (schedule.schedule(Tasks.order(retry, now.plus(delay)), Caller.ANONYMOUS,
                    now) instanceof ScheduleTask.Outcome.Accepted(Task task)) {
                accepted.add(task.id());
                scripts.put(task.id(), statuses);
            }
        } catch (Unavailable | Cuts.Died fivehundred) {
            return;
        }
    }

    void plan(List<Cut> planned) {
        cuts.plan(planned);
    }

    /** Another wake-up for everything, whoever sent it. */
    void wakeAll() {
        for (TaskId id : accepted) {
            wake(id, WokenBy.TIMER);
        }
    }

    /** All timers that are set now will never fire. */
    void loseTimers() {
        fired.addAll(far.set());
        near.clear();
    }

    void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            clock.advance(ReconcileTasks.PERIOD.compareTo(Duration.between(clock.instant(), end)) < 0
                    ? ReconcileTasks.PERIOD
                    : Duration.between(clock.instant(), end));
            deliver();
            try {
                reconcile.reconcile();
            } catch (Unavailable | Cuts.Died stopped) {
                // The next minute has another run.
            }
        }
    }

    private void deliver() {
        Instant now = clock.instant();
        for (Timer timer : far.set()) {
            if (!timer.at().isAfter(now) && fired.add(timer)) {
                wake(timer.task(), WokenBy.TIMER, OptionalLong.empty());
            }
        }
        List<Timer> come = near.stream().filter(timer -> !timer.at().minus(EARLY).isAfter(now)).toList();
        near.removeAll(come);
        come.forEach(timer -> wake(timer.task(), WokenBy.TIMER, OptionalLong.of(timer.wakeUp())));
        inLine.addAll(line.sent());
        line.empty();
        List<WakeUp> due = inLine.stream().filter(wakeUp -> !wakeUp.at().isAfter(now)).toList();
        inLine.removeAll(due);
        due.forEach(wakeUp -> wake(wakeUp.task(), wakeUp.by()));
    }

    private void wake(TaskId id, WokenBy by) {
        wake(id, by, OptionalLong.empty());
    }

    private void wake(TaskId id, WokenBy by, OptionalLong wakeUp) {
        for (int tries = 0; tries < LAMBDA_TRIES; tries++) {
            try {
                ExecuteTask.Outcome outcome = by == WokenBy.TIMER
                        ? execute.executeInTime(id, wakeUp)
                        : execute.execute(id, by);
                if (outcome instanceof ExecuteTask.Outcome.Attempted(Attempts.Made.Settled settled)) {
                    settled.timerFault().ifPresent(fault -> {
                        throw fault;
                    });
                }
                return;
            } catch (Unavailable | Cuts.Died stopped) {
                // Lambda tries again.
            }
        }
    }

    private AttemptResult perform(Actions.Attempt attempt) {
        TaskId id = attempt.task();
        assertThat(inFlight.add(id)).as("%s: one attempt at a time", id).isTrue();
        assertThat(clock.instant()).as("%s: not before its time", id).isAfterOrEqualTo(attempt.scheduledAt());
        List<Integer> before = calls.computeIfAbsent(id, first -> new ArrayList<>());
        assertThat(before).as("%s: each attempt once", id).doesNotContain(attempt.number());
        before.add(attempt.number());
        // A second wake-up comes while the receiver thinks.
        wake(id, WokenBy.RECONCILER);
        inFlight.remove(id);
        List<Integer> script = scripts.getOrDefault(id, nextScript);
        int status = script.get(Math.min(before.size(), script.size()) - 1);
        if (status == 0) {
            return failure();
        }
        if (status == 200) {
            succeeded.add(id);
        }
        return new Response(clock.instant(), Duration.ofMillis(5), status, "", Optional.empty());
    }

    private AttemptResult failure() {
        return new Failure(clock.instant(), Duration.ofMillis(5), FailureKind.CONNECTION_CLOSED, "planned");
    }

    /** Nothing goes wrong any more, and time passes. */
    void checkAtTheEnd() {
        cuts.plan(List.of());
        pass(Duration.ofHours(2));
        assertThat(store.countDueBefore(Instant.MAX, 1)).as("open tasks").isZero();
        assertThat(new CheckInvariant(store, clock).check().violations()).isZero();
        for (TaskId id : accepted) {
            Task task = store.find(id).orElseThrow();
            List<Integer> made = calls.getOrDefault(id, List.of());
            assertThat(task.standing(clock.instant())).isEqualTo(Standing.FINAL);
            assertThat(task.attempts()).isLessThanOrEqualTo(task.order().retry().maxAttempts());
            assertThat(made).allMatch(attempt -> attempt <= task.attempts());
            assertThat(!(task.state() instanceof Completed) || succeeded.contains(id)).as("%s: a success", id).isTrue();
        }
    }
}
