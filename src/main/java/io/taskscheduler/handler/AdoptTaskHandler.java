package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.app.AdoptTask.Outcome;
import io.taskscheduler.app.AdoptTask.Reading;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.handler.Metrics.Value;
import io.taskscheduler.handler.http.JsonParsing;
import io.taskscheduler.handler.http.RowRequest;
import io.taskscheduler.handler.http.TaskRules;
import io.taskscheduler.wiring.Components;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adopts the rows that another program put into the table, as the table's stream tells of them. Of a batch all records are handled; the first
 * one that failed for want of a service is named, and Lambda begins there again.
 */
public final class AdoptTaskHandler implements RequestStreamHandler {

    private static final JsonMapper MAPPER = JsonParsing.mapper();

    private static final Set<String> MEMBERS = Set.of("task_id", "action", "payload", "url", "data", "method",
            "headers", "timeout_seconds", "run_at", "timezone", "expires_at", "precision", "retry", "max_attempts",
            "initial_delay_seconds", "backoff_rate", "max_delay_seconds", "labels", "redact");

    private final AdoptTask adoptTask;
    private final TaskRules rules;
    private final InstantSource clock;
    private final Log log;
    private final Metrics metrics;

    /** What Lambda calls. */
    public AdoptTaskHandler() {
        this(Components.ofEnvironment());
    }

    public AdoptTaskHandler(Components components) {
        this(components.adoptTask(),
                new TaskRules(components.settings().precision(), components.settings().destinations()),
                components.clock(),
                new Log(components.clock(), System.out),
                new Metrics(components.settings().tableName(), components.clock(), System.out));
    }

    AdoptTaskHandler(AdoptTask adoptTask, TaskRules rules, InstantSource clock, Log log, Metrics metrics) {
        this.adoptTask = adoptTask;
        this.rules = rules;
        this.clock = clock;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        long adopted = 0;
        long refused = 0;
        List<String> failed = List.of();
        for (JsonNode record : MAPPER.readTree(input).path("Records")) {
            try {
                switch (adopt(record.path("dynamodb"), context)) {
                    case Outcome.Adopted row -> adopted++;
                    case Outcome.Refused row -> refused++;
                    case Outcome.NothingToDo() -> {
                    }
                }
            } catch (RuntimeException e) {
                String sequenceNumber = record.path("dynamodb").path("SequenceNumber").asString("");
                log.error("a row was not adopted", Map.of("sequence_number", sequenceNumber, "request_id",
                        context.getAwsRequestId()), e);
                failed = failed.isEmpty() ? List.of(sequenceNumber) : failed;
            }
        }
        metrics.put(Map.of("RowsAdopted", Value.count(adopted), "RowsRefused", Value.count(refused)));
        output.write(BatchAnswer.json(failed).getBytes(StandardCharsets.UTF_8));
    }

    private Outcome adopt(JsonNode change, Context context) {
        JsonNode key = change.path("Keys").path("task_id").path("S");
        if (!key.isString()) {
            throw new IllegalArgumentException("the record holds no key task_id");
        }
        Instant putAt = change.path("ApproximateCreationDateTime").isNumber()
                ? Instant.ofEpochMilli((long) (change.path("ApproximateCreationDateTime").doubleValue() * 1_000))
                : clock.instant();
        Outcome outcome = adoptTask.adopt(key.stringValue(), row -> read(row, putAt, context));
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("task_id", key.stringValue());
        said.put("request_id", context.getAwsRequestId());
        log.info(describe(outcome, said), said);
        return outcome;
    }

    /** A row on which the reader itself fails would come again and again, and hold up all that were put after it. */
    private Reading read(String row, Instant putAt, Context context) {
        try {
            return RowRequest.read(row, rules, putAt);
        } catch (RuntimeException unforeseen) {
            log.error("a row could not be read", Map.of("request_id", context.getAwsRequestId()), unforeseen);
            return new Reading.Invalid("", List.of(new Violation("", "cannot be read; the fault is on this side")),
                    row.contains("\"redact\""));
        }
    }

    /** A name that another program made up may say as much as a value: of it the log holds where it stands. */
    private static String known(Violation violation) {
        return Stream.of(violation.member().split("\\.", -1)).takeWhile(MEMBERS::contains)
                .collect(Collectors.joining("."));
    }

    private static String describe(Outcome outcome, Map<String, Object> said) {
        return switch (outcome) {
            case Outcome.Adopted(Task task) -> {
                said.put("run_at", task.runAt());
                yield "row adopted";
            }
            case Outcome.Refused(List<Violation> violations) -> {
                said.put("members", String.join(",", violations.stream().map(AdoptTaskHandler::known).toList()));
                yield "row refused";
            }
            case Outcome.NothingToDo() -> "row is gone or a task already";
        };
    }
}
