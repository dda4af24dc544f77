package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what {@code POST /schedule-tasks} was sent: an object whose {@code tasks} are read one by one, each as if it had come alone. The whole is
 * refused only when it is no such object, or has none or too many of them.
 */
public final class BatchRequest {

    /** Source: the API's contract. The answer shows all of it, escaped as JSON within JSON, and may have 6 MB (AWS, "Lambda quotas"). */
    static final int MOST_BYTES = 2 * 1_024 * 1_024;

    static final int MOST_TASKS = 100;

    // What is wrong inside an entry is that entry's: the limits here are only those of the whole.
    private static final JsonFactory FACTORY = JsonParsing.factory()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_BYTES)
                    .maxNumberLength(MOST_BYTES).maxStringLength(MOST_BYTES).maxNameLength(MOST_BYTES).build())
            .build();

    private BatchRequest() {}

    /** What a request turned out to be. */
    public sealed interface Reading {

        record Valid(List<TaskRequest.Reading> tasks) implements Reading {

            public Valid {
                tasks = List.copyOf(tasks);
            }
        }

        record Refused(Problem problem) implements Reading {}
    }

    /**
     * Reads it.
     *
     * @param rules the operator's
     */
    public static Reading read(APIGatewayV2HTTPEvent event, TaskRules rules, Instant now) {
        if (Body.header(event, "idempotency-key").isPresent()) {
            return new Reading.Refused(Problem.validation(List.of(new Violation("Idempotency-Key",
                    "cannot stand for several tasks: give each its own idempotency_key"))));
        }
        return switch (Body.of(event, MOST_BYTES)) {
            case Body.Content.Refused(Problem problem) -> new Reading.Refused(problem);
            case Body.Content.Text(String text) -> read(text, rules, now);
        };
    }

    private static Reading read(String text, TaskRules rules, Instant now) {
        List<Violation> faults = new ArrayList<>();
        List<String> tasks = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Reading.Refused(Problem.malformed("The body must be a JSON object with the member tasks."));
            }
            boolean hasTasks = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!name.equals("tasks")) {
                    faults.add(new Violation(name, "is not known here; known are tasks"));
                    parser.skipChildren();
                } else if (hasTasks || value != JsonToken.START_ARRAY) {
                    faults.add(new Violation(name, hasTasks ? "stands there twice" : "must be an array"));
                    parser.skipChildren();
                } else {
                    tasks.addAll(elements(parser, text));
                }
                hasTasks = hasTasks || name.equals("tasks");
            }
            if (parser.nextToken() != null) {
                return new Reading.Refused(
                        Problem.malformed("The body is not valid JSON: something follows the document."));
            }
            if (!hasTasks) {
                faults.add(new Violation("tasks", "is required: the tasks, each as for POST /schedule-task"));
            }
        } catch (JacksonException fault) {
            return new Reading.Refused(Problem.malformed(Json.why(fault)));
        }
        if (faults.isEmpty() && (tasks.isEmpty() || tasks.size() > MOST_TASKS)) {
            faults.add(new Violation("tasks", "must be 1 to " + MOST_TASKS + ", are " + tasks.size()));
        }
        return faults.isEmpty()
                ? new Reading.Valid(tasks.stream().map(task -> TaskRequest.readEntry(task, rules, now)).toList())
                : new Reading.Refused(Problem.validation(faults));
    }

    /** The texts of the elements, as they were written. */
    private static List<String> elements(JsonParser parser, String text) {
        List<String> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int from = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
            parser.skipChildren();
            parser.finishToken();
            elements.add(text.substring(from, Math.toIntExact(parser.currentLocation().getCharOffset())).strip());
        }
        return elements;
    }
}
