package io.taskscheduler.domain;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.domain.TaskState.Completed;
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
import org.junit.jupiter.params.provider.MethodSource;

/** All states and all commands, as one table. */
class TaskMovesTest {

    private static final Instant LEASE_END = RUN_AT.plusSeconds(60);

    private static final Map<String, Task> STATES = Map.of("scheduled", Tasks.scheduled(), "waiting for a retry",
            Tasks.waitingForRetry(), "running", Tasks.running(), "completed", Tasks.completed(), "failed",
            Tasks.failed());

    private static final Map<String, Function<Task, String>> COMMANDS = Map.of("claim early",
            t -> claim(t, RUN_AT.minusMillis(1)), "claim on time", t -> claim(t, RUN_AT), "claim after the lease",
            t -> claim(t, LEASE_END), "settle 200", t -> settle(t, 200), "settle 503", t -> settle(t, 503),
            "settle 404",
            t -> settle(t, 404));

    private static final List<List<String>> TABLE = rows(
            """
                    state               | claim early | claim on time | claim after the lease | settle 200  | settle 503  | settle 404
                    scheduled           | Early       | Running 1     | Running 1             | refused     | refused     | refused
                    waiting for a retry | Early       | Early         | Running 2             | refused     | refused     | refused
                    running             | Held        | Held          | Running 2             | Completed 1 | Scheduled 1 | Failed 1
                    completed           | Finished    | Finished      | Finished              | refused     | refused     | refused
                    failed              | Finished    | Finished      | Finished              | refused     | refused     | refused
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
        assertThat(states).containsExactlyInAnyOrder(TaskState.class.getPermittedSubclasses());
        assertThat(TABLE.getFirst().subList(1, TABLE.getFirst().size()))
                .containsExactlyInAnyOrderElementsOf(COMMANDS.keySet());
        assertThat(TABLE.stream().skip(1).map(List::getFirst)).containsExactlyInAnyOrderElementsOf(STATES.keySet());
    }

    @Test
    void every_move_adds_one_to_the_version_and_its_events_to_the_history() {
        Task before = Tasks.running();
        Transition move = before.settle(Tasks.status(200), 0.5, RUN_AT.plusSeconds(1));

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
        Task second = Tasks.granted(Tasks.running().claim("second", LEASE_END)).after();

        assertThat(second.attempts()).isEqualTo(2);
        assertThat(second.history()).contains(new TaskEvent.AttemptLost(LEASE_END, 1));
    }

    @Test
    void the_task_fails_when_its_last_attempt_is_lost() {
        Task second = Tasks.granted(Tasks.running().claim("second", LEASE_END)).after();

        Claim third = second.claim("third", LEASE_END.plusSeconds(60));

        assertThat(third).isInstanceOfSatisfying(Claim.Exhausted.class,
                end -> assertThat(end.transition().after().state())
                        .isEqualTo(new Failed(LEASE_END.plusSeconds(60), FailReason.ATTEMPTS_EXHAUSTED)));
    }

    @Test
    void the_second_failure_of_two_allowed_is_final() {
        Task second = Tasks.granted(Tasks.waitingForRetry().claim("second", LEASE_END)).after();

        Task after = second.settle(Tasks.refused(), 0.5, LEASE_END.plusSeconds(1)).after();

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
        Task second = Tasks.granted(Tasks.waitingForRetry().claim("second", LEASE_END)).after();

        Task after = second.settle(Tasks.status(200), 0.5, LEASE_END.plusSeconds(1)).after();

        assertThat(after.startedAt()).contains(RUN_AT.plusMillis(20));
    }

    @Test
    void the_last_result_is_that_of_the_last_attempt_that_came_back() {
        assertThat(Tasks.scheduled().lastResult()).isEmpty();
        assertThat(Tasks.waitingForRetry().lastResult()).contains(Tasks.status(503));
    }

    private static String claim(Task task, Instant now) {
        return switch (task.claim("someone", now)) {
            case Claim.Granted(Transition move) -> name(move.after());
            case Claim.Exhausted(Transition move) -> name(move.after());
            case Claim.Early e -> "Early";
            case Claim.Held h -> "Held";
            case Claim.Finished f -> "Finished";
        };
    }

    private static String settle(Task task, int status) {
        if (!(task.state() instanceof Running)) {
            assertThatThrownBy(() -> task.settle(Tasks.status(status), 0.5, RUN_AT))
                    .isInstanceOf(IllegalStateException.class);
            return "refused";
        }
        return name(task.settle(Tasks.status(status), 0.5, RUN_AT.plusSeconds(1)).after());
    }

    private static String name(Task task) {
        String state = switch (task.state()) {
            case Scheduled s -> "Scheduled";
            case Running r -> "Running";
            case Completed c -> "Completed";
            case Failed f -> "Failed";
        };
        return state + " " + task.attempts();
    }

    private static List<List<String>> rows(String table) {
        return table.lines().map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList()).toList();
    }
}
