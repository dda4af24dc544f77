package io.taskscheduler.local.sources;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.Outcome;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What became of the items of a batch. */
final class BatchAnswer {
    private static final JsonMapper JSON = new JsonMapper();

    private BatchAnswer() {}

    /** The ids of those that failed; all of them when the function failed or its report cannot be understood. */
    static Set<String> failed(Outcome outcome, List<String> ids, boolean reportsFailures) {
        return switch (outcome) {
            case Outcome.Answer answer when reportsFailures ->
                reported(answer.json(), ids).orElseGet(() -> new LinkedHashSet<>(ids));
            case Outcome.Answer _ -> Set.of();
            case Outcome.Failure _,Outcome.Throttled _ -> new LinkedHashSet<>(ids);
        };
    }

    /** Says on the terminal that a run failed. */
    static void show(LocalFunction function, Outcome outcome) {
        if (outcome instanceof Outcome.Failure failure) {
            System.err.println(function.resource().name() + " failed: "
                    + new String(failure.json(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /** Empty when Lambda would not understand it either. */
    private static Optional<Set<String>> reported(byte[] json, List<String> ids) {
        JsonNode answer;
        try {
            answer = JSON.readTree(json);
        } catch (JacksonException e) {
            return Optional.empty();
        }
        JsonNode items = answer.path("batchItemFailures");
        if (answer.isNull() || (answer.isObject() && (items.isMissingNode() || items.isNull()))) {
            return Optional.of(Set.of());
        }
        Set<String> failed = new LinkedHashSet<>();
        items.valueStream().map(item -> item.path("itemIdentifier").asString("")).forEach(failed::add);
        return items.isArray() && ids.containsAll(failed) ? Optional.of(failed) : Optional.empty();
    }
}
