package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fake.InMemoryTaskStore.Fault;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fake.SequentialTaskIds;
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
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecuteTaskHandlerTest {

    private static final String EVENT = "{\"source\": \"custom.scheduler\", \"detail\": {\"taskId\": \"%s\"}}";

    private static final String TIMER_DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:TimerDeadLetterQueue";

    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final RecordingWakeUps line = new RecordingWakeUps();
    private final ManualClock clock = new ManualClock(Tasks.RUN_AT);
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @Test
    void the_task_of_the_event_is_run_and_the_attempt_logged() throws IOException {
        store.add(Tasks.scheduled());

        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200))).isEqualTo("\"attempt made\"");

        assertThat(log()).contains("\"task_id\":\"" + Tasks.ID + "\"", "\"attempt\":1", "\"status\":\"completed\"",
                "\"status_code\":200", "\"late_by_ms\":20", "\"request_id\":\"invocation-1\"");
    }

    @Test
    void a_failed_attempt_is_logged_with_the_time_of_the_next() throws IOException {
        store.add(Tasks.scheduled());

        handle(EVENT.formatted(Tasks.ID), Tasks.refused());

        assertThat(log()).contains("\"status\":\"scheduled\"", "\"error\":\"connection_refused\"", "next_attempt_at");
    }

    @Test
    void what_was_not_run_is_logged_as_what_it_was() throws IOException {
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200))).isEqualTo("\"wake-up of an unknown task\"");
        store.add(Tasks.scheduled());
        clock.advance(Duration.ofHours(-1));
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200)))
                .isEqualTo("\"wake-up of a task that was moved\"");
        clock.advance(Duration.ofMinutes(55));
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200))).isEqualTo("\"woken early, near timer set\"");
        clock.advance(Duration.ofMinutes(5));
        handle(EVENT.formatted(Tasks.ID), Tasks.status(200));
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200))).isEqualTo("\"wake-up of a finished task\"");
        assertThat(log()).contains("\"due_at\":\"2027-05-17T15:00:00.250Z\"", "\"status\":\"completed\"");
    }

    @Test
    void a_duplicate_and_a_lost_last_attempt_are_logged_as_that() throws IOException {
        store.add(Tasks.running());
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200)))
                .isEqualTo("\"duplicate wake-up, an attempt is running\"");
        clock.advance(Duration.ofMinutes(2));
        store.commit(Tasks.granted(Tasks.running().claim("b", WokenBy.TIMER, clock.instant())));
        clock.advance(Duration.ofMinutes(2));
        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200)))
                .isEqualTo("\"task ended without another attempt\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "[]", "{}", "{\"detail\": {}}", "{\"detail\": {\"taskId\": 7}}",
            "{\"detail\": {\"taskId\": \"no id!\"}}", "{\"detail\": \"x\"}"})
    void an_event_of_another_form_fails_the_invocation(String event) {
        assertThatThrownBy(() -> handle(event, Tasks.status(200))).isInstanceOf(BareFault.class)
                .hasMessageContaining("the event");
    }

    @Test
    void a_silent_store_fails_the_invocation_so_that_lambda_tries_again() {
        store.then(Fault.BEFORE);

        assertThatThrownBy(() -> handle(EVENT.formatted(Tasks.ID), Tasks.status(200))).isInstanceOf(BareFault.class)
                .hasMessageContaining(Unavailable.class.getName());
    }

    @Test
    void every_message_of_a_batch_is_handled_and_those_that_failed_are_named() throws IOException {
        store.add(Tasks.scheduled());

        String answer = handle(batch(message("m1", "queue:line", EVENT.formatted(Tasks.ID)),
                message("m2", "queue:line", "nonsense"), message("m3", "queue:line", "{}"),
                message("m4", "queue:line", EVENT.formatted(new SequentialTaskIds().next(Tasks.CREATED)))),
                Tasks.status(200));

        assertThat(answer).isEqualTo(
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"m2\"},{\"itemIdentifier\":\"m3\"}]}");
        assertThat(store.find(Tasks.ID).orElseThrow().state()).isInstanceOf(Completed.class);
        assertThat(log()).contains("wake-up of an unknown task", "\"message_id\":\"m2\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "7", "[]", "{}", "{\"source\": \"custom.timer\"}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\"}}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": \"1\"}}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": 1.5}}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": 99999999999999999999}}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"no id!\", \"wakeUp\": 1}}"})
    void a_message_that_is_none_of_ours_is_named_with_its_reason_and_holds_up_nobody(String body) throws IOException {
        store.add(Tasks.scheduled());
        String good = "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": 1}}"
                .formatted(Tasks.ID);

        String answer = handle(batch(message("bad", "queue:timers", body.replace("%s", Tasks.ID.value())),
                message("good", "queue:timers", good)), Tasks.status(200));

        assertThat(answer).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"bad\"}]}");
        assertThat(store.find(Tasks.ID).orElseThrow().state()).isInstanceOf(Completed.class);
        assertThat(log()).contains("\"message_id\":\"bad\"", "IllegalArgumentException");
    }

    @Test
    void a_near_timer_of_an_unknown_task_is_done_with_and_logged() throws IOException {
        assertThat(handle(batch(message("m1", "queue:timers",
                "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"gone\", \"wakeUp\": 1}}")),
                Tasks.status(200))).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(log()).contains("wake-up of an unknown task");
    }

    @Test
    void an_attempt_whose_next_timer_could_not_be_set_is_told_of_and_comes_again() throws IOException {
        store.add(Tasks.scheduled());
        timers.fallSilent();

        String answer = handle(batch(message("m1", "queue:timers",
                "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": 1}}".formatted(Tasks.ID))),
                Tasks.status(503));

        assertThat(answer).contains("m1");
        assertThat(log()).contains("attempt made", "\"LatenessMs\":20", "a message was not handled",
                "the timers are silent");
    }

    /** The first webhook answers only when the second has been called. */
    @Test
    void a_slow_webhook_holds_up_no_other_of_its_batch() throws IOException {
        TaskId other = new SequentialTaskIds().next(Tasks.CREATED);
        store.add(Tasks.scheduled());
        store.add(Tasks.scheduled(other));
        CountDownLatch called = new CountDownLatch(1);
        Actions waiting = attempt -> {
            if (attempt.task().equals(other)) {
                called.countDown();
                return Tasks.status(200);
            }
            return Tasks.status(wasCalled(called) ? 200 : 500);
        };

        handle(batch(message("m1", "queue:line", EVENT.formatted(Tasks.ID)),
                message("m2", "queue:line", EVENT.formatted(other))), waiting);

        assertThat(store.find(Tasks.ID).orElseThrow().state()).isInstanceOf(Completed.class);
    }

    private static boolean wasCalled(CountDownLatch called) {
        try {
            return called.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void how_late_an_attempt_was_at_each_stage_is_told_as_a_metric() throws IOException {
        store.add(Tasks.scheduled());
        clock.advance(Duration.ofMillis(7));

        handle(EVENT.formatted(Tasks.ID), Tasks.status(200));

        assertThat(log())
                .contains("\"Precision\":\"second\",\"LatenessMsWoken\":7,\"LatenessMsClaimed\":7,\"LatenessMs\":20");
    }

    @Test
    void what_came_early_to_wait_was_not_late() throws IOException {
        store.add(Tasks.scheduled());
        clock.advance(Duration.ofSeconds(-1));

        handle(EVENT.formatted(Tasks.ID), Tasks.status(200));

        assertThat(log()).contains("\"LatenessMsWoken\":0,\"LatenessMsClaimed\":0,\"LatenessMs\":20");
    }

    @Test
    void a_message_on_which_a_service_was_silent_is_named_and_comes_again() throws IOException {
        store.then(Fault.BEFORE);

        assertThat(handle(batch(message("m1", "queue:line", EVENT.formatted(Tasks.ID))), Tasks.status(200)))
                .contains("m1");
    }

    @ParameterizedTest
    @MethodSource("senders")
    void the_history_says_who_sent_the_wake_up(String queue, String body, WokenBy by) throws IOException {
        store.add(Tasks.scheduled());

        handle(batch(message("m1", queue, body)), Tasks.status(200));

        assertThat(store.find(Tasks.ID).orElseThrow().history())
                .contains(new TaskEvent.AttemptStarted(Tasks.RUN_AT.plusMillis(20), 1, by));
        assertThat(log()).contains("\"woken_by\":\"" + by.name().toLowerCase(Locale.ROOT) + "\"");
    }

    static List<Object[]> senders() {
        String timer = EVENT.formatted(Tasks.ID);
        String givenUp = "{\"version\": \"1.0\", \"requestContext\": {\"condition\": \"RetriesExhausted\"}, \"requestPayload\": "
                + timer + "}";
        return List.of(new Object[]{"queue:line", timer, WokenBy.TIMER},
                new Object[]{"queue:line", timer.replace("custom.scheduler", "custom.reconciler"), WokenBy.RECONCILER},
                new Object[]{TIMER_DEAD_LETTERS, timer, WokenBy.DEAD_LETTER},
                new Object[]{"queue:failures", givenUp, WokenBy.DEAD_LETTER});
    }

    @Test
    void a_timer_that_comes_late_gets_in_line_and_its_turn_is_not_late() throws IOException {
        store.add(Tasks.scheduled());
        clock.advance(Task.GRACE);

        assertThat(handle(EVENT.formatted(Tasks.ID), Tasks.status(200)))
                .isEqualTo("\"woken late, sent to the line of wake-ups\"");
        assertThat(line.sent()).containsExactly(new WakeUp(Tasks.ID, WokenBy.TIMER, clock.instant()));
        handle(batch(message("m1", "queue:line", EVENT.formatted(Tasks.ID))), Tasks.status(200));

        assertThat(store.find(Tasks.ID).orElseThrow().state()).isInstanceOf(Completed.class);
    }

    private static String message(String id, String queue, String body) {
        return "{\"messageId\": \"%s\", \"eventSourceARN\": \"%s\", \"body\": \"%s\"}".formatted(id, queue,
                body.replace("\"", "\\\""));
    }

    private static String batch(String... messages) {
        return "{\"Records\": [" + String.join(",", messages) + "]}";
    }

    @Test
    void the_sample_event_is_of_the_form_that_is_understood() throws IOException {
        String sample = Files.readString(Path.of("events/task-execution-event.json"));

        assertThat(handle(sample, Tasks.status(200))).isEqualTo("\"wake-up of an unknown task\"");
    }

    private String handle(String event, AttemptResult result) throws IOException {
        return handle(event, new ScriptedActions(result));
    }

    private String handle(String event, Actions actions) throws IOException {
        ExecuteTask executeTask = Execution.of(store, timers, line, actions, clock,
                () -> UUID.randomUUID().toString());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(logged, true, StandardCharsets.UTF_8);
        new ExecuteTaskHandler(executeTask, TIMER_DEAD_LETTERS, new Log(clock, out), new Metrics("tasks", clock, out))
                .handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output,
                        new NoContext());
        return output.toString(StandardCharsets.UTF_8);
    }

    private String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }
}
