package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.CutTable.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Judges tasks that have come to their end, once right after their cut and once more when everything has been quiet for long. */
final class Verdicts {

    /** Short, because the time is real; long enough that two calls at once would be seen. */
    static final Duration ANSWERS_AFTER = Duration.ofMillis(20);

    private final Laboratory laboratory;
    private final Map<String, Seen> judged = new ConcurrentHashMap<>();

    private record Seen(String inbox, JsonNode task, int deliveries) {}

    Verdicts(Laboratory laboratory) {
        this.laboratory = laboratory;
    }

    /** The task is final, its history is legal, and its receiver agrees; gives what is counted of it. */
    List<Outcome> judge(String inbox, String id) {
        JsonNode task = laboratory.caller().task(id).json();
        List<JsonNode> deliveries = laboratory.caller().deliveries(inbox);
        assertThat(task.get("status").stringValue()).as("%s", task).isIn("completed", "failed", "expired");
        LegalHistory.check(task);
        Witness.check(task, deliveries, ANSWERS_AFTER);
        judged.put(id, new Seen(inbox, task, deliveries.size()));
        return outcomes(task, deliveries);
    }

    /** Nothing has happened to any of them since. */
    void judgeAgain() {
        judged.forEach((id, seen) -> {
            assertThat(laboratory.caller().task(id).json()).isEqualTo(seen.task());
            assertThat(laboratory.caller().deliveries(seen.inbox())).hasSize(seen.deliveries());
        });
    }

    private static List<Outcome> outcomes(JsonNode task, List<JsonNode> deliveries) {
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(task.get("status").stringValue().equals("completed") ? Outcome.COMPLETED : Outcome.FAILED);
        int attempts = task.get("attempts").intValue();
        if (attempts > 0) {
            outcomes.add(attempts == 1
                    ? Outcome.ONE_ATTEMPT
                    : attempts == 2
                            ? Outcome.TWO_ATTEMPTS
                            : attempts == 3 ? Outcome.THREE_ATTEMPTS : Outcome.MORE_ATTEMPTS);
            String by = task.get("history").valueStream().map(event -> event.path("by").asString(""))
                    .collect(Collectors.joining(" "));
            outcomes.add(by.contains("dead_letter")
                    ? Outcome.BY_DEAD_LETTER
                    : by.contains("reconciler") ? Outcome.BY_RECONCILER : Outcome.BY_TIMER);
        }
        if (Witness.extraCalls(task, deliveries) > 0) {
            outcomes.add(Outcome.EXTRA_CALLS);
        }
        return outcomes;
    }
}
