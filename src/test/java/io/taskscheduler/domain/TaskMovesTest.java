package io.taskscheduler.domain;

import io.taskscheduler.domain.Precision;
import java.util.Optional;
import io.taskscheduler.domain.WokenBy;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All states and all commands, as one table. */
class TaskMovesTest {

    private static final Instant LEASE_END = RUN_AT.plusSeconds(60);
    private static final Instant TOMORROW = RUN_AT.plusSeconds(86_400);
    private static final Caller CALLER = new Caller("arn:aws:iam::1:user/a",
            Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    private static final Edit LABELS = new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.of(Map.of("order", "4712")));
    private static final Edit LATER = new Edit(Optional.of(TOMORROW), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty());

    private static final Map<String, Task> STATES = Map.of("scheduled", Tasks.scheduled(), "waiting for a retry",
            Tasks.waitingForRetry(), "running", Tasks.running(), "completed", Tasks.completed(), "failed",
            Tasks.failed(), "cancelled", Tasks.cancelled(), "expiring", Tasks.expiring(), "expired", Tasks.expired(),
            "unusable", unusable());

    private static final Map<String, Function<Task, String>> COMMANDS = Map.ofEntries(
            entry("claim early", t -> claim(t, RUN_AT.minus(Task.HEAD_START).minusMillis(1))),
            entry("claim just before", t -> claim(t, RUN_AT.minus(Task.HEAD_START))),
            entry("claim on time", t -> claim(t, RUN_AT)), entry("claim after the lease", t -> claim(t, LEASE_END)),
            entry("claim an hour later", t -> claim(t, RUN_AT.plusSeconds(3_600))),
            entry("settle 200", t -> settle(t, 200)), entry("settle 503", t -> settle(t, 503)),
            entry("settle 404", t -> settle(t, 404)),
            entry("recover in time", t -> recover(t, RUN_AT.plusSeconds(59))),
            entry("recover late", t -> recover(t, RUN_AT.plusSeconds(3_600))),
            entry("confirm", TaskMovesTest::confirm), entry("cancel", t -> change(t.cancel(CALLER, RUN_AT))),
            entry("edit", t -> change(t.edit(LABELS, CALLER, RUN_AT))),
            entry("reschedule", t -> change(t.edit(LATER, CALLER, RUN_AT))),
            entry("replace",
                    t -> change(t.replace(Tasks.order(Tasks.TWICE, TOMORROW), Optional.empty(), CALLER, RUN_AT))),
            entry("replace or start anew", t -> change(
                    t.replaceOrStartAnew(Tasks.order(Tasks.TWICE, TOMORROW), Optional.empty(), CALLER, RUN_AT))),
            entry("run before", t -> change(t.runNow(CALLER, RUN_AT.minusSeconds(1)))),
            entry("run when due", t -> change(t.runNow(CALLER, RUN_AT))));

    private static final List<List<String>> TABLE = rows(
            """
                    state               | claim early | claim just before | claim on time | claim after the lease | claim an hour later | settle 200  | settle 503  | settle 404  | recover in time | recover late | confirm     | cancel      | edit        | reschedule  | replace     | replace or start anew | run before  | run when due
                    scheduled           | Early       | Running 1         | Running 1     | Running 1             | Running 1           | refused     | refused     | refused     | WAITING         | Scheduled 0  | Scheduled 0 | Cancelled 0 | Scheduled 0 | Scheduled 0 | Scheduled 0 | Scheduled 0           | Scheduled 0 | unneeded
                    waiting for a retry | Early       | Early             | Early         | Running 2             | Running 2           | refused     | refused     | refused     | WAITING         | Scheduled 1  | nothing     | Cancelled 1 | Scheduled 1 | Scheduled 0 | Scheduled 0 | Scheduled 0           | Scheduled 1 | Scheduled 1
                    running             | Held        | Held              | Held          | Running 2             | Running 2           | Completed 1 | Scheduled 1 | Failed 1    | LEASED          | Scheduled 1  | nothing     | too late    | too late    | too late    | too late    | too late              | too late    | too late
                    completed           | Finished    | Finished          | Finished      | Finished              | Finished            | refused     | refused     | refused     | FINAL           | FINAL        | nothing     | finished    | finished    | finished    | finished    | anew 0                | Scheduled 0 | Scheduled 0
                    failed              | Finished    | Finished          | Finished      | Finished              | Finished            | refused     | refused     | refused     | FINAL           | FINAL        | nothing     | finished    | finished    | finished    | finished    | anew 0                | Scheduled 0 | Scheduled 0
                    cancelled           | Finished    | Finished          | Finished      | Finished              | Finished            | refused     | refused     | refused     | FINAL           | FINAL        | nothing     | unneeded    | finished    | finished    | finished    | anew 0                | Scheduled 0 | Scheduled 0
                    expiring            | Early       | Running 1         | Running 1     | Running 1             | Expired 0           | refused     | refused     | refused     | WAITING         | Expired 0    | Scheduled 0 | Cancelled 0 | Scheduled 0 | invalid     | Scheduled 0 | Scheduled 0           | Scheduled 0 | unneeded
                    expired             | Finished    | Finished          | Finished      | Finished              | Finished            | refused     | refused     | refused     | FINAL           | FINAL        | nothing     | finished    | finished    | finished    | finished    | anew 0                | Scheduled 0 | Scheduled 0
                    unusable            | Failed 0    | Failed 0          | Failed 0      | Failed 0              | Failed 0            | refused     | refused     | refused     | WAITING         | Failed 0     | Scheduled 0 | Cancelled 0 | Scheduled 0 | Scheduled 0 | Scheduled 0 | Scheduled 0           | Scheduled 0 | unneeded
                    """);

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("cells")
    void every_state_answers_every_command_as_the_table_says(String state, String command, String expected) {
        assertThat(requireNonNull(COMMANDS.get(command)).apply(requireNonNull(STATES.get(state)))).isEqualTo(expected);
    }

