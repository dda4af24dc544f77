package io.taskscheduler.journey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The lines of a history as the API shows them, in rounds: each round is what the task does for one {@code run_at}. The view tells of the last
 * one only.
 */
record HistoryLines(JsonNode task, List<JsonNode> all) {

    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final int MOST_ATTEMPTS = 20;
    private static final Set<String> ROUND_BEGINS = Set.of("task_rescheduled", "task_run_again");
    private static final Set<String> UNSURE = Set.of("timeout", "connection_closed", "invalid_response", "io_error");

    /**
     * An attempt that was started.
     *
     * @param line  where it stands
     * @param runAt of its round; empty for the first of several rounds: its time was overwritten
     */
    record Started(int line, int attempt, Optional<Instant> runAt) {}

    static HistoryLines of(JsonNode task) {
        return new HistoryLines(task, task.get("history").valueStream().toList());
    }

    boolean isInLastRound(int line) {
        return IntStream.range(line + 1, all.size()).noneMatch(this::beginsRound);
    }

    /** When the first attempt of the line's round was wanted; empty when it is not known any more. */
    Optional<Instant> runAt(int line) {
        for (int i = line; i >= 0; i--) {
            JsonNode event = all.get(i);
            if (beginsRound(i)) {
                String member = is(event, "task_rescheduled") ? "next_attempt_at" : "at";
                return event.has(member) ? Optional.of(time(event, member)) : Optional.empty();
            }
        }
        return isInLastRound(line) ? Optional.of(time(task, "run_at")) : Optional.empty();
    }

    /** Whether what the view shows of the member was in force at the line already. */
    boolean isStillInForce(int line, String member) {
        return !isCut() && all.subList(line, all.size()).stream().filter(event -> is(event, "task_edited"))
                .noneMatch(event -> changed(event).contains(member));
    }

    /** How many attempts a round may have, as far as is known at the line. */
    int mostAttempts(int line) {
        return isStillInForce(line, "retry") ? task.at("/retry/max_attempts").asInt(1) : MOST_ATTEMPTS;
    }

    /** How long an attempt of the line's holds the task at least. */
    Duration shortestLease(int line) {
        return (isStillInForce(line, "payload")
                ? Duration.ofSeconds(task.at("/payload/timeout_seconds").asInt(0))
                : SHORTEST_TIMEOUT).plus(LEASE_MARGIN);
    }

    boolean isCut() {
        return all.size() > 1 && is(all.get(1), "history_cut");
    }

    /** Whether the attempt of the line's round was given up and had something to say after all. */
    boolean cameBackLate(int line, int attempt) {
        int first = line;
        while (first > 0 && !beginsRound(first)) {
            first--;
        }
        for (int i = first + 1; i < all.size() && !beginsRound(i); i++) {
            JsonNode event = all.get(i);
            if (is(event, "attempt_lost") && event.get("attempt").intValue() == attempt && event.has("result")) {
                return true;
            }
        }
        return false;
    }

    /** In order. */
    List<Started> attempts() {
        List<Started> started = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (is(all.get(i), "attempt_started")) {
                started.add(new Started(i, all.get(i).get("attempt").intValue(), runAt(i)));
            }
        }
        return started;
    }

    /** Whether what stands before the line says that an attempt may have reached the receiver without an answer. */
    boolean mayHaveReachedReceiverBefore(int line) {
        return all.subList(0, line).stream().anyMatch(event -> is(event, "attempt_lost")
                || (is(event, "attempt_failed") && UNSURE.contains(event.at("/result/error").asString("")))
                || (is(event, "history_cut") && event.get("failed_attempts").intValue() > 0));
    }

    boolean beginsRound(int line) {
        return ROUND_BEGINS.contains(all.get(line).get("type").stringValue());
    }

    static List<String> changed(JsonNode event) {
        return event.path("changed").valueStream().map(JsonNode::stringValue).toList();
    }

    static boolean is(JsonNode event, String type) {
        return event.get("type").stringValue().equals(type);
    }

    static Instant time(JsonNode from, String member) {
        return Instant.parse(from.get(member).stringValue());
    }
}
