package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.adapter.clock.SleepingPause;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.local.RunningSystem;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.Outcome;
import io.taskscheduler.local.lambda.WiredHandlers;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Template;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two of everything at the same instant, each with its own wiring, as two processes have it, on the table, the timers and the line of one running
 * system. Their clock goes ahead of the system's, so that what they see as due its own timers have not touched.
 */
class TwoOfEverythingIT {

    private static final int REPEATED = 50;
    private static final int TASKS = 10;

    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

    private static @Nullable RunningSystem system;
    private static @Nullable Laboratory laboratory;
    private static List<ApiProcess> both = List.of();

    private final Laboratory lab = requireNonNull(laboratory);
    private final Caller caller = lab.caller();
    private final Verdicts verdicts = new Verdicts(lab);

    /** The functions as one process has them. */
    private record ApiProcess(ExecuteTaskHandler executeTask, ReconcileTasks reconcileTasks, LocalFunction api) {

        static ApiProcess start(List<FunctionResource> functions) {
            InstantSource real = InstantSource.system();
            InstantSource clock = () -> real.instant().plus(AHEAD.get());
            Map<String, String> environment = new HashMap<>(named("ExecuteTaskFunction", functions).environment());
            environment.put("AWS_REGION", "us-east-1");
            Components components = new Components(Settings.from(environment), clock, new SleepingPause(clock),
                    actions -> Webhooks.actions(clock));
            return new ApiProcess(new ExecuteTaskHandler(components), components.reconcileTasks(), new LocalFunction(
                    named("ScheduleTaskFunction", functions),
                    new WiredHandlers("us-east-1", clock, new SleepingPause(clock))));
        }

        private static FunctionResource named(String logicalId, List<FunctionResource> functions) {
            return functions.stream().filter(function -> function.logicalId().equals(logicalId)).findFirst()
                    .orElseThrow();
        }

        Callable<Object> wokenFor(String id) {
            byte[] event = "{\"source\": \"custom.scheduler\", \"detail\": {\"taskId\": \"%s\"}}".formatted(id)
                    .getBytes(StandardCharsets.UTF_8);
            return () -> {
                executeTask.handleRequest(new ByteArrayInputStream(event), new ByteArrayOutputStream(),
                        new NoContext());
                return id;
            };
        }

        Callable<JsonNode> asked(byte[] event) {
            return () -> switch (api.invoke(UUID.randomUUID().toString(), event)) {
                case Outcome.Answer(byte[] json) -> JsonMapper.shared().readTree(json);
                case Outcome.Failure(byte[] json) -> throw new AssertionError(new String(json, StandardCharsets.UTF_8));
                case Outcome.Throttled() -> throw new AssertionError("throttled");
            };
        }
    }

    @BeforeAll
    static void start() throws IOException {
        system = RunningSystem.start();
        Caller caller = new Caller(system.api());
        laboratory = new Laboratory(caller);
        String queues = caller.get("/_local/health").json().at("/endpoints/sqs").stringValue();
        List<FunctionResource> functions = FunctionResource.of(
                Template.read(Path.of("template.yaml")).stack(Account.local(queues), Map.of("ApiAuth", "none")));
        both = List.of(ApiProcess.start(functions), ApiProcess.start(functions));
    }

    @AfterAll
    static void end() {
        requireNonNull(laboratory).close();
        requireNonNull(system).close();
    }

    @RepeatedTest(REPEATED)
    void two_wake_ups_make_one_attempt() throws Exception {
        String inbox = inbox();
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\"");
        goAhead(Duration.ofSeconds(3_601));

        atOnce(both.stream().map(process -> process.wokenFor(id)).toList());