    static Stream<String[]> cells() {
        List<String> commands = TABLE.getFirst();
        return TABLE.stream().skip(1).flatMap(row -> Stream.iterate(1, i -> i < row.size(), i -> i + 1)
                .map(i -> new String[]{row.getFirst(), commands.get(i), row.get(i)}));
    }

    @Test
    void the_table_has_every_state_and_every_command() {
        Set<Class<?>> states = STATES.values().stream().map(t -> t.state().getClass()).collect(Collectors.toSet());
        assertThat(states).containsExactlyInAnyOrderElementsOf(leaves(TaskState.class).toList());
        assertThat(TABLE.getFirst().subList(1, TABLE.getFirst().size()))
                .containsExactlyInAnyOrderElementsOf(COMMANDS.keySet());
        assertThat(TABLE.stream().skip(1).map(List::getFirst)).containsExactlyInAnyOrderElementsOf(STATES.keySet());
    }

    @Test
    void every_move_adds_one_to_the_version_and_its_events_to_the_history() {
        Task before = Tasks.running();
        Transition move = Tasks.settled(before, Tasks.status(200), RUN_AT.plusSeconds(1));

        assertThat(move.decidedOn()).isEqualTo(before.version());
        assertThat(move.after().version()).isEqualTo(before.version() + 1);
        assertThat(move.events()).hasSize(2);
        assertThat(move.after().history()).endsWith(move.events().toArray(TaskEvent[]::new));
        assertThat(move.after().updatedAt()).isEqualTo(RUN_AT.plusSeconds(1));
    }

    @Test
    void a_lease_lasts_for_the_attempts_time_and_the_margin_and_not_a_millisecond_longer() {
        Running running = (Running) Tasks.running().state();

        assertThat(running.lease().until()).isEqualTo(RUN_AT.plus(Duration.ofSeconds(30)).plus(Lease.MARGIN));
        assertThat(running.lease().isAlive(running.lease().until().minusMillis(1))).isTrue();
        assertThat(running.lease().isAlive(running.lease().until())).isFalse();
    }

