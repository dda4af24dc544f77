package io.taskscheduler.journey;

import static io.taskscheduler.journey.HistoryLines.is;
import static io.taskscheduler.journey.HistoryLines.time;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The histories that a task can have, as the API shows them. A second opinion beside the domain's: it knows only the API's words, and what may
 * follow what.
 *
 * <p>It also holds the dates to the promises: nothing starts before its time, no attempt counts as lost while its lease may be alive, and the
 * view agrees with its history. What the view shows is what was in force at the end: an earlier line is held to it only where nothing has
 * changed it since.
 */
public final class LegalHistory {

    private static final int MOST_LINES = 64;
    private static final Set<String> WAKERS = Set.of("timer", "reconciler", "dead_letter");
    private static final Set<String> EDITABLE = Set.of("payload", "precision", "expires_at", "retry", "labels",
            "redact");

    private final JsonNode task;
    private final HistoryLines lines;
    private final List<String> faults = new ArrayList<>();
    private Place place = Place.NOTHING;
    private int line;
    private int attempt;
    private int promised;
    /** Whether the attempts so far are known. */
    private boolean counted = true;
    private Instant latest = Instant.MIN;
    private Instant started = Instant.MIN;
    private Optional<Instant> due = Optional.empty();

    private LegalHistory(JsonNode task) {
        this.task = task;
        this.lines = HistoryLines.of(task);
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
        for (JsonNode event : history.lines.all()) {
            history.follow(event);
            history.line++;
        }
        history.end();
        return List.copyOf(history.faults);
    }

    private void follow(JsonNode event) {
        String type = event.get("type").stringValue();
        if (type.equals("history_cut")) {
            cut(event);
            return;
        }
        Optional<Place> next = place.after(type);
        if (next.isEmpty()) {
            fault(event, "cannot follow when " + place);
            return;
        }
        dates(event);
        facts(event, type);
        place = next.get();
    }

    /** Only former rounds and edits go: the round that is in force is whole. */
    private void cut(JsonNode event) {
        int gone = event.get("lines").intValue();
        int failed = event.get("failed_attempts").intValue();
        expect(event, line == 1, "stands in a line that is not the second");
        expect(event, gone > 1, "is not worth its own line");
        expect(event, lines.all().size() == MOST_LINES, "has cut more than it had to");
        expect(event, failed >= 0 && failed <= gone, "counts what it cannot");
        expect(event, !time(event, "at").isBefore(latest), "stands before the line above it");
        boolean former = !lines.isInLastRound(line);
        expect(event, former || failed == 0, "has forgotten an attempt of the round");
        if (former) {
            place = Place.SOMEWHERE;
            counted = false;
        }
    }

    private void dates(JsonNode event) {
        Instant at = time(event, "at");
        expect(event, !at.isBefore(latest), "stands before the line above it");
        // What began after it had been given up stands at its real beginning.
        if (!is(event, "attempt_started") || !lines.cameBackLate(line, event.get("attempt").intValue())) {
            latest = at;
        }
    }

    private void facts(JsonNode event, String type) {
        switch (type) {
            case "attempt_started" -> started(event);
            case "attempt_succeeded" -> ended(event, isSuccess(event));
            case "attempt_failed" -> ended(event, !isSuccess(event));
            case "attempt_lost" -> {
                ended(event, lines.cameBackLate(line, attempt)
                        || !time(event, "at").isBefore(started.plus(lines.shortestLease(line))));
                expect(event, WAKERS.contains(by(event)), "was found by nobody we know");
            }
            case "retry_scheduled" -> retry(event);
            case "task_failed" -> expect(event, isReason(event.get("reason").stringValue()),
                    "gives a reason that is none");
            case "task_expired" -> {
                expect(event, attempt == 0 || !counted, "had been started");
                expect(event, !lines.isInLastRound(line) || !time(event, "at").isBefore(time(task, "expires_at")),
                        "came too early");
                expect(event, WAKERS.contains(by(event)), "was found by nobody we know");
            }
            case "task_completed" -> {
            }
            default -> changed(event, type);
        }
    }

    private void started(JsonNode event) {
        count(event.get("attempt").intValue() - 1);
        attempt++;
        started = time(event, "at");
        expect(event, event.get("attempt").intValue() == attempt, "is not attempt " + attempt);
        expect(event, attempt <= Math.max(most(), promised), "is one attempt too many");
        expect(event, !started.isBefore(due.orElse(Instant.MIN)), "began before " + due);
        expect(event, WAKERS.contains(by(event)), "was started by nobody we know");
    }

