package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fixture.Execution;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The samples under {@code events/} are what Lambda hands to the functions: each does its function's work. */
class SampleEventsTest {

    private static final String TIMER_DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:TimerDeadLetterQueue";

    private final ManualClock clock = new ManualClock(Tasks.RUN_AT.plus(Duration.ofMinutes(3)));
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final RecordingWakeUps line = new RecordingWakeUps(clock);
    private final PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    private final Log log = new Log(clock, out);

    @ParameterizedTest
    @CsvSource({"timer-queue-event.json, TIMER", "wake-up-queue-event.json, RECONCILER",
            "timer-dead-letter-queue-event.json, DEAD_LETTER",
            "execute-task-failure-queue-event.json, DEAD_LETTER"})
    void a_message_runs_its_task_which_says_who_woke_it(String sample, WokenBy by) throws IOException {
        clock.moveTo(Tasks.RUN_AT);
        store.add(Tasks.scheduled());
        ExecuteTask executeTask = Execution.of(store, timers, line, new ScriptedActions(Tasks.status(200)), clock,
                () -> "holder");

        assertThat(handle(
                new ExecuteTaskHandler(executeTask, TIMER_DEAD_LETTERS, log, new Metrics("tasks", clock, out)), sample))
                .isEqualTo("{\"batchItemFailures\":[]}");

        Task task = store.find(Tasks.ID).orElseThrow();
        assertThat(task.state()).isInstanceOf(Completed.class);
        assertThat(task.history()).filteredOn(AttemptStarted.class::isInstance)
                .extracting(event -> ((AttemptStarted) event).by()).containsExactly(by);
    }

    @Test
    void the_minute_wakes_what_is_overdue() throws IOException {
        store.add(Tasks.scheduled(Tasks.ID, RetryPolicy.DEFAULT, Tasks.RUN_AT));

        handle(new ReconcileTasksHandler(new ReconcileTasks(store, store, line, clock, () -> "a", 50),
                new Metrics("tasks", clock, out)), "reconcile-event.json");

        assertThat(line.sent()).extracting(wakeUp -> wakeUp.task()).containsExactly(Tasks.ID);
    }

    @Test
    void a_record_of_the_stream_makes_its_row_a_task() throws IOException {
        AdoptTask adoptTask = new AdoptTask(new OneRow(), store, timers, clock);

        assertThat(
                handle(new AdoptTaskHandler(adoptTask, Webhooks.RULES, clock, log, new Metrics("tasks", clock, out)),
                        "adopt-task-event.json"))
                .isEqualTo("{\"batchItemFailures\":[]}");

        assertThat(store.find(new TaskId("invoice-4711")).orElseThrow().runAt())
                .isEqualTo(Instant.parse("2027-05-17T15:00:00Z"));
    }

    private static String handle(RequestStreamHandler handler, String sample) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(Files.readAllBytes(Path.of("events", sample))), output,
                new NoContext());
        return output.toString(StandardCharsets.UTF_8);
    }

    /** The row of the sample, as it stands in the table. */
    private final class OneRow implements ForeignRows {

        private record FoundRow(String id, String json) implements Row {}

        @Override
        public Optional<Row> find(String id) {
            return Optional.of(new FoundRow(id, new JsonMapper().createObjectNode().put("task_id", id)
                    .put("action", "webhook").put("run_at", "2027-05-17T15:00:00Z")
                    .put("payload", "{\"url\": \"https://example.com/hook\"}").toString()));
        }

        @Override
        public boolean replace(Row row, Task task) {
            store.add(task);
            return true;
        }

        @Override
        public boolean refuse(Row row, List<Violation> violations, boolean redact, Instant now) {
            throw new AssertionError("it is valid");
        }
    }
}
