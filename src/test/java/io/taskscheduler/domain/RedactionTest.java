package io.taskscheduler.domain;

import static io.taskscheduler.fixture.RedactedLives.MARK;
import static io.taskscheduler.fixture.Tasks.ID;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskState.Cancelled;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Finished;
import io.taskscheduler.fixture.RedactedLives;
import io.taskscheduler.fixture.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is left of a task with {@code redact} when it has come to its end, on whichever way. */
class RedactionTest {

    private static final Set<Transition> MOVES = RedactedLives.moves(ID);

    @Test
    void no_move_ends_a_redacted_task_with_anything_that_it_carried() {
        assertThat(MOVES.stream().filter(move -> move.after().state() instanceof Finished))
                .allSatisfy(move -> assertThat(move.toString()).doesNotContain(MARK));
    }

    @Test
    void the_moves_lead_to_every_end_and_to_everything_that_can_follow_it() {
        List<Task> ended = MOVES.stream().map(Transition::after).filter(task -> task.state() instanceof Finished)
                .toList();

        assertThat(ended.stream().<Class<?>>map(task -> task.state().getClass()).distinct())
                .containsExactlyInAnyOrder(Completed.class, Failed.class, Cancelled.class, Expired.class);
        assertThat(ended.stream().map(Task::state).filter(Failed.class::isInstance).map(Failed.class::cast)
                .map(Failed::reason).distinct()).containsExactlyInAnyOrder(FailReason.values());
        assertThat(ended.stream().flatMap(task -> task.history().stream())).anyMatch(
                line -> line instanceof AttemptLost lost && lost.lateResult().isPresent());
        assertThat(ended).anyMatch(
                task -> task.history().getLast() instanceof TaskEvent.TaskFailed(var at, var reason, var violations)
                        && !violations.isEmpty());
        // A late answer, told to a task that had ended meanwhile.
        assertThat(MOVES).anyMatch(move -> move.events().isEmpty() && move.after().state() instanceof Cancelled);
        assertThat(MOVES).anyMatch(move -> move.after().state() instanceof TaskState.Scheduled
                && move.after().version() > 2 && move.after().history().size() == 1);
    }

    @Test
    void until_then_nothing_is_taken_from_it() {
        assertThat(MOVES.stream().map(Transition::after).filter(task -> !(task.state() instanceof Finished)))
                .allSatisfy(task -> assertThat(task.action().toString()).contains(MARK));
        Task waiting = Tasks.settled(running(), RedactedLives.answered(503), RUN_AT.plusSeconds(1)).after();
        assertThat(waiting.lastResult()).contains(RedactedLives.answered(503));
    }

    @Test
    void what_is_no_secret_stays() {
        Task ended = Tasks.settled(running(), RedactedLives.answered(404), RUN_AT.plusSeconds(1)).after();

        assertThat(ended.action()).isEqualTo(new Webhook(URI.create("https://example.com/a%20b/hook"),
                Webhook.Method.POST, Map.of("authorization", ""), Optional.empty(), Duration.ofSeconds(30)));
        assertThat(ended.order().labels()).containsEntry("order", "4711");
        assertThat(ended.requestHash()).as("what would confirm a guess of the data").isEmpty();
        assertThat(ended.lastResult()).contains(
                new Response(RUN_AT, Duration.ofMillis(84), 404, "", Optional.of(Duration.ofSeconds(7))));
        Task second = Tasks.granted(Tasks.settled(running(), RedactedLives.unanswered(), RUN_AT).after()
                .claim("b", WokenBy.TIMER, RUN_AT.plusSeconds(60))).after();
        assertThat(Tasks.settled(second, RedactedLives.unanswered(), RUN_AT.plusSeconds(61)).after().lastResult())
                .contains(new Failure(RUN_AT, Duration.ofMillis(3), FailureKind.INVALID_RESPONSE, ""));
    }

    @Test
    void a_task_that_does_not_ask_for_it_keeps_everything() {
        assertThat(Tasks.completed().action()).isEqualTo(Tasks.WEBHOOK);
        assertThat(Tasks.completed().lastResult()).contains(Tasks.status(200));
    }

    @Test
    void a_redacted_task_that_has_ended_does_not_run_again() {
        Task ended = Tasks.settled(running(), RedactedLives.answered(404), RUN_AT.plusSeconds(1)).after();

        assertThat(ended.runNow(Caller.ANONYMOUS, RUN_AT.plusSeconds(2))).isEqualTo(new Change.AlreadyFinished());
    }

    /** They were given to be removed, and the task that would have removed them is no more. */
    @Test
    void answers_from_before_do_not_stay_with_an_order_without_redact_that_takes_the_place() {
        Task waiting = Tasks.settled(running(), RedactedLives.answered(503), RUN_AT.plusSeconds(1)).after();
        Order open = Tasks.order(Tasks.TWICE, RUN_AT.plusSeconds(60));

        Task replaced = Tasks.made(waiting.replace(open, Optional.empty(), Caller.ANONYMOUS, RUN_AT.plusSeconds(2)))
                .after();

        assertThat(replaced.toString()).doesNotContain(MARK);
        assertThat(replaced.history()).contains(
                new TaskEvent.TaskEdited(RUN_AT.plusSeconds(2), List.of("payload", "expires_at", "redact"),
                        Caller.ANONYMOUS));
        Task second = Tasks.granted(replaced.claim("b", WokenBy.TIMER, RUN_AT.plusSeconds(60))).after();
        assertThat(Tasks.settled(second, Tasks.status(200), RUN_AT.plusSeconds(61)).after().lastResult())
                .contains(Tasks.status(200));
    }

    private static Task running() {
        return Tasks.granted(RedactedLives.scheduled(ID).claim("a", WokenBy.TIMER, RUN_AT)).after();
    }
}
