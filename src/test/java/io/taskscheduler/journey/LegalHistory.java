package io.taskscheduler.journey;

import static java.util.Map.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The histories that a task can have, as the API shows them. A second opinion beside the domain's: it knows only the API's words, and what may
 * follow what.
 *
 * <p>It also holds the dates to the promises: nothing starts before its time, no attempt counts as lost while its lease may be alive, and the
 * view agrees with its history.
 */
public final class LegalHistory {

    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);
    private static final Set<String> UNSURE = Set.of("timeout", "connection_closed", "invalid_response", "io_error");

    private enum Place {
        NOTHING, WAITING, RUNNING, SUCCEEDED, NOT_SUCCEEDED, LOST, COMPLETED, FAILED, EXPIRED
    }

    private static final Map<Place, Map<String, Place>> MOVES = Map.of(
            Place.NOTHING, Map.of("task_scheduled", Place.WAITING, "task_failed", Place.FAILED),
            Place.WAITING, Map.of("attempt_started", Place.RUNNING, "task_expired", Place.EXPIRED,
                    "task_failed", Place.FAILED),
            Place.RUNNING, Map.of("attempt_succeeded", Place.SUCCEEDED, "attempt_failed", Place.NOT_SUCCEEDED,
                    "attempt_lost", Place.LOST),
            Place.SUCCEEDED, Map.of("task_completed", Place.COMPLETED),
            Place.NOT_SUCCEEDED, Map.of("retry_scheduled", Place.WAITING, "task_failed", Place.FAILED),
            Place.LOST, Map.of("attempt_started", Place.RUNNING, "task_failed", Place.FAILED));

    /** The status at a history's end; where there is none it cannot end, because one write stores both lines. */
    private static final Map<Place, String> STATUS = Map.ofEntries(entry(Place.WAITING, "scheduled"),
            entry(Place.LOST, "scheduled"), entry(Place.RUNNING, "running"), entry(Place.COMPLETED, "completed"),
            entry(Place.FAILED, "failed"), entry(Place.EXPIRED, "expired"));

    private final JsonNode task;
    private final List<JsonNode> events;
    private final List<String> faults = new ArrayList<>();
    private Place place = Place.NOTHING;
    private int attempt;
    private Instant latest = Instant.MIN;
    private Instant notBefore;

    private LegalHistory(JsonNode task) {
        this.task = task;
        this.events = task.get("history").valueStream().toList();
        this.notBefore = time(task, "run_at");
    }

    /** An {@link AssertionError} with all that is wrong and with the whole task; nothing when it is legal. */
    public static void check(JsonNode task) {
        List<String> faults = faults(task);
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults) + "\nin " + task.toPrettyString());
        }
    }

    /**
     * All that is wrong with a task's history.
     *
     * @param task the task's view, as {@code GET /tasks/{task_id}} answers it
     */
    public static List<String> faults(JsonNode task) {
        LegalHistory history = new LegalHistory(task);
        history.events.forEach(history::follow);
        history.end();
        return List.copyOf(history.faults);
    }

    /** Whether what stands before that attempt says that an earlier one may have reached the receiver without an answer. */
    public static boolean mayBeDuplicate(JsonNode task, int attempt) {
        return task.get("history").valueStream()
                .takeWhile(e -> !(is(e, "attempt_started") && e.get("attempt").intValue() == attempt))
                .anyMatch(e -> is(e, "attempt_lost")
                        || (is(e, "attempt_failed") && UNSURE.contains(e.at("/result/error").asString(""))));
    }

    private void follow(JsonNode event) {
        String type = event.get("type").stringValue();
        Place next = MOVES.getOrDefault(place, Map.of()).get(type);
        if (next == null) {
            fault(event, "cannot follow when " + place);
            return;
        }
        dates(event);
        facts(event, type);
        place = next;
    }

    private void dates(JsonNode event) {
        Instant at = time(event, "at");
        // What began after it had been given up stands at its real beginning.
        if (is(event, "attempt_started") && cameBackLate(event.get("attempt").intValue())) {
            return;
        }
        expect(event, !at.isBefore(latest), "stands before the line above it");
        latest = at;
    }

    private void facts(JsonNode event, String type) {
        int most = task.at("/retry/max_attempts").asInt(1);
        switch (type) {
            case "attempt_started" -> {
                attempt++;
                expect(event, event.get("attempt").intValue() == attempt, "is not attempt " + attempt);
                expect(event, attempt <= most, "is one attempt too many");
                expect(event, !time(event, "at").isBefore(notBefore), "began before " + notBefore);
                expect(event, Set.of("timer", "reconciler", "dead_letter").contains(event.get("by").stringValue()),
                        "was started by nobody we know");
            }
            case "attempt_succeeded" -> ended(event, isSuccess(event));
            case "attempt_failed" -> ended(event, !isSuccess(event));
            case "attempt_lost" -> ended(event, cameBackLate(attempt) || !time(event, "at").isBefore(leaseEnd()));
            case "retry_scheduled" -> {
                notBefore = time(event, "next_attempt_at");
                expect(event, attempt < most, "is one attempt too many");
                expect(event, notBefore.isAfter(time(event, "at")), "lies in the past");
            }
            case "task_failed" -> expect(event, isReason(event.get("reason").stringValue(), most),
                    "gives a reason that is none");
            case "task_expired" -> {
                expect(event, attempt == 0, "had been started");
                expect(event, !time(event, "at").isBefore(time(task, "expires_at")), "came too early");
            }
            default -> {
            }
        }
    }

    private void ended(JsonNode event, boolean rightly) {
        expect(event, event.get("attempt").intValue() == attempt, "is not attempt " + attempt);
        expect(event, rightly, "does not fit its result or its lease");
    }

    private boolean isReason(String reason, int most) {
        return switch (reason) {
            case "attempts_exhausted" -> (place == Place.NOT_SUCCEEDED || place == Place.LOST) && attempt == most;
            case "not_retryable" -> place == Place.NOT_SUCCEEDED;
            case "invalid_task" -> place == Place.NOTHING || place == Place.WAITING || place == Place.LOST;
            default -> false;
        };
    }

    private void end() {
        String status = task.get("status").stringValue();
        if (!status.equals(STATUS.get(place))) {
            faults.add("the status is " + status + " and the history ends when " + place);
        }
        if (task.get("attempts").intValue() != attempt) {
            faults.add("the task counts " + task.get("attempts") + " attempts, the history " + attempt);
        }
        boolean isFinal = Set.of(Place.COMPLETED, Place.FAILED, Place.EXPIRED).contains(place);
        if (isFinal != task.has("finished_at") || (isFinal && !time(task, "finished_at").equals(latest))) {
            faults.add("finished_at does not tell of the end of the history");
        }
    }

    private boolean cameBackLate(int which) {
        return events.stream().anyMatch(
                e -> is(e, "attempt_lost") && e.get("attempt").intValue() == which && e.has("result"));
    }

    private Instant leaseEnd() {
        Instant started = events.stream()
                .filter(e -> is(e, "attempt_started") && e.get("attempt").intValue() == attempt)
                .map(e -> time(e, "at")).findFirst().orElseThrow();
        return started.plusSeconds(task.at("/payload/timeout_seconds").asInt(0)).plus(LEASE_MARGIN);
    }

    private static boolean isSuccess(JsonNode event) {
        return event.at("/result/status_code").asInt(0) / 100 == 2;
    }

    private static boolean is(JsonNode event, String type) {
        return event.get("type").stringValue().equals(type);
    }

    private static Instant time(JsonNode from, String member) {
        return Instant.parse(from.get(member).stringValue());
    }

    private void expect(JsonNode event, boolean right, String otherwise) {
        if (!right) {
            fault(event, otherwise);
        }
    }

    private void fault(JsonNode event, String what) {
        faults.add(event + " " + what);
    }
}
