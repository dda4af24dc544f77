package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Holds what a receiver saw of a task against what the task says of it. */
final class Witness {

    private Witness() {}

    /**
     * Fails unless both tell the same story.
     *
     * @param task        the task's view
     * @param deliveries  the requests that came for it, in order
     * @param answerAfter how long the receiver took for each answer: a request that came sooner after another was at the same time as it
     */
    static void check(JsonNode task, List<JsonNode> deliveries, Duration answerAfter) {
        List<Integer> attempts = deliveries.stream().map(Witness::attempt).toList();
        int recorded = task.get("attempts").intValue();
        assertThat(attempts).as("each call belongs to an attempt of its own, in order").isSorted()
                .doesNotHaveDuplicates()
                .allMatch(attempt -> attempt >= 1 && attempt <= recorded);
        assertThat(Set.copyOf(attempts)).as("the receiver saw what the history claims").containsAll(answered(task));
        Instant free = Instant.MIN;
        for (JsonNode delivery : deliveries) {
            assertThat(header(delivery, "webhook-id")).isEqualTo(task.get("task_id").stringValue());
            assertThat(header(delivery, "task-possible-duplicate").equals("true")).as("attempt %s of %s",
                    attempt(delivery), task).isEqualTo(LegalHistory.mayBeDuplicate(task, attempt(delivery)));
            Instant at = Instant.parse(delivery.get("received_at").stringValue());
            assertThat(at).as("two calls at once: %s", deliveries).isAfterOrEqualTo(free);
            free = at.plus(answerAfter);
        }
    }

    /** Calls of which the history does not know how they were answered. */
    static long extraCalls(JsonNode task, List<JsonNode> deliveries) {
        Set<Integer> answered = answered(task);
        return deliveries.stream().filter(delivery -> !answered.contains(attempt(delivery))).count();
    }

    private static Set<Integer> answered(JsonNode task) {
        return task.get("history").valueStream()
                .filter(event -> event.at("/result/kind").asString("").equals("response"))
                .map(event -> event.get("attempt").intValue()).collect(Collectors.toSet());
    }

    private static int attempt(JsonNode delivery) {
        return Integer.parseInt(header(delivery, "task-attempt"));
    }

    private static String header(JsonNode delivery, String name) {
        return delivery.get("headers").path(name).asString("");
    }
}
