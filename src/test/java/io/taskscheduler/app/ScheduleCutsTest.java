package io.taskscheduler.app;

import io.taskscheduler.domain.Caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.ScheduleCutsTest.Cut.Kind;
import io.taskscheduler.app.ScheduleTask.Outcome;
import io.taskscheduler.app.ScheduleTask.Outcome.Accepted;
import io.taskscheduler.app.ScheduleTask.Outcome.NotAccepted;
import io.taskscheduler.app.ScheduleTask.Outcome.Repeated;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.fake.SequentialTaskIds;
import io.taskscheduler.fixture.Tasks;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A request with a key, cut at every outside call and every two of them, or met there by a second one. After a 5xx no task is left that later
 * runs, unless the function died or the store fell silent in the middle: then it is one whole task, which the key finds.
 */
class ScheduleCutsTest {

    private static final int MOST_CALLS = 6;
    private static final Set<Kind> ANYWHERE = EnumSet.range(Kind.SILENT_BEFORE, Kind.ANOTHER_REQUEST_BEFORE);
    private static final RandomGenerator RANDOM = new SecureRandom();
    private static final RequestKey KEY = new RequestKey("order-4711", "hash");
    private static final TaskId ID = new SequentialTaskIds().of(KEY.value());

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();

    static Stream<Map<Integer, Kind>> cuts() {
        List<Map<Integer, Kind>> cuts = new ArrayList<>(List.of(Map.of()));
        for (int first = 1; first <= MOST_CALLS; first++) {
            for (Kind kind : ANYWHERE) {
                cuts.add(Map.of(first, kind));
                for (int second = first + 1; second <= MOST_CALLS; second++) {
                    for (Kind next : ANYWHERE) {
                        cuts.add(Map.of(first, kind, second, next));
                    }
                }
            }
        }
        return cuts.stream();
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void a_first_request_leaves_no_task_or_a_whole_one_that_its_key_finds(Map<Integer, Kind> faults) {
        Cut cut = new Cut(faults);

        Optional<Outcome> outcome = cut.schedule();

        boolean toldOfIt = cut.meanwhile.isPresent();
        if (outcome.isPresent() && outcome.get() instanceof NotAccepted && !cut.takingBackWasSilent && !toldOfIt) {
            assertThat(store.find(ID)).isEmpty();
        }
        if (toldOfIt || outcome.filter(answer -> !(answer instanceof NotAccepted)).isPresent()) {
            assertThat(store.find(ID)).isPresent();
        }
        theKeyGivesOneWholeTask();
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void a_repeated_request_never_loses_what_the_first_was_told_of(Map<Integer, Kind> faults) {
        assertThat(healthy()).isInstanceOf(Accepted.class);

        Optional<Outcome> outcome = new Cut(faults).schedule();

        assertThat(outcome.filter(Accepted.class::isInstance)).isEmpty();
        assertThat(store.find(ID)).isPresent();
        theKeyGivesOneWholeTask();
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void a_repeated_request_completes_what_a_dead_one_left(Map<Integer, Kind> faults) {
        new Cut(Map.of(2, Kind.DIES_BEFORE)).schedule();
        assertThat(store.find(ID)).isPresent();

        Optional<Outcome> outcome = new Cut(faults).schedule();

        if (outcome.isPresent() && outcome.get() instanceof Repeated(Task task)) {
            assertThat(timers.set()).contains(new Timer(ID, task.version(), Tasks.RUN_AT, Precision.SECOND));
        }
        assertThat(store.find(ID)).isPresent();
        theKeyGivesOneWholeTask();
    }

    @Test
    void a_repeated_request_that_finds_a_task_which_is_then_taken_back_makes_it_itself() {
        new Cut(Map.of(2, Kind.DIES_BEFORE)).schedule();

        Optional<Outcome> outcome = new Cut(Map.of(2, Kind.TAKEN_BACK_BEFORE)).schedule();

        assertThat(outcome).containsInstanceOf(Accepted.class);
        theKeyGivesOneWholeTask();
    }

    private void theKeyGivesOneWholeTask() {
        Optional<Task> left = store.find(ID);

        Outcome next = healthy();

        if (left.isPresent()) {
            assertThat(next).isInstanceOfSatisfying(Repeated.class,
                    found -> assertThat(found.task().createdAt()).isEqualTo(left.get().createdAt()));
        } else {
            assertThat(next).isInstanceOf(Accepted.class);
        }
        Task whole = store.find(ID).orElseThrow();
        assertThat(whole.requestHash()).contains(KEY.bodyHash());
        assertThat(whole.history()).hasSize(1);
        assertThat(timers.set()).contains(new Timer(ID, whole.version(), Tasks.RUN_AT, Precision.SECOND));
    }

    private Outcome healthy() {
        return scheduler(store, timers).schedule(Tasks.order(Tasks.TWICE, Tasks.RUN_AT), KEY, Caller.ANONYMOUS,
                Tasks.CREATED);
    }

    private static ScheduleTask scheduler(TaskStore store, Timers timers) {
        return new ScheduleTask(store, timers, new SequentialTaskIds(), RANDOM);
    }

    /** The outside of one request, with its faults by the number of the call. */
    final class Cut implements TaskStore, Timers {

        private static final Set<Kind> BEFORE = EnumSet.of(Kind.SILENT_BEFORE, Kind.DIES_BEFORE);

        private final Map<Integer, Kind> faults;
        private int calls;
        private boolean takingBackWasSilent;
        private Optional<Outcome> meanwhile = Optional.empty();

        enum Kind {
            SILENT_BEFORE, SILENT_AFTER, DIES_BEFORE, DIES_AFTER, ANOTHER_REQUEST_BEFORE, TAKEN_BACK_BEFORE
        }

        Cut(Map<Integer, Kind> faults) {
            this.faults = faults;
        }

        /** Empty when the function died. */
        Optional<Outcome> schedule() {
            try {
                return Optional.of(scheduler(this, this).schedule(Tasks.order(Tasks.TWICE, Tasks.RUN_AT), KEY,
                        Caller.ANONYMOUS, Tasks.CREATED));
            } catch (Death died) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<Task> add(Task task) {
            return outside(() -> store.add(task));
        }

        @Override
        public Optional<Task> find(TaskId id) {
            return outside(() -> store.find(id));
        }

        @Override
        public boolean commit(Transition transition) {
            return outside(() -> store.commit(transition));
        }

        @Override
        public boolean takeBack(Task task) {
            boolean answered = false;
            try {
                boolean gone = outside(() -> store.takeBack(task));
                answered = true;
                return gone;
            } finally {
                takingBackWasSilent |= !answered;
            }
        }

        @Override
        public void set(Timer timer) {
            outside(() -> {
                timers.set(timer);
                return true;
            });
        }

        private <T> T outside(Supplier<T> call) {
            Optional<Kind> fault = Optional.ofNullable(faults.get(++calls));
            if (fault.filter(Kind.ANOTHER_REQUEST_BEFORE::equals).isPresent()) {
                meanwhile = Optional.of(healthy());
                return call.get();
            }
            if (fault.filter(Kind.TAKEN_BACK_BEFORE::equals).isPresent()) {
                store.find(ID).ifPresent(store::takeBack);
                return call.get();
            }
            fault.filter(BEFORE::contains).ifPresent(Cut::fail);
            T answer = call.get();
            fault.ifPresent(Cut::fail);
            return answer;
        }

        private static void fail(Kind kind) {
            if (kind == Kind.DIES_BEFORE || kind == Kind.DIES_AFTER) {
                throw new Death();
            }
            throw new Unavailable("silent", new IllegalStateException("planned"));
        }
    }

    private static final class Death extends Error {

        private static final long serialVersionUID = 1;
    }
}
