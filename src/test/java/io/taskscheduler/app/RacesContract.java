package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.ChangeTask.Outcome;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent.TaskRunAgain;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fixture.Execution;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Two at one task at the same moment, again and again. What each of them is told, what the task has become and whether its action was carried out
 * must fit together, whoever was first.
 */
abstract class RacesContract {

    private static final int ROUNDS = 200;
    private static final Instant TOMORROW = RUN_AT.plusSeconds(86_400);
    private static final Edit LATER = new Edit(Optional.of(TOMORROW), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty());

    abstract TaskStore store();

    /** One task, and all that may be done with it. */
    private final class Round {

        private final TaskId id = new TaskId("race-" + UUID.randomUUID());
        private final RecordingTimers timers = new RecordingTimers();
        private final ScriptedActions actions = new ScriptedActions(Tasks.status(200));
        private final ManualClock clock;
        private final ChangeTask change = new ChangeTask(store(), timers);
        private final ExecuteTask execute;

        Round(Instant now) {
            clock = new ManualClock(now);
            execute = Execution.of(store(), timers, new RecordingWakeUps(clock), actions, clock,
                    () -> UUID.randomUUID().toString());
            store().add(Tasks.scheduled(id));
            timers.set(Timer.of(task()));
        }

        Task task() {
            return store().find(id).orElseThrow();
        }

        String claim() {
            return execute.execute(id, WokenBy.TIMER).getClass().getSimpleName();
        }

        String cancel() {
            return word(change.cancel(id, new Precondition.None(), Caller.ANONYMOUS, clock.instant()));
        }

        String reschedule() {
            return word(change.edit(id, new Precondition.None(), LATER, Caller.ANONYMOUS, clock.instant()));
        }

        String runNow() {
            return word(change.runNow(id, new Precondition.None(), Caller.ANONYMOUS, clock.instant()));
        }

        /** Every timer that was ever set fires, at the time of the first and far beyond. */
        int performedInTheEnd() {
            for (Duration later : new Duration[]{Duration.ZERO, Duration.ofMinutes(1)}) {
                clock.advance(later);
                timers.set().forEach(timer -> execute.executeInTime(id, OptionalLong.of(timer.wakeUp())));
            }
            return actions.performed().size();
        }

        private static String word(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Changed changed -> "done";
                case Outcome.Created created -> "created";
                case Outcome.Unchanged unchanged -> "done before";
                case Outcome.TooLate late -> "too_late";
                case Outcome.AlreadyFinished finished -> "already_finished";
                case Outcome.Invalid invalid -> "invalid";
                case Outcome.PreconditionFailed failed -> "moved on";
                case Outcome.NoSuchTask none -> "not found";
                case Outcome.NotAccepted(var cause) -> throw new AssertionError(cause);
            };
        }
    }

    @Test
    void cancel_against_claim() throws Exception {
        race("cancel against claim", RUN_AT, Round::cancel, Round::claim, (round, verdict) -> {
            boolean cancelled = verdict.first().equals("done");
            assertThat(verdict.first()).isIn("done", "too_late", "already_finished");
            assertThat(round.performedInTheEnd()).isEqualTo(cancelled ? 0 : 1);
            assertThat(state(round)).isEqualTo(cancelled ? "Cancelled" : "Completed");
        });
    }

    @Test
    void reschedule_against_claim() throws Exception {
        race("reschedule against claim", RUN_AT, Round::reschedule, Round::claim, (round, verdict) -> {
            boolean moved = verdict.first().equals("done");
            assertThat(verdict.first()).isIn("done", "too_late", "already_finished");
            assertThat(round.performedInTheEnd()).isEqualTo(moved ? 0 : 1);
            assertThat(state(round)).isEqualTo(moved ? "Scheduled" : "Completed");
            assertThat(round.task().dueAt()).isEqualTo(moved ? Optional.of(TOMORROW) : Optional.empty());
        });
    }

    @Test
    void two_cancels() throws Exception {
        race("two cancels", RUN_AT, Round::cancel, Round::cancel, (round, verdict) -> {
            assertThat(verdict.first()).isIn("done", "done before");
            assertThat(verdict.second()).isIn("done", "done before");
            assertThat(verdict).isNotEqualTo(new Verdict("done before", "done before"));
            assertThat(round.performedInTheEnd()).isZero();
            assertThat(round.task().history()).hasSize(2);
        });
    }

    @Test
    void cancel_against_reschedule() throws Exception {
        race("cancel against reschedule", RUN_AT, Round::cancel, Round::reschedule, (round, verdict) -> {
            assertThat(verdict.first()).isEqualTo("done");
            assertThat(verdict.second()).isIn("done", "already_finished");
            assertThat(round.task().history()).hasSize(verdict.second().equals("done") ? 3 : 2);
            assertThat(round.performedInTheEnd()).isZero();
            assertThat(state(round)).isEqualTo("Cancelled");
        });
    }

    @Test
    void run_against_timer() throws Exception {
        // So long before its time that it may be claimed, and is not due yet.
        Instant now = RUN_AT.minus(Task.HEAD_START).plusMillis(1);
        race("run against timer", now, Round::runNow, Round::claim, (round, verdict) -> {
            assertThat(verdict.first()).isIn("done", "done before", "too_late");
            boolean again = round.task().history().stream()
                    .anyMatch(TaskRunAgain.class::isInstance);
            assertThat(round.performedInTheEnd()).isEqualTo(again ? 2 : 1);
            assertThat(state(round)).isEqualTo("Completed");
        });
    }

    private record Verdict(String first, String second) {}

    private interface Check {

        void of(Round round, Verdict verdict);
    }

    private void race(String name, Instant now, Function<Round, String> first, Function<Round, String> second,
            Check check) throws Exception {
        Map<String, Integer> seen = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < ROUNDS; i++) {
                Round round = new Round(now);
                CyclicBarrier start = new CyclicBarrier(2);
                Future<String> one = threads.submit(() -> {
                    start.await();
                    return first.apply(round);
                });
                Future<String> other = threads.submit(() -> {
                    start.await();
                    return second.apply(round);
                });
                Verdict verdict = new Verdict(one.get(), other.get());
                check.of(round, verdict);
                seen.merge(verdict.first() + " / " + verdict.second(), 1, Integer::sum);
            }
        }
        note(name, seen);
    }

    private static String state(Round round) {
        return round.task().state().getClass().getSimpleName();
    }

    private void note(String name, Map<String, Integer> seen) throws IOException {
        Path file = Path.of("target", "races.txt");
        Files.writeString(file, getClass().getSimpleName() + ": " + name + ": " + seen + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
