package io.taskscheduler.domain;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.HistoryCut;
import io.taskscheduler.domain.TaskEvent.TaskRescheduled;
import io.taskscheduler.domain.TaskEvent.TaskRunAgain;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What stays of a long history. */
class HistoryTest {

    private static final Caller CALLER = Caller.ANONYMOUS;

    @Test
    void edits_without_end_leave_the_first_line_the_last_and_the_count_of_the_others() {
        Task task = Tasks.scheduled();
        for (int i = 0; i < 200; i++) {
            task = Tasks.made(task.edit(labels(i), CALLER, RUN_AT.minusSeconds(1_000 - i))).after();
        }

        assertThat(task.history()).hasSize(History.MOST_LINES);
        assertThat(task.history().getFirst()).isEqualTo(Tasks.scheduled().history().getFirst());
        assertThat(task.history().get(1)).isEqualTo(new HistoryCut(RUN_AT.minusSeconds(1_000 - 137), 138, 0));
        assertThat(task.history().getLast().at()).isEqualTo(RUN_AT.minusSeconds(801));
    }

    @Test
    void the_failures_of_former_rounds_are_counted_when_their_lines_go() {
        Task task = Tasks.failed();
        int rounds = 60;
        for (int i = 1; i < rounds; i++) {
            Instant now = RUN_AT.plusSeconds(60L * i);
            task = Tasks.made(task.runNow(CALLER, now)).after();
            task = Tasks.granted(task.claim("h" + i, WokenBy.TIMER, now)).after();
            task = Tasks.settled(task, Tasks.status(404), now).after();
        }

        assertThat(task.history()).hasSize(History.MOST_LINES);
        assertThat(failures(task)).isEqualTo(rounds);
        assertThat(task.lastResult()).isPresent();
        assertThat(task.startedAt()).contains(Tasks.status(404).startedAt());
    }

    /** Such a round has 80 lines; it was cut by nothing at all, once for each line too many. */
    @Test
    void a_round_of_twenty_attempts_that_are_all_brought_forward_is_cut_too_and_keeps_its_attempts() {
        RetryPolicy often = new RetryPolicy(20, Duration.ofHours(1), 1, Duration.ofHours(1));
        Task task = Task.schedule(Tasks.ID, 1, Tasks.order(often, RUN_AT), CALLER, Tasks.CREATED);
        for (int i = 0; i < 20; i++) {
            Instant now = RUN_AT.plusSeconds(60L * i);
            task = i == 0 ? task : Tasks.made(task.runNow(CALLER, now)).after();
            task = Tasks.granted(task.claim("h" + i, WokenBy.TIMER, now)).after();
            task = Tasks.settled(task, Tasks.status(503), now).after();
        }

        assertThat(task.history()).hasSize(History.MOST_LINES);
        assertThat(task.history().stream().filter(HistoryCut.class::isInstance)).singleElement()
                .isEqualTo(new HistoryCut(RUN_AT.plusSeconds(60 * 16), 17, 0));
        assertThat(failures(task)).isEqualTo(20);
    }

    @Property(tries = 200)
    void whatever_happens_no_failure_is_forgotten_and_the_round_stays_whole(
            @ForAll List<@IntRange(max = 4) Integer> steps) {
        RetryPolicy often = new RetryPolicy(20, Duration.ofSeconds(1), 1, Duration.ofSeconds(1));
        Task task = Task.schedule(Tasks.ID, 1, Tasks.order(often, RUN_AT), CALLER, Tasks.CREATED);
        int failed = 0;
        Instant now = RUN_AT;
        for (int step : IntStream.range(0, 12).boxed().flatMap(i -> steps.stream()).toList()) {
            now = now.plusSeconds(100);
            for (Transition move : moves(task, step, now)) {
                failed += (int) move.events().stream().filter(AttemptFailed.class::isInstance).count();
                task = move.after();
                assertThat(task.history()).hasSizeLessThanOrEqualTo(History.MOST_LINES);
                assertThat(task.history()).endsWith(move.events().toArray(TaskEvent[]::new));
            }
        }

        assertThat(failures(task)).isEqualTo(failed);
        assertThat(task.history().getFirst()).isInstanceOf(TaskScheduled.class);
        assertThat(task.history().stream().filter(HistoryCut.class::isInstance).count()).isLessThanOrEqualTo(1);
        assertThat(task.history().reversed().stream()
                .takeWhile(e -> !(e instanceof TaskRunAgain || e instanceof TaskRescheduled))
                .filter(AttemptStarted.class::isInstance)).hasSize(task.attempts());
    }

    private static List<Transition> moves(Task task, int step, Instant now) {
        return switch (step) {
            case 0, 1 -> attempt(task, step == 0 ? 200 : 503, now);
            case 2 -> made(task.edit(labels(now.hashCode()), CALLER, now));
            case 3 -> made(task.edit(new Edit(Optional.of(now), Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty()), CALLER, now));
            default -> made(task.runNow(CALLER, now));
        };
    }

    private static List<Transition> attempt(Task task, int status, Instant now) {
        return task.claim("h" + task.version(), WokenBy.TIMER, now) instanceof Claim.Granted(Transition start)
                ? List.of(start, Tasks.settled(start.after(), Tasks.status(status), now))
                : List.of();
    }

    private static List<Transition> made(Change change) {
        return change instanceof Change.Made(Transition made) ? List.of(made) : List.of();
    }

    private static Edit labels(int i) {
        return new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(Map.of("i", Integer.toString(i))));
    }

    private static int failures(Task task) {
        return task.history().stream().mapToInt(event -> switch (event) {
            case HistoryCut cut -> cut.failed();
            case AttemptFailed f -> 1;
            case AttemptLost l -> 1;
            default -> 0;
        }).sum();
    }
}
