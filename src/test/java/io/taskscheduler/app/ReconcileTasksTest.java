package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.ReconcileTasks.Report;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.Recovery.Orphan;
import io.taskscheduler.domain.Standing;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fake.SlowPages;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconcileTasksTest {

    private static final Instant LATE = RUN_AT.plus(Duration.ofHours(1));

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final ManualClock clock = new ManualClock(LATE);
    private final RecordingWakeUps line = new RecordingWakeUps(clock);
    private final SequentialTaskIds ids = new SequentialTaskIds();
    private final AtomicInteger holders = new AtomicInteger();

    @Test
    void what_is_not_overdue_is_left_alone() {
        clock.advance(Duration.between(LATE, RUN_AT.plus(Task.GRACE).minusMillis(1)));
        store.add(Tasks.scheduled());

        Report report = reconciler(10).reconcile();

        assertThat(report).isEqualTo(new Report(0, Duration.ZERO, Map.of(), 0, 0));
        assertThat(line.sent()).isEmpty();
        assertThat(store.find(Tasks.ID)).contains(Tasks.scheduled());
    }

    @Test
    void every_kind_of_orphan_is_woken_or_ended_and_counted() {
        List<TaskId> woken = List.of(add(Tasks.scheduled()), add(Tasks.waitingForRetry()), add(Tasks.running()));
        TaskId expired = add(Tasks.expiring());
        Task second = Tasks.granted(Tasks.running().claim("second", WokenBy.TIMER, RUN_AT.plusSeconds(60))).after();
        TaskId exhausted = add(second);
        add(Tasks.completed());

        Report report = reconciler(10).reconcile();

        assertThat(report).isEqualTo(new Report(5, Duration.ofHours(1),
                Map.of(Orphan.NOT_STARTED, 1L, Orphan.NOT_RETRIED, 1L, Orphan.ATTEMPT_LOST, 1L), 2, 0));
        assertThat(line.sent()).extracting(WakeUp::task).containsExactlyInAnyOrderElementsOf(woken);
        assertThat(line.sent()).extracting(WakeUp::by).containsOnly(WokenBy.RECONCILER);
        assertThat(stored(expired).state()).isEqualTo(new Expired(LATE));
        assertThat(stored(exhausted).state()).isInstanceOf(Failed.class);
        assertThat(woken).allSatisfy(id -> assertThat(stored(id).standing(LATE)).isEqualTo(Standing.ON_ITS_WAY));
    }

    @Test
    void few_are_woken_at_once_and_many_at_the_pace_the_longest_due_first() {
        List<TaskId> tasks = IntStream.range(0, 25).mapToObj(i -> add(due(RUN_AT.minusSeconds(i)))).toList();

        reconciler(10).reconcile();

        assertThat(line.sent()).extracting(WakeUp::task).containsExactlyElementsOf(tasks.reversed());
        assertThat(line.sent()).extracting(wakeUp -> Duration.between(LATE, wakeUp.at()).toSeconds())
                .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> i / 10L).toList());
    }

    @Test
    void one_run_fills_the_line_for_a_minute_and_the_next_goes_on_behind_it() {
        IntStream.range(0, 150).forEach(i -> add(due(RUN_AT.plusSeconds(i))));

        Report first = reconciler(1).reconcile();
        Report whileFull = reconciler(1).reconcile();
        line.empty();
        Report second = reconciler(1).reconcile();

        assertThat(first).isEqualTo(new Report(150, Duration.ofHours(1), Map.of(Orphan.NOT_STARTED, 60L), 0, 90));
        assertThat(whileFull).isEqualTo(new Report(90, Duration.ofHours(1).minusSeconds(60), Map.of(), 0, 90));
        assertThat(second.left()).isEqualTo(30);
        assertThat(line.sent()).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void a_wake_up_that_never_came_is_sent_again() {
        TaskId id = add(Tasks.scheduled());
        reconciler(10).reconcile();
        line.empty();
        reconciler(10).reconcile();
        assertThat(line.sent()).isEmpty();
        clock.advance(Task.GRACE);

        reconciler(10).reconcile();

        assertThat(line.sent()).extracting(WakeUp::task).containsExactly(id);
    }

    @Test
    void when_the_line_is_silent_the_run_fails_and_a_later_one_wakes_the_task() {
        add(Tasks.scheduled());
        RecordingWakeUps silent = new RecordingWakeUps(clock);
        silent.fallSilent();
        assertThatThrownBy(() -> new ReconcileTasks(store, store, silent, clock, this::holder, 10).reconcile())
                .isInstanceOf(Unavailable.class);
        clock.advance(Task.GRACE);

        reconciler(10).reconcile();

        assertThat(line.sent()).hasSize(1);
    }

    @Test
    void while_the_line_moves_slowly_what_waits_in_it_is_not_sent_again_so_soon() {
        IntStream.range(0, 20).forEach(i -> add(due(RUN_AT.plusSeconds(i))));
        line.send(List.of(new WakeUp(Tasks.ID, WokenBy.TIMER, LATE)));
        reconciler(10).reconcile();
        clock.advance(Task.GRACE.multipliedBy(2));

        assertThat(reconciler(10).reconcile().woken()).isEmpty();
        clock.advance(WakeUps.HORIZON);
        assertThat(reconciler(10).reconcile().woken()).containsEntry(Orphan.NOT_STARTED, 20L);
    }

    @Test
    void of_two_reconcilers_at_the_same_instant_each_task_is_woken_by_one() throws Exception {
        for (int round = 0; round < 20; round++) {
            InMemoryTaskStore shared = new InMemoryTaskStore();
            RecordingWakeUps sharedLine = new RecordingWakeUps(clock);
            IntStream.range(0, 50).forEach(i -> shared.add(Tasks.scheduled(ids.next(RUN_AT), Tasks.TWICE, RUN_AT)));
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Report> run = () -> {
                start.await();
                return new ReconcileTasks(shared, shared, sharedLine, clock, this::holder, 100).reconcile();
            };
            long woken = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                for (Future<Report> report : threads.invokeAll(Collections.nCopies(2, run))) {
                    woken += report.get().woken().getOrDefault(Orphan.NOT_STARTED, 0L);
                }
            }
            assertThat(woken).isEqualTo(50);
            assertThat(sharedLine.sent()).hasSize(50).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_run_that_takes_too_long_stops_and_tells_how_much_is_left() {
        IntStream.range(0, 250).forEach(i -> add(due(RUN_AT.plusSeconds(i))));
        List<Integer> pages = new ArrayList<>();
        RecordingWakeUps slow = new RecordingWakeUps(clock);
        ReconcileTasks reconciler = new ReconcileTasks(new SlowPages(store, () -> {
            pages.add(1);
            clock.advance(ReconcileTasks.LONGEST.dividedBy(2));
        }), store, slow, clock, this::holder, 100);

        Report report = reconciler.reconcile();

        assertThat(pages).hasSize(2);
        assertThat(slow.sent()).hasSize(100);
        assertThat(report.left()).isEqualTo(150);
        assertThat(report.overdue()).isEqualTo(250);
    }

    private TaskId add(Task like) {
        TaskId id = ids.next(RUN_AT);
        store.add(new Task(id, like.version(), like.order(), like.requestHash(), like.createdAt(), like.updatedAt(),
                like.state(), like.attempts(), like.history()));
        return id;
    }

    private static Task due(Instant runAt) {
        return Tasks.scheduled(Tasks.ID, Tasks.TWICE, runAt);
    }

    private Task stored(TaskId id) {
        return store.find(id).orElseThrow();
    }

    private String holder() {
        return "holder " + holders.incrementAndGet();
    }

    private ReconcileTasks reconciler(int wakeUpsPerSecond) {
        return new ReconcileTasks(store, store, line, clock, this::holder, wakeUpsPerSecond);
    }
}
