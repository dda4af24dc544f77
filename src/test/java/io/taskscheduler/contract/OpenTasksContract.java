package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fixture.Tasks;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link OpenTasks} does, the fake and the real one alike. */
abstract class OpenTasksContract {

    private static final UlidTaskIds IDS = new UlidTaskIds();

    /** A store without tasks, and what is asked of it. */
    record World(TaskStore store, OpenTasks open) {}

    abstract World world();

    @Test
    void those_that_are_due_are_found_the_longest_due_first_and_no_others() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 60).mapToObj(i -> add(world, RUN_AT.minusMillis(7L * i))).toList();

        Instant before = RUN_AT.minusMillis(7L * 9);

        assertThat(world.open.dueBefore(before, 1_000)).containsExactlyElementsOf(ids.subList(10, 60).reversed());
        assertThat(world.open.dueBefore(before, 20)).containsExactlyElementsOf(ids.subList(40, 60).reversed());
        assertThat(world.open.countDueBefore(before, 1_000)).isEqualTo(50);
        assertThat(world.open.countDueBefore(RUN_AT.plusMillis(1), 1_000)).isEqualTo(60);
        assertThat(world.open.countDueBefore(RUN_AT.plusMillis(1), 60)).isEqualTo(60);
        assertThat(world.open.countDueBefore(RUN_AT.plusMillis(1), 7)).isEqualTo(7);
    }

    @Test
    void a_claim_leaves_a_task_where_it_is_and_its_end_takes_it_out() {
        World world = world();
        TaskId id = add(world, RUN_AT);
        Task task = world.store.find(id).orElseThrow();
        Task running = Tasks.granted(task.claim("a", WokenBy.TIMER, RUN_AT)).after();
        world.store.commit(Tasks.granted(task.claim("a", WokenBy.TIMER, RUN_AT)));
        assertThat(world.open.dueBefore(RUN_AT.plusMillis(1), 10)).containsExactly(id);

        world.store.commit(Tasks.settled(running, Tasks.status(200), RUN_AT));

        assertThat(world.open.dueBefore(RUN_AT.plusMillis(1), 10)).isEmpty();
        assertThat(world.open.countDueBefore(RUN_AT.plusMillis(1), 10)).isZero();
    }

    @Test
    void tasks_are_read_in_the_order_asked_for_and_those_that_are_gone_left_out() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, OpenTasks.PAGE - 1).mapToObj(i -> add(world, RUN_AT.plusMillis(i)))
                .toList();
        List<TaskId> asked = Stream.concat(Stream.of(IDS.next(RUN_AT)), ids.reversed().stream()).toList();

        assertThat(world.open.read(asked)).extracting(Task::id).containsExactlyElementsOf(ids.reversed());
        assertThat(world.open.read(List.of())).isEmpty();
    }

    private static TaskId add(World world, Instant runAt) {
        TaskId id = IDS.next(runAt);
        world.store.add(Tasks.scheduled(id, Tasks.TWICE, runAt));
        return id;
    }
}
