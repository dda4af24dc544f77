package io.taskscheduler.handler;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metrics that the handlers really write, each time they run: what the template's alarms may look at. */
public final class EmittedMetrics {

    private static final String TABLE = "the-table";

    private EmittedMetrics() {}

    /**
     * A metric of our own.
     *
     * @param handler the class that writes it
     */
    public record Emitted(String handler, String namespace, String name, Set<String> dimensions) {}

    /** Those of one run of each, in which the reconciler and the adopter had nothing to do. */
    public static List<Emitted> all() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        ManualClock clock = new ManualClock(Tasks.CREATED);
        Metrics metrics = new Metrics(TABLE, clock, out);
        InMemoryTaskStore store = new InMemoryTaskStore();
        try {
            new ReconcileTasksHandler(
                    new ReconcileTasks(store, store, new RecordingWakeUps(clock), clock, () -> "a", 50), metrics)
                    .handleRequest(input("{}"), new ByteArrayOutputStream(), new NoContext());
            List<Emitted> reconciler = emitted(ReconcileTasksHandler.class, written.toString(StandardCharsets.UTF_8));
            written.reset();
            new AdoptTaskHandler(new AdoptTask(new NoRows(), store, new RecordingTimers(), clock),
                    Webhooks.RULES, clock,
                    new Log(clock, out), metrics)
                    .handleRequest(input("{\"Records\": []}"), new ByteArrayOutputStream(), new NoContext());
            List<Emitted> adopter = emitted(AdoptTaskHandler.class, written.toString(StandardCharsets.UTF_8));
            written.reset();
            store.add(Tasks.scheduled());
            clock.moveTo(Tasks.RUN_AT);
            new ExecuteTaskHandler(Execution.of(store, new RecordingTimers(), new RecordingWakeUps(clock),
                    new ScriptedActions(Tasks.status(200)), clock, () -> "a"), "none", new Log(clock, out), metrics)
                    .handleRequest(input("{\"detail\": {\"taskId\": \"" + Tasks.ID + "\"}}"),
                            new ByteArrayOutputStream(), new NoContext());
            List<Emitted> executor = emitted(ExecuteTaskHandler.class, written.toString(StandardCharsets.UTF_8));
            return Stream.of(reconciler, adopter, executor).flatMap(List::stream).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As CloudWatch reads its embedded metric format: what is not declared, or has no number or no value for a dimension, is no metric. */
    private static List<Emitted> emitted(Class<?> handler, String lines) {
        return lines.lines().map(new JsonMapper()::readTree).flatMap(line -> emitted(handler, line)).toList();
    }

    private static Stream<Emitted> emitted(Class<?> handler, JsonNode json) {
        return json.path("_aws").path("CloudWatchMetrics").valueStream()
                .flatMap(set -> set.path("Dimensions").valueStream().flatMap(names -> {
                    Set<String> dimensions = names.valueStream().map(JsonNode::stringValue)
                            .filter(name -> !json.path(name).asString("").isEmpty()).collect(Collectors.toSet());
                    return set.path("Metrics").valueStream().map(metric -> metric.path("Name").asString())
                            .filter(name -> json.path(name).isNumber())
                            .map(name -> new Emitted(handler.getName(), set.path("Namespace").asString(), name,
                                    dimensions));
                }));
    }

    private static ByteArrayInputStream input(String event) {
        return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
    }

    private static final class NoRows implements ForeignRows {

        @Override
        public Optional<Row> find(String id) {
            return Optional.empty();
        }

        @Override
        public boolean replace(Row row, Task task) {
            throw new AssertionError("there is no row");
        }

        @Override
        public boolean refuse(Row row, List<Violation> violations, boolean redact, Instant now) {
            throw new AssertionError("there is no row");
        }
    }
}
