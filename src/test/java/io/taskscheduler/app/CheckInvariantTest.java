package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.CheckInvariant.Invariant;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fake.SlowPages;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckInvariantTest {

    private static final Instant OVERDUE = RUN_AT.plus(Task.GRACE);
    private static final Instant FORGOTTEN = OVERDUE.plus(ReconcileTasks.PERIOD);

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final ManualClock clock = new ManualClock(OVERDUE);
    private final SequentialTaskIds ids = new SequentialTaskIds();

    @Test
    void nothing_is_wrong_where_nothing_is() {
        assertThat(check()).isEqualTo(new Invariant(OVERDUE, 0, 0, 0, 0, 0, Duration.ZERO));
    }

    @Test
    void a_task_in_its_grace_is_open_and_nothing_else() {
        clock.advance(Duration.ofMillis(-1));
        add(RUN_AT);

        assertThat(check()).isEqualTo(new Invariant(OVERDUE.minusMillis(1), 1, 0, 0, 0, 0, Duration.ZERO));
    }

    @Test
    void an_overdue_task_is_a_violation_once_the_reconciler_should_have_come_by() {
        add(RUN_AT.minusMillis(1));
        assertThat(check()).isEqualTo(new Invariant(OVERDUE, 1, 1, 0, 0, 0, Duration.ofMillis(120_001)));
        clock.advance(ReconcileTasks.PERIOD);

        assertThat(check().violations()).isEqualTo(1);
    }

    @Test
    void a_living_lease_and_a_wake_up_on_its_way_are_no_violation_and_a_dead_lease_is_one() {
        clock.advance(Duration.between(OVERDUE, FORGOTTEN));
        Task task = add(RUN_AT.minusSeconds(60));
        store.commit(Tasks.granted(task.claim("a", WokenBy.TIMER, clock.instant())));
        assertThat(check()).isEqualTo(new Invariant(FORGOTTEN, 1, 1, 1, 0, 0, Duration.ofMinutes(4)));

        clock.advance(Duration.ofMinutes(3));
        assertThat(check().violations()).isEqualTo(1);
        new ReconcileTasks(store, store, new RecordingWakeUps(clock), clock, () -> "a", 1).reconcile();

        assertThat(check()).isEqualTo(
                new Invariant(FORGOTTEN.plusSeconds(180), 1, 1, 0, 1, 0, Duration.ofMinutes(7)));
    }

    @Test
    void what_there_was_no_time_to_look_at_counts_as_overdue_and_as_a_violation() {
        IntStream.range(0, 250).forEach(i -> add(RUN_AT.minusSeconds(i + 1)));
        SlowPages slow = new SlowPages(store, () -> clock.advance(CheckInvariant.LONGEST));

        Invariant invariant = new CheckInvariant(slow, clock).check();

        assertThat(invariant.overdue()).isEqualTo(250);
        assertThat(invariant.violations()).isGreaterThanOrEqualTo(150);
    }

    private Task add(Instant runAt) {
        Task task = Tasks.scheduled(ids.next(RUN_AT), Tasks.TWICE, runAt);
        store.add(task);
        return task;
    }

    private Invariant check() {
        return new CheckInvariant(store, clock).check();
    }
}
