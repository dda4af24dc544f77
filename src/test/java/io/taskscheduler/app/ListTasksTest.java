package io.taskscheduler.app;

import io.taskscheduler.domain.Caller;
import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskList;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RedactedLives;
import io.taskscheduler.fixture.Tasks;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListTasksTest {

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final SequentialTaskIds ids = new SequentialTaskIds();
    private final ManualClock clock = new ManualClock(CREATED);
    private final ListTasks listTasks = new ListTasks(new InMemoryTaskList(store), clock);

    /** One page, and where it ended. */
    private record Page(List<TaskId> tasks, Optional<Position> end) {}

    @ParameterizedTest
    @CsvSource({"1, 250", "7, 36", "100, 3"})
    void of_250_tasks_of_one_time_each_is_on_one_page_and_the_last_page_says_so(int limit, int pages) {
        List<TaskId> all = IntStream.range(0, 250).mapToObj(i -> scheduled(RUN_AT)).toList();

        List<Page> walked = walk(listTasks, only(Status.OPEN), limit);

        assertThat(walked).hasSize(pages);
        assertThat(walked).flatExtracting(Page::tasks).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void the_last_page_says_that_it_is_the_last_even_when_it_is_full() {
        IntStream.range(0, 40).forEach(i -> scheduled(RUN_AT));

        assertThat(walk(listTasks, only(Status.OPEN), 20)).hasSize(2);
        assertThat(walk(listTasks, only(Status.FAILED), 20)).containsExactly(new Page(List.of(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void a_store_that_gives_a_few_at_a_time_fills_the_same_pages(int most) {
        List<TaskId> all = IntStream.range(0, 30).mapToObj(i -> scheduled(RUN_AT.plusMillis(i))).toList();
        ListTasks slowly = new ListTasks(new InMemoryTaskList(store, most), clock);

        assertThat(walk(slowly, only(Status.OPEN), 10)).extracting(Page::tasks)
                .containsExactly(all.subList(0, 10), all.subList(10, 20), all.subList(20, 30));
    }

    @Test
    void scheduled_and_running_are_told_apart_and_open_are_both() {
        TaskId waiting = scheduled(RUN_AT);
        TaskId running = scheduled(RUN_AT.plusMillis(1));
        move(Tasks.granted(task(running).claim("a", WokenBy.TIMER, RUN_AT.plusMillis(1))));

        assertThat(first(only(Status.OPEN))).containsExactly(waiting, running);
        assertThat(first(only(Status.SCHEDULED))).containsExactly(waiting);
        assertThat(first(only(Status.RUNNING))).containsExactly(running);
    }

    @Test
    void a_task_whose_url_has_lost_its_query_is_found_by_its_host() {
        Task redacted = RedactedLives.scheduled(ids.next(RUN_AT));
        store.add(redacted);
        move(Tasks.made(redacted.cancel(Caller.ANONYMOUS, CREATED)));

        assertThat(first(new Filter(Status.CANCELLED, Stretch.BEGINNING, Stretch.END, Optional.of("EXAMPLE.com"),
                Map.of("order", "4711")))).containsExactly(redacted.id());
    }

    @Test
    void finished_tasks_come_newest_first_and_by_when_they_finished() {
        List<TaskId> completed = IntStream.range(0, 3).mapToObj(i -> finished(200, RUN_AT.plusMillis(i))).toList();
        TaskId failed = finished(404, RUN_AT);
        store.add(Tasks.expired());

        assertThat(first(only(Status.COMPLETED))).isEqualTo(completed.reversed());
        assertThat(first(new Filter(Status.COMPLETED, RUN_AT, RUN_AT.plusMillis(2), Optional.empty(), Map.of())))
                .containsExactly(completed.get(1), completed.get(0));
        assertThat(first(only(Status.FAILED))).containsExactly(failed);
        assertThat(first(only(Status.EXPIRED))).containsExactly(Tasks.ID);
        assertThat(first(only(Status.CANCELLED))).isEmpty();
    }

    @Test
    void all_filters_hold_at_once() {
        TaskId wanted = scheduled("https://Example.com:8443/a", Map.of("order", "1", "team", "x"), RUN_AT);
        scheduled("https://example.com/a", Map.of("order", "1"), RUN_AT);
        scheduled("https://example.com/a", Map.of("order", "2", "team", "x"), RUN_AT);
        scheduled("https://example.com.evil.example/a", Map.of("order", "1", "team", "x"), RUN_AT);
        scheduled("https://example.com/a", Map.of("order", "1", "team", "x"), RUN_AT.plusMillis(1));

        assertThat(first(new Filter(Status.SCHEDULED, RUN_AT, RUN_AT.plusMillis(1), Optional.of("EXAMPLE.com"),
                Map.of("order", "1", "team", "x")))).containsExactly(wanted);
    }

    @Test
    void a_page_looks_at_a_hundred_tasks_and_ends_then_though_it_is_empty() {
        IntStream.range(0, 250).forEach(i -> scheduled(RUN_AT.plusMillis(i)));
        TaskId wanted = scheduled("https://example.com/a", Map.of("order", "1"), RUN_AT.plusMillis(250));
        Filter filter = new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.empty(), Map.of("order", "1"));

        List<Page> pages = walk(listTasks, filter, 20);

        assertThat(pages).extracting(Page::tasks).containsExactly(List.of(), List.of(), List.of(wanted));
        assertThat(pages.getFirst().end()).map(Position::time).contains(RUN_AT.plusMillis(99));
    }

    @Test
    void a_page_that_is_full_ends_at_its_last_task_whatever_was_read_beyond() {
        List<TaskId> wanted = IntStream.range(0, 30)
                .mapToObj(i -> scheduled("https://example.com/a", Map.of("n", "1"), RUN_AT.plusMillis(i))).toList();
        Filter filter = new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.empty(), Map.of("n", "1"));

        assertThat(walk(listTasks, filter, 4)).flatExtracting(Page::tasks).isEqualTo(wanted);
    }

    @Test
    void a_page_without_room_ends_before_the_task_that_did_not_fit() {
        List<TaskId> all = IntStream.range(0, 30).mapToObj(i -> scheduled(RUN_AT.plusMillis(i))).toList();
        List<TaskId> page = new ArrayList<>();
        Predicate<Task> roomForThree = task -> page.size() < 3 && page.add(task.id());

        Optional<Position> end = listTasks.list(only(Status.OPEN), Optional.empty(), 20, roomForThree);

        assertThat(page).isEqualTo(all.subList(0, 3));
        assertThat(page(listTasks, only(Status.OPEN), end, 2).tasks()).isEqualTo(all.subList(3, 5));
    }

    /** Whoever asks for the next page must get somewhere, however slow the store is. */
    @Test
    void a_page_ends_when_it_has_looked_for_long_enough_and_has_got_somewhere() {
        IntStream.range(0, 100).forEach(i -> scheduled(RUN_AT.plusMillis(i)));
        ListTasks slow = new ListTasks(
                new Meanwhile(new InMemoryTaskList(store), () -> clock.advance(ListTasks.LONGEST)), clock);
        Filter filter = new Filter(Status.OPEN, Stretch.BEGINNING, Stretch.END, Optional.empty(), Map.of("no", "1"));

        Page page = page(slow, filter, Optional.empty(), 20);

        assertThat(page.tasks()).isEmpty();
        assertThat(page.end()).map(Position::time).contains(RUN_AT.plusMillis(ListTasks.CHUNK - 1));
    }

    @Test
    void tasks_that_moved_while_they_were_read_make_the_page_no_shorter() {
        List<TaskId> all = IntStream.range(0, 30).mapToObj(i -> scheduled(RUN_AT.plusMillis(i))).toList();
        TaskList moving = new Meanwhile(new InMemoryTaskList(store),
                () -> store.find(all.get(1)).ifPresent(store::takeBack));

        assertThat(page(new ListTasks(moving, clock), only(Status.OPEN), Optional.empty(), 3).tasks())
                .containsExactly(all.get(0), all.get(2), all.get(3));
    }

    /** A list to which something happens between what is found and what is read. */
    private record Meanwhile(TaskList list, Runnable happens) implements TaskList {

        @Override
        public Found find(Stretch stretch, Optional<Position> after, int most) {
            Found found = list.find(stretch, after, most);
            happens.run();
            return found;
        }

        @Override
        public List<Task> read(Group group, List<Entry> entries) {
            return list.read(group, entries);
        }
    }

    private static Filter only(Status status) {
        return new Filter(status, Stretch.BEGINNING, Stretch.END, Optional.empty(), Map.of());
    }

    private List<TaskId> first(Filter filter) {
        return page(listTasks, filter, Optional.empty(), 100).tasks();
    }

    private static Page page(ListTasks list, Filter filter, Optional<Position> after, int limit) {
        List<TaskId> tasks = new ArrayList<>();
        Optional<Position> end = list.list(filter, after, limit, task -> tasks.add(task.id()));
        assertThat(tasks).hasSizeLessThanOrEqualTo(limit);
        return new Page(tasks, end);
    }

    private static List<Page> walk(ListTasks list, Filter filter, int limit) {
        List<Page> pages = new ArrayList<>();
        Optional<Position> position = Optional.empty();
        do {
            pages.add(page(list, filter, position, limit));
            position = pages.getLast().end();
        } while (position.isPresent());
        return pages;
    }

    private TaskId scheduled(Instant runAt) {
        return scheduled("https://example.com/hook", Map.of(), runAt);
    }

    private TaskId scheduled(String url, Map<String, String> labels, Instant runAt) {
        TaskId id = ids.next(runAt);
        Webhook webhook = new Webhook(URI.create(url), Webhook.Method.POST, Map.of(), Optional.empty(),
                Webhook.DEFAULT_TIMEOUT);
        store.add(Task.schedule(id, 1,
                new Order(webhook, runAt, Precision.SECOND, Optional.empty(), Tasks.TWICE, labels), Caller.ANONYMOUS,
                CREATED));
        return id;
    }

    private TaskId finished(int status, Instant at) {
        TaskId id = ids.next(at);
        store.add(Tasks.answered(id, Precision.SECOND, Duration.ZERO, status, at));
        return id;
    }

    private Task task(TaskId id) {
        return store.find(id).orElseThrow();
    }

    private void move(Transition transition) {
        assertThat(store.commit(transition)).isTrue();
    }
}
