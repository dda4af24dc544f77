package io.taskscheduler.app;

import io.taskscheduler.domain.Caller;
import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.AdoptTask.Outcome;
import io.taskscheduler.app.AdoptTask.Reading;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.FailReason;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.fake.InMemoryForeignRows;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdoptTaskTest {

    private static final TaskId ID = new TaskId("order-4711");
    private static final Order ORDER = Tasks.order(Tasks.TWICE, RUN_AT);
    private static final Violation FAULT = new Violation("run_at", "is required");

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final InMemoryForeignRows rows = new InMemoryForeignRows(store);
    private final RecordingTimers timers = new RecordingTimers();
    private final ManualClock clock = new ManualClock(CREATED);

    @Test
    void a_valid_row_becomes_a_task_with_a_timer() {
        rows.put(ID.value(), "{}");

        Outcome outcome = adopter(timers).adopt(ID.value(), json -> new Reading.Valid(ORDER));

        Task task = Task.schedule(ID, CREATED.toEpochMilli(), ORDER, Caller.TABLE, CREATED);
        assertThat(outcome).isEqualTo(new Outcome.Adopted(task));
        assertThat(store.find(ID)).contains(task);
        assertThat(timers.set()).containsExactly(new Timer(ID, CREATED.toEpochMilli(), RUN_AT, Precision.SECOND));
    }

    @Test
    void an_invalid_row_becomes_a_failed_task_that_says_why() {
        rows.put(ID.value(), "{}");

        Outcome outcome = adopter(timers).adopt(ID.value(), json -> new Reading.Invalid("email", List.of(FAULT)));

        assertThat(outcome).isEqualTo(new Outcome.Refused(List.of(FAULT)));
        Task task = store.find(ID).orElseThrow();
        assertThat(task.state()).isEqualTo(new Failed(CREATED, FailReason.INVALID_TASK));
        assertThat(task.history())
                .containsExactly(new TaskEvent.TaskFailed(CREATED, FailReason.INVALID_TASK, List.of(FAULT)));
        assertThat(timers.set()).isEmpty();
    }

    @Test
    void of_a_row_with_thousands_of_faults_few_are_kept_so_that_its_task_can_be_stored() {
        rows.put(ID.value(), "x".repeat(1_000_000));
        List<Violation> faults = Collections.nCopies(6_000,
                new Violation("payload." + "m".repeat(1_000), "p".repeat(1_000)));

        adopter(timers).adopt(ID.value(), json -> new Reading.Invalid("email", faults));

        Task task = store.find(ID).orElseThrow();
        assertThat(task.history()).singleElement().isInstanceOfSatisfying(TaskEvent.TaskFailed.class, failed -> {
            assertThat(failed.violations()).hasSize(21).endsWith(new Violation("", "and 5980 more"));
            assertThat(failed.violations()).allMatch(v -> v.member().length() <= 200 && v.problem().length() <= 200);
        });
        assertThat(task.toString().length()).as("characters, of at most 3 bytes each").isLessThan(380_000 / 3);
    }

    @Test
    void an_invalid_row_that_is_to_be_redacted_says_why_and_keeps_nothing_of_it() {
        rows.put(ID.value(), "{\"payload\": \"S3cr3t\"}");

        adopter(timers).adopt(ID.value(), json -> new Reading.Invalid("email", List.of(FAULT), true));

        Task task = store.find(ID).orElseThrow();
        assertThat(task.toString()).doesNotContain("S3cr3t").contains("run_at");
        assertThat(task.order().redact()).isTrue();
    }

    @Test
    void a_row_whose_id_no_task_can_have_is_refused() {
        rows.put("no id!", "{}");

        Outcome outcome = adopter(timers).adopt("no id!", json -> new Reading.Valid(ORDER));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.violations())
                .extracting(Violation::member).containsExactly("task_id"));
        assertThat(rows.find("no id!")).isEmpty();
    }

    @Test
    void a_row_that_changes_meanwhile_is_read_again() {
        rows.put(ID.value(), "first");
        adopter(timers).adopt(ID.value(), json -> {
            if (json.equals("first")) {
                rows.put(ID.value(), "second");
                return new Reading.Invalid("", List.of(FAULT));
            }
            return new Reading.Valid(ORDER);
        });

        assertThat(store.find(ID).orElseThrow().runAt()).isEqualTo(RUN_AT);
    }

    @Test
    void a_call_that_was_cut_off_before_the_timer_is_completed_by_its_repetition() {
        rows.put(ID.value(), "{}");
        RecordingTimers silent = new RecordingTimers();
        silent.fallSilent();
        assertThatThrownBy(() -> adopter(silent).adopt(ID.value(), json -> new Reading.Valid(ORDER)))
                .isInstanceOf(Unavailable.class);
        clock.advance(Duration.ofMinutes(1));

        assertThat(adopter(timers).adopt(ID.value(), json -> new Reading.Valid(ORDER)))
                .isEqualTo(new Outcome.NothingToDo());

        assertThat(timers.set()).containsExactly(new Timer(ID, CREATED.toEpochMilli(), RUN_AT, Precision.SECOND));
    }

    @Test
    void a_row_that_is_gone_is_nothing_to_do() {
        assertThat(adopter(timers).adopt("gone", json -> new Reading.Valid(ORDER)))
                .isEqualTo(new Outcome.NothingToDo());
        assertThat(timers.set()).isEmpty();
    }

    private AdoptTask adopter(RecordingTimers setting) {
        return new AdoptTask(rows, store, setting, clock);
    }
}
