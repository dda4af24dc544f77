package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import io.taskscheduler.journey.HistoryLines.Started;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        List<Started> made = HistoryLines.of(task).attempts();
        List<Optional<Started>> of = deliveries.stream().map(delivery -> of(delivery, made)).toList();
        assertThat(of).as("each call of %s belongs to an attempt of its own, in order: %s", task, deliveries)
                .allMatch(Optional::isPresent).extracting(each -> each.map(Started::line).orElse(-1)).isSorted()
                .doesNotHaveDuplicates();
        assertThat(of).as("the receiver saw what the history claims").containsAll(answered(task, made));
        Instant free = Instant.MIN;
        for (JsonNode delivery : deliveries) {
            assertThat(header(delivery, "webhook-id")).isEqualTo(task.get("task_id").stringValue());
            assertThat(header(delivery, "task-possible-duplicate").equals("true")).as("attempt %s of %s",
                    attempt(delivery), task).isEqualTo(
                            of(delivery, made)
                                    .filter(each -> HistoryLines.of(task).mayHaveReachedReceiverBefore(each.line()))
                                    .isPresent());
            Instant at = Instant.parse(delivery.get("received_at").stringValue());
            assertThat(at).as("two calls at once: %s", deliveries).isAfterOrEqualTo(free);
            free = at.plus(answerAfter);
        }
    }

    /** Calls of which the history does not know how they were answered. */
    static long extraCalls(JsonNode task, List<JsonNode> deliveries) {
        List<Started> made = HistoryLines.of(task).attempts();
        Set<Optional<Started>> answered = answered(task, made);
        return deliveries.stream().filter(delivery -> !answered.contains(of(delivery, made))).count();
    }

    private static Set<Optional<Started>> answered(JsonNode task, List<Started> made) {
        List<JsonNode> lines = HistoryLines.of(task).all();
        return IntStream.range(0, lines.size())
                .filter(line -> lines.get(line).at("/result/kind").asString("").equals("response"))
                .mapToObj(line -> made.reversed().stream().filter(each -> each.line() < line
                        && each.attempt() == lines.get(line).get("attempt").intValue()).findFirst())
                .collect(Collectors.toSet());
    }

    /** The attempt that the call says it is. Which round it belongs to is told by the time it was wanted for. */
    private static Optional<Started> of(JsonNode delivery, List<Started> made) {
        Instant wanted = Instant.parse(header(delivery, "task-scheduled-at"));
        return made.stream().filter(each -> each.attempt() == attempt(delivery))
                .filter(each -> each.runAt().isEmpty() || each.runAt().get().equals(wanted))
                .max(Comparator.comparing(each -> each.runAt().isPresent()));
    }

    private static int attempt(JsonNode delivery) {
        return Integer.parseInt(header(delivery, "task-attempt"));
    }

    private static String header(JsonNode delivery, String name) {
        return delivery.get("headers").path(name).asString("");
    }
}
