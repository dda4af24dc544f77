package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.app.port.TaskList.Entry;
import io.taskscheduler.app.port.TaskList.Found;
import io.taskscheduler.app.port.TaskList.Group;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link TaskList} does, the fake and the real one alike. */
abstract class TaskListContract {

    static final UlidTaskIds IDS = new UlidTaskIds();
    static final Stretch OPEN = new Stretch(Group.OPEN, Stretch.BEGINNING, Stretch.END);
    static final Stretch FAILED = new Stretch(Group.FAILED, Stretch.BEGINNING, Stretch.END);

    /** A store without tasks, and its list. */
    record World(TaskStore store, TaskList list) {}

    abstract World world();

    @Test
    void open_tasks_come_in_order_of_their_due_time_and_no_others() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 40).mapToObj(i -> open(world, RUN_AT.minusMillis(7L * i))).toList();
        failed(world, RUN_AT);

        assertThat(read(world, OPEN, 100)).isEqualTo(ids.reversed());
        assertThat(read(world, new Stretch(Group.OPEN, RUN_AT.minusMillis(70), RUN_AT.minusMillis(7)), 100))
                .isEqualTo(ids.subList(2, 11).reversed());
        assertThat(read(world, new Stretch(Group.OPEN, RUN_AT.plusMillis(1), Stretch.END), 100)).isEmpty();
    }

    @Test
    void finished_tasks_come_the_last_first_and_each_group_for_itself() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 40).mapToObj(i -> failed(world, RUN_AT.plusMillis(7L * i))).toList();
        open(world, RUN_AT);
        world.store.add(Tasks.expired());
        TaskId completed = IDS.next(RUN_AT);
        world.store.add(Tasks.answered(completed, Precision.SECOND, Duration.ZERO, 200, RUN_AT));

        assertThat(read(world, FAILED, 100)).isEqualTo(ids.reversed());
        assertThat(read(world, new Stretch(Group.FAILED, RUN_AT.plusMillis(7), RUN_AT.plusMillis(70)), 100))
                .isEqualTo(ids.subList(1, 10).reversed());
        assertThat(read(world, new Stretch(Group.EXPIRED, Stretch.BEGINNING, Stretch.END), 100))
                .containsExactly(Tasks.ID);
        assertThat(read(world, new Stretch(Group.COMPLETED, Stretch.BEGINNING, Stretch.END), 100))
                .containsExactly(completed);
        assertThat(world.list.find(new Stretch(Group.CANCELLED, Stretch.BEGINNING, Stretch.END), Optional.empty(), 100))
                .isEqualTo(new Found(List.of(), false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100})
    void many_tasks_of_the_very_same_time_are_each_found_once(int most) {
        World world = world();
        List<String> open = IntStream.range(0, 250).parallel().mapToObj(i -> open(world, RUN_AT).value()).toList();
        List<String> failed = IntStream.range(0, 50).mapToObj(i -> failed(world, RUN_AT).value()).toList();
        List<String> later = IntStream.range(0, 20).mapToObj(i -> failed(world, RUN_AT.plusMillis(1)).value()).toList();

        assertThat(walk(world.list, OPEN, Optional.empty(), most)).extracting(Entry::id)
                .containsExactlyInAnyOrderElementsOf(open);
        List<String> newestFirst = walk(world.list, FAILED, Optional.empty(), most).stream().map(Entry::id).toList();
        assertThat(newestFirst.subList(0, 20)).containsExactlyInAnyOrderElementsOf(later);
        assertThat(newestFirst.subList(20, 70)).containsExactlyInAnyOrderElementsOf(failed);
    }

    @Test
    void tasks_that_come_in_between_take_none_away() {
        World world = world();
        List<String> there = IntStream.range(0, 60).mapToObj(i -> open(world, RUN_AT.plusMillis(i / 20)).value())
                .toList();
        List<Entry> walked = new ArrayList<>(world.list.find(OPEN, Optional.empty(), 30).entries());
        IntStream.range(0, 30).forEach(i -> open(world, RUN_AT.plusMillis(i / 10)));

        walked.addAll(walk(world.list, OPEN, position(Optional.empty(), walked), 7));

        assertThat(walked).extracting(Entry::id).containsAll(there).doesNotHaveDuplicates();
        assertThat(walked).extracting(Entry::time).isSorted();
    }

    @Test
    void a_position_may_be_one_of_a_task_that_is_gone() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 9).mapToObj(i -> open(world, RUN_AT)).toList();
        List<Entry> first = world.list.find(OPEN, Optional.empty(), 4).entries();
        ids.forEach(id -> world.store.takeBack(world.store.find(id).orElseThrow()));
        TaskId other = open(world, RUN_AT.plusMillis(1));

        assertThat(world.list.find(OPEN, position(Optional.empty(), first), 100).entries()).extracting(Entry::id)
                .containsExactly(other.value());
    }

    @Test
    void a_claim_leaves_a_task_where_it_is_and_what_moved_since_it_was_found_is_left_out() {
        World world = world();
        List<TaskId> ids = IntStream.range(0, 5).mapToObj(i -> open(world, RUN_AT.plusMillis(i))).toList();
        List<Entry> entries = world.list.find(OPEN, Optional.empty(), 10).entries();
        Task running = moved(world, claim(world, ids.get(0)));
        moved(world, Tasks.settled(moved(world, claim(world, ids.get(1))), Tasks.status(200), RUN_AT));
        moved(world, Tasks.settled(moved(world, claim(world, ids.get(2))), Tasks.status(503), RUN_AT));
        world.store.takeBack(world.store.find(ids.get(3)).orElseThrow());

        assertThat(world.list.read(Group.OPEN, entries)).extracting(Task::id)
                .containsExactly(running.id(), ids.get(4));
        assertThat(world.list.read(Group.OPEN, List.of())).isEmpty();
        assertThat(world.list.read(Group.FAILED, entries)).isEmpty();
    }

    @Test
    void a_hundred_are_read_at_once_in_the_order_asked_for() {
        World world = world();
        IntStream.range(0, 100).parallel().forEach(i -> open(world, RUN_AT.plusMillis(i / 3)));
        List<Entry> entries = walk(world.list, OPEN, Optional.empty(), 100).reversed();

        assertThat(world.list.read(Group.OPEN, entries)).extracting(task -> task.id().value())
                .isEqualTo(entries.stream().map(Entry::id).toList());
    }

    private static Task moved(World world, Transition transition) {
        world.store.commit(transition);
        return transition.after();
    }

    private static Transition claim(World world, TaskId id) {
        return Tasks.granted(world.store.find(id).orElseThrow().claim("a", WokenBy.TIMER, RUN_AT.plusSeconds(1)));
    }

    static Optional<Position> position(Optional<Position> before, List<Entry> looked) {
        Optional<Position> position = before;
        for (Entry entry : looked) {
            position = Optional.of(Position.after(position, entry));
        }
        return position;
    }

    /** Everything from the position to the end, so many at once. */
    static List<Entry> walk(TaskList list, Stretch stretch, Optional<Position> from, int most) {
        List<Entry> walked = new ArrayList<>();
        Optional<Position> position = from;
        Found found;
        do {
            found = list.find(stretch, position, most);
            assertThat(found.entries()).hasSizeLessThanOrEqualTo(most);
            assertThat(found.entries().isEmpty() && found.more()).as("stands still").isFalse();
            walked.addAll(found.entries());
            assertThat(walked).as("goes round in circles").extracting(Entry::id).doesNotHaveDuplicates();
            position = position(position, found.entries());
        } while (found.more());
        return walked;
    }

    private static List<TaskId> read(World world, Stretch stretch, int most) {
        return walk(world.list, stretch, Optional.empty(), most).stream()
                .flatMap(entry -> world.list.read(stretch.group(), List.of(entry)).stream()).map(Task::id).toList();
    }

    static TaskId open(World world, Instant runAt) {
        TaskId id = IDS.next(runAt);
        world.store.add(Tasks.scheduled(id, Tasks.TWICE, runAt));
        return id;
    }

    static TaskId failed(World world, Instant at) {
        TaskId id = IDS.next(at);
        world.store.add(Tasks.answered(id, Precision.SECOND, Duration.ZERO, 404, at));
        return id;
    }
}