    @Test
    void an_attempt_whose_lease_died_is_lost_and_counts() {
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, LEASE_END)).after();

        assertThat(second.attempts()).isEqualTo(2);
        assertThat(second.history()).contains(new TaskEvent.AttemptLost(LEASE_END, 1, WokenBy.TIMER, Optional.empty()));
    }

    @Test
    void the_task_fails_when_its_last_attempt_is_lost() {
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, LEASE_END)).after();

        Claim third = second.claim("third", WokenBy.TIMER, LEASE_END.plusSeconds(60));

        assertThat(third).isInstanceOfSatisfying(Claim.Ended.class,
                end -> assertThat(end.transition().after().state())
                        .isEqualTo(new Failed(LEASE_END.plusSeconds(60), FailReason.ATTEMPTS_EXHAUSTED)));
    }

    @Test
    void the_second_failure_of_two_allowed_is_final() {
        Task second = Tasks.granted(Tasks.waitingForRetry().claim("second", WokenBy.TIMER, LEASE_END)).after();

        Task after = Tasks.settled(second, Tasks.refused(), LEASE_END.plusSeconds(1)).after();

        assertThat(after.state())
                .isEqualTo(new Failed(LEASE_END.plusSeconds(1), FailReason.ATTEMPTS_EXHAUSTED));
    }

    @Test
    void an_attempt_started_when_its_request_was_about_to_be_sent() {
        assertThat(Tasks.running().startedAt()).contains(RUN_AT);
        assertThat(Tasks.completed().startedAt()).contains(RUN_AT.plusMillis(20));
    }

    @Test
    void the_start_of_a_later_attempt_does_not_move_the_first() {
        Task second = Tasks.granted(Tasks.waitingForRetry().claim("second", WokenBy.TIMER, LEASE_END)).after();

        Task after = Tasks.settled(second, Tasks.status(200), LEASE_END.plusSeconds(1)).after();

        assertThat(after.startedAt()).contains(RUN_AT.plusMillis(20));
    }

    @Test
    void the_last_result_is_that_of_the_last_attempt_that_came_back() {
        assertThat(Tasks.scheduled().lastResult()).isEmpty();
        assertThat(Tasks.waitingForRetry().lastResult()).contains(Tasks.status(503));
    }

    @Test
    void a_lease_that_has_died_is_lost_for_the_reconciler_too_and_the_task_waits_for_its_wake_up() {
        Instant wakeUpAt = RUN_AT.plusSeconds(3_601);

        Recovery recovery = Tasks.running().recover("reconciler", wakeUpAt.plus(Task.GRACE), RUN_AT.plusSeconds(3_600));

        assertThat(recovery).isInstanceOfSatisfying(Recovery.Wake.class, wake -> {
            assertThat(wake.orphan()).isEqualTo(Recovery.Orphan.ATTEMPT_LOST);
            assertThat(wake.transition().after().state()).isEqualTo(new Scheduled(RUN_AT,
                    Optional.of(new Lease("reconciler", wakeUpAt.plus(Task.GRACE)))));
            assertThat(wake.transition().events()).containsExactly(
                    new TaskEvent.AttemptLost(RUN_AT.plusSeconds(3_600), 1, WokenBy.RECONCILER, Optional.empty()));
        });
    }

    @Test
    void the_reconciler_fails_a_task_whose_last_attempt_was_lost() {
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, LEASE_END)).after();

        assertThat(second.recover("reconciler", RUN_AT, RUN_AT.plusSeconds(3_600))).isInstanceOfSatisfying(
                Recovery.End.class,
                end -> assertThat(end.transition().after().state())
                        .isEqualTo(new Failed(RUN_AT.plusSeconds(3_600), FailReason.ATTEMPTS_EXHAUSTED)));
    }

    @Test
    void a_task_is_overdue_when_its_grace_is_over_and_again_when_its_wake_up_has_not_come() {
        Instant over = RUN_AT.plus(Task.GRACE);
        Instant wakeUpAt = over.plusSeconds(10);
        assertThat(Tasks.scheduled().standing(over.minusMillis(1))).isEqualTo(Standing.WAITING);
        assertThat(Tasks.scheduled().standing(over)).isEqualTo(Standing.OVERDUE);
        Task woken = ((Recovery.Wake) Tasks.scheduled().recover("reconciler", wakeUpAt.plus(Task.GRACE), over))
                .transition().after();

        assertThat(woken.standing(wakeUpAt.plus(Task.GRACE).minusMillis(1))).isEqualTo(Standing.ON_ITS_WAY);
        assertThat(woken.standing(wakeUpAt.plus(Task.GRACE))).isEqualTo(Standing.OVERDUE);
    }

    @Test
    void a_lost_attempt_that_comes_back_leaves_a_note_and_changes_nothing_else() {
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.RECONCILER, LEASE_END)).after();

        Settlement late = second.settle("first", 1, Tasks.status(200), 0.5, LEASE_END.plusSeconds(1));

        assertThat(late).isInstanceOfSatisfying(Settlement.Noted.class, noted -> {
            Task after = noted.transition().after();
            assertThat(after.state()).isEqualTo(second.state());
            assertThat(after.attempts()).isEqualTo(2);
            assertThat(after.lastResult()).isEmpty();
            assertThat(after.history())
                    .contains(
                            new TaskEvent.AttemptLost(LEASE_END, 1, WokenBy.RECONCILER, Optional.of(Tasks.status(200))))
                    .hasSameSizeAs(second.history());
            assertThat(after.startedAt()).contains(RUN_AT.plusMillis(20));
            assertThat(after.settle("first", 1, Tasks.status(200), 0.5, LEASE_END))
                    .isEqualTo(new Settlement.TooLate());
        });
    }

    @Test
    void the_attempt_that_holds_the_task_is_settled_after_a_note_too() {
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, LEASE_END)).after();
        Task noted = ((Settlement.Noted) second.settle("first", 1, Tasks.status(200), 0.5, LEASE_END)).transition()
                .after();

        assertThat(Tasks.settled(noted, Tasks.status(200), LEASE_END).after().state())
                .isEqualTo(new Completed(LEASE_END));
    }

    @Test
    void a_task_that_was_started_in_time_does_not_expire() {
        Task started = Tasks.granted(Tasks.expiring().claim("first", WokenBy.TIMER, RUN_AT)).after();
        Task waiting = Tasks.settled(started, Tasks.status(503), RUN_AT.plusSeconds(1)).after();

        assertThat(claim(waiting, RUN_AT.plusSeconds(3_600))).isEqualTo("Running 2");
    }

    /** Nobody sees an attempt that starts before its time, not even one that waits for it. */
    @Test
    void an_attempt_that_is_claimed_just_before_its_time_starts_at_its_time() {
        Instant now = RUN_AT.minus(Task.HEAD_START);

        Task claimed = Tasks.granted(Tasks.scheduled().claim("a", WokenBy.TIMER, now)).after();

        assertThat(claimed.startedAt()).contains(RUN_AT);
        assertThat(claimed.updatedAt()).isEqualTo(now);
    }

    @Test
    void a_task_is_as_late_as_its_first_attempt_began_after_it_could_have() {
        Task overdue = Task.schedule(Tasks.ID, 1, Tasks.order(Tasks.TWICE, Tasks.CREATED.minusSeconds(60)),
                CALLER, Tasks.CREATED);
        Instant start = Tasks.CREATED.plusMillis(70);

        assertThat(Tasks.scheduled().lateness()).isEmpty();
        assertThat(Tasks.granted(overdue.claim("a", WokenBy.TIMER, start)).after().lateness())
                .contains(Duration.ofMillis(70));
        assertThat(Tasks.waitingForRetry().lateness()).contains(Duration.between(RUN_AT,
                Tasks.waitingForRetry().startedAt().orElseThrow()));
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_may_have_reached_the_receiver_makes_the_next_a_possible_duplicate(
            AttemptResult.FailureKind kind) {
        AttemptResult failure = new AttemptResult.Failure(RUN_AT, Duration.ZERO, kind, "");
        boolean reached = Set.of("TIMEOUT", "CONNECTION_CLOSED", "INVALID_RESPONSE", "IO_ERROR").contains(kind.name());

        assertThat(Tasks.settled(Tasks.running(), failure, RUN_AT).after().mayHaveReachedReceiver())
                .isEqualTo(reached);
        assertThat(Tasks.waitingForRetry().mayHaveReachedReceiver()).isFalse();
        assertThat(Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, LEASE_END)).after()
                .mayHaveReachedReceiver()).isTrue();
    }

    private static String claim(Task task, Instant now) {
        return switch (task.claim("someone", WokenBy.TIMER, now)) {
            case Claim.Granted(Transition move) -> name(move.after());
            case Claim.Ended(Transition move) -> name(move.after());
            case Claim.Early e -> "Early";
            case Claim.Held h -> "Held";
            case Claim.Finished f -> "Finished";
        };
    }

    private static String settle(Task task, int status) {
        if (!(task.state() instanceof Running)) {
            assertThat(task.settle("first", 1, Tasks.status(status), 0.5, RUN_AT)).isEqualTo(new Settlement.TooLate());
            return "refused";
        }
        return name(Tasks.settled(task, Tasks.status(status), RUN_AT.plusSeconds(1)).after());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(TaskMovesTest::leaves)
                : Stream.of(type);
    }

    private static String change(Change change) {
        return switch (change) {
            case Change.Made(Transition move) -> name(move.after());
            case Change.Anew(Transition move) -> "anew " + move.after().attempts();
            case Change.Unneeded u -> "unneeded";
            case Change.TooLate t -> "too late";
            case Change.AlreadyFinished f -> "finished";
            case Change.Invalid i -> "invalid";
        };
    }

    private static String confirm(Task task) {
        return task.confirm(RUN_AT).map(move -> name(move.after())).orElse("nothing");
    }

    private static String recover(Task task, Instant now) {
        return switch (task.recover("reconciler", now.plusSeconds(1), now)) {
            case Recovery.Wake(Transition move, Recovery.Orphan orphan) -> name(move.after());
            case Recovery.End(Transition move, Recovery.Orphan orphan) -> name(move.after());
            case Recovery.LeaveAlone(Standing standing) -> standing.name();
        };
    }

    private static Task unusable() {
        Unusable action = new Unusable("email", "{}", List.of(new Violation("action", "is not known")));
        return Task.schedule(Tasks.ID, 1,
                new Order(action, RUN_AT, Precision.SECOND, Optional.empty(), Tasks.TWICE, Map.of()), CALLER, RUN_AT);
    }

    private static String name(Task task) {
        String state = switch (task.state()) {
            case Scheduled s -> "Scheduled";
            case Running r -> "Running";
            case Completed c -> "Completed";
            case Failed f -> "Failed";
            case TaskState.Cancelled c -> "Cancelled";
            case Expired e -> "Expired";
        };
        return state + " " + task.attempts();
    }

    private static List<List<String>> rows(String table) {
        return table.lines().map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList()).toList();
    }
}
