package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.FinishedTasks;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link FinishedTasks} does, the fake and the real one alike. */
abstract class FinishedTasksContract {

    private static final Instant HOUR_BEFORE = RUN_AT.minus(Duration.ofHours(1));

    private final SequentialTaskIds ids = new SequentialTaskIds();

    /** A store without tasks, and what is asked of it. */
    record World(TaskStore store, FinishedTasks finished) {}

    abstract World world();

    @Test
    void those_that_completed_or_failed_in_the_time_tell_how_late_they_began() {
        World world = world();
        add(world, 1, 200, HOUR_BEFORE.minusMillis(1));
        add(world, 2, 200, HOUR_BEFORE);
        add(world, 3, 404, HOUR_BEFORE);
        add(world, 4, 200, RUN_AT.minusMillis(1));
        add(world, 5, 404, RUN_AT.minusMillis(1));
        add(world, 6, 200, RUN_AT);

        assertThat(latenesses(world, 1_000)).containsExactlyInAnyOrder(2L, 3L, 4L, 5L);
    }

    @Test
    void those_that_are_open_or_never_began_or_were_promised_for_their_minute_tell_nothing() {
        World world = world();
        world.store.add(Tasks.scheduled(ids.next(RUN_AT)));
        world.store.add(Tasks.expired());
        world.store.add(Tasks.answered(ids.next(RUN_AT), Precision.MINUTE, Duration.ofSeconds(40), 200,
                RUN_AT.minusSeconds(1)));
        world.store.add(Tasks.answered(ids.next(RUN_AT), Precision.SECOND, Duration.ZERO, 503, RUN_AT.minusSeconds(1)));

        assertThat(world.finished.latenesses(HOUR_BEFORE, RUN_AT.plus(Duration.ofHours(1)), 1_000)).allSatisfy(
                part -> assertThat(part).isEmpty());
        assertThat(latenesses(world(), 1_000)).isEmpty();
    }

    @Test
    void of_too_many_the_newest_of_each_part_are_looked_at_the_newest_first() {
        World world = world();
        for (int late = 1; late <= 60; late++) {
            add(world, late, late % 3 == 0 ? 404 : 200, RUN_AT.minusSeconds(61 - late));
        }
        List<List<Duration>> whole = world.finished.latenesses(HOUR_BEFORE, RUN_AT, 1_000).toList();

        List<List<Duration>> newest = world.finished.latenesses(HOUR_BEFORE, RUN_AT, 20).toList();

        assertThat(whole).allSatisfy(part -> assertThat(part).isSortedAccordingTo(Comparator.reverseOrder()));
        assertThat(whole.stream().mapToInt(List::size).sum()).isEqualTo(60);
        assertThat(newest.stream().mapToInt(List::size).sum()).isEqualTo(20);
        assertThat(IntStream.range(0, whole.size())).allSatisfy(
                part -> assertThat(whole.get(part)).startsWith(newest.get(part).toArray(Duration[]::new)));
        assertThat(latenesses(world, 1)).hasSize(1);
    }

    private void add(World world, long late, int status, Instant at) {
        world.store.add(
                Tasks.answered(ids.next(RUN_AT), Precision.SECOND, Duration.ofMillis(late), status, at));
    }

    private static List<Long> latenesses(World world, int most) {
        return world.finished.latenesses(HOUR_BEFORE, RUN_AT, most).flatMap(List::stream).map(Duration::toMillis)
                .toList();
    }
}