    private void retry(JsonNode event) {
        Instant next = time(event, "next_attempt_at");
        expect(event, attempt < most() || place == Place.WAITING, "is one attempt too many");
        if (event.has("by")) {
            // Of a history that was cut the line may be gone that promised it for later.
            expect(event, place == Place.WAITING || lines.isCut(), "brings forward what was not promised");
            expect(event, !by(event).isBlank(), "was brought forward by nobody");
            expect(event, attempt > 0 || !counted, "is a retry of nothing");
            expect(event, next.equals(time(event, "at")), "is not brought forward to its moment");
            expect(event, next.isBefore(due.orElse(Instant.MAX)) || lines.isCut(), "brings nothing forward");
        } else {
            expect(event, place == Place.NOT_SUCCEEDED || place == Place.SOMEWHERE, "is nobody's wish");
            expect(event, next.isAfter(time(event, "at")), "lies in the past");
        }
        due = Optional.of(next);
        promised = attempt + 1;
    }

    /** What a caller did. */
    private void changed(JsonNode event, String type) {
        expect(event, !by(event).isBlank(), "was done by nobody");
        switch (type) {
            case "task_scheduled", "task_rescheduled", "task_run_again" -> {
                attempt = 0;
                counted = true;
                promised = 0;
                due = lines.runAt(line);
            }
            case "task_edited" -> {
                List<String> members = HistoryLines.changed(event);
                expect(event, !members.isEmpty() && EDITABLE.containsAll(members)
                        && Set.copyOf(members).size() == members.size(), "has changed what cannot be changed");
                // Fewer attempts than have been made: the next one was promised already.
                promised = place == Place.LOST ? attempt + 1 : promised;
            }
            default -> {
            }
        }
    }

    /** The first line that tells a number is believed when those before it are gone. */
    private void count(int told) {
        if (!counted) {
            attempt = told;
            counted = true;
        }
    }

    private void ended(JsonNode event, boolean rightly) {
        count(event.get("attempt").intValue());
        expect(event, event.get("attempt").intValue() == attempt, "is not attempt " + attempt);
        expect(event, rightly, "does not fit its result or its lease");
    }

    private boolean isReason(String reason) {
        boolean usedUp = attempt == Math.max(most(), promised)
                || (attempt >= 1 && !lines.isStillInForce(line, "retry"));
        if (place == Place.SOMEWHERE) {
            return Set.of("attempts_exhausted", "not_retryable", "invalid_task").contains(reason);
        }
        return switch (reason) {
            case "attempts_exhausted" -> (place == Place.NOT_SUCCEEDED || place == Place.LOST) && usedUp;
            case "not_retryable" -> place == Place.NOT_SUCCEEDED;
            case "invalid_task" -> place == Place.NOTHING || place == Place.WAITING || place == Place.LOST;
            default -> false;
        };
    }

    private void end() {
        String status = task.get("status").stringValue();
        if (!status.equals(place.status())) {
            faults.add("the status is " + status + " and the history ends when " + place);
        }
        if (task.get("attempts").intValue() != attempt) {
            faults.add("the task counts " + task.get("attempts") + " attempts, the history " + attempt);
        }
        if (place.isEnd() != task.has("finished_at")
                || (place.isEnd() && !time(task, "finished_at").equals(latest))) {
            faults.add("finished_at does not tell of the end of the history");
        }
        if (!lines.runAt(lines.all().size() - 1).equals(Optional.of(time(task, "run_at")))) {
            faults.add("run_at is not the last round's");
        }
        Optional<Instant> next = task.has("next_attempt_at")
                ? Optional.of(time(task, "next_attempt_at"))
                : Optional.empty();
        if (!next.equals(place.status().equals("scheduled") ? due : Optional.empty())) {
            faults.add("next_attempt_at is not what the history promises");
        }
        if (place.isEnd() && task.path("redact").asBoolean(false)) {
            redacted();
        }
        if (lines.all().size() > MOST_LINES) {
            faults.add("the history has more than " + MOST_LINES + " lines");
        }
    }

    private void redacted() {
        JsonNode payload = task.path("payload");
        boolean carries = payload.has("data") || payload.path("url").asString("").contains("?")
                || payload.path("headers").valueStream().anyMatch(value -> !value.asString("").isEmpty());
        List<JsonNode> results = new ArrayList<>(task.findValues("result"));
        results.add(task.path("last_result"));
        boolean tells = results.stream().anyMatch(
                result -> !result.path("body").asString("").isEmpty()
                        || !result.path("message").asString("").isEmpty());
        if (carries || tells) {
            faults.add("it was to be redacted and is not");
        }
    }

    private int most() {
        return lines.mostAttempts(line);
    }

    private static String by(JsonNode event) {
        return event.path("by").asString("");
    }

    private static boolean isSuccess(JsonNode event) {
        return event.at("/result/status_code").asInt(0) / 100 == 2;
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