        assertThat(verdicts.judge(inbox, id)).contains(CutTable.Outcome.COMPLETED, CutTable.Outcome.ONE_ATTEMPT);
        assertThat(caller.deliveries(inbox)).hasSize(1);
    }

    @RepeatedTest(REPEATED / TASKS)
    void two_reconcilers_wake_each_task_once() throws Exception {
        Map<String, String> forgotten = forgottenTasks();
        goAhead(Duration.ofSeconds(10));

        List<ReconcileTasks.Report> reports = atOnce(
                both.stream().<Callable<ReconcileTasks.Report>>map(process -> process.reconcileTasks()::reconcile)
                        .toList());

        assertThat(reports.stream().flatMap(report -> report.woken().values().stream()).mapToLong(n -> n).sum())
                .isLessThanOrEqualTo(TASKS);
        caller.pass("PT1S");
        expectOneAttemptOfEach(forgotten);
    }

    @RepeatedTest(REPEATED / TASKS)
    void a_reconciler_and_late_timers_make_one_attempt_of_each_task() throws Exception {
        Map<String, String> forgotten = forgottenTasks();
        goAhead(Duration.ofSeconds(10));

        atOnce(Stream.concat(Stream.<Callable<Object>>of(both.getFirst().reconcileTasks()::reconcile),
                forgotten.keySet().stream().map(both.getLast()::wokenFor)).toList());

        caller.pass("PT1S");
        expectOneAttemptOfEach(forgotten);
    }

    @RepeatedTest(REPEATED)
    void two_processes_of_the_api_make_one_task_of_one_key() throws Exception {
        String inbox = inbox();
        byte[] event = request(inbox);
        goAhead(Duration.ZERO);

        List<JsonNode> answers = atOnce(both.stream().map(process -> process.asked(event)).toList());

        assertThat(answers).extracting(answer -> answer.get("statusCode").intValue()).containsExactlyInAnyOrder(200,
                201);
        assertThat(answers.stream().map(TwoOfEverythingIT::taskId).distinct()).hasSize(1);
        assertThat(lab.rowsFor(inbox)).containsExactly(taskId(answers.getFirst()));
        caller.pass("PT1M");
        expectOneAttemptOfEach(Map.of(taskId(answers.getFirst()), inbox));
    }

    private void expectOneAttemptOfEach(Map<String, String> tasks) {
        tasks.forEach((id, inbox) -> {
            assertThat(verdicts.judge(inbox, id)).contains(CutTable.Outcome.COMPLETED, CutTable.Outcome.ONE_ATTEMPT);
            assertThat(caller.deliveries(inbox)).hasSize(1);
        });
    }

    /** Their timers are lost, and a few seconds later they are overdue; gives each one's inbox. */
    private Map<String, String> forgottenTasks() {
        Map<String, String> tasks = new HashMap<>();
        for (int n = 0; n < TASKS; n++) {
            String inbox = inbox();
            tasks.put(caller.schedule(inbox, "\"delay\": \"PT5M\""), inbox);
        }
        tasks.keySet().forEach(lab::loseTimersOf);
        caller.pass("PT6M55S");
        return tasks;
    }

    private byte[] request(String inbox) throws IOException {
        ObjectNode event = (ObjectNode) JsonMapper.shared()
                .readTree(Files.readAllBytes(Path.of("events", "schedule-task-event.json")));
        ((ObjectNode) event.get("headers")).put("idempotency-key", inbox);
        event.put("body", "{\"action\": \"webhook\", \"payload\": {\"url\": \"%s\"}, \"delay\": \"PT30S\"}"
                .formatted(lab.url(inbox)));
        return event.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String taskId(JsonNode answer) {
        return JsonMapper.shared().readTree(answer.get("body").stringValue()).get("task_id").stringValue();
    }

    /** The two see a time that lies that far ahead of the system's. */
    private void goAhead(Duration by) {
        AHEAD.set(Duration.parse(caller.get("/_local/clock").text("offset")).plus(by));
    }

    private static <T> List<T> atOnce(List<Callable<T>> all) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(all.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(all.size())) {
            return threads.invokeAll(all.stream().<Callable<T>>map(each -> () -> {
                barrier.await();
                return each.call();
            }).toList()).stream().map(Future::resultNow).toList();
        }
    }

    private String inbox() {
        String inbox = "two-" + UUID.randomUUID();
        caller.tellInbox(inbox, "[{\"status\": 200, \"delay_ms\": %d}]".formatted(Verdicts.ANSWERS_AFTER.toMillis()));
        return inbox;
    }
}
