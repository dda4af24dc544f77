package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Asked.Promise;
import io.taskscheduler.journey.Caller.Answer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** One try of the property: the actions as they are done to the system, and the model beside it. */
final class ModelRun {

    /** Three attempts that are lost, each found after two minutes and a reconciler's run, leave room to spare. */
    private static final int MOST_MOVES = 15;
    private static final int ROW_ATTEMPTS = 5;
    private static final String MARK = "m4rked";
    private static final String MARKED = ", \"data\": \"" + MARK + "\", \"headers\": {\"" + CountingReceiver.MARKED
            + "\": \"" + MARK + "\"}";

    private final ModelledSystem system;
    private final List<Asked> asked = new ArrayList<>();
    private boolean disturbed;

    ModelRun(ModelledSystem system) {
        this.system = system;
    }

    /**
     * What is asked for.
     *
     * @param initialDelay of retries
     * @param expiresAfter its time
     * @param redact       with data, a header, a query and answers that hold {@link #MARK}
     */
    record Wish(Duration delay, int maxAttempts, Duration initialDelay, Optional<Duration> expiresAfter, boolean redact,
            List<CountingReceiver.Answer> script) {}

    void schedule(Wish wish) {
        String name = name();
        URI url = system.receiver().url(name, wish.script());
        Answer answer = system.caller().post("/schedule-task", body(wish, url));
        if (answer.status() == 201) {
            add(name, Promise.KEPT, answer.text("task_id"), Instant.parse(answer.text("run_at")), wish);
        } else {
            assertThat(answer.status()).as(answer.response().body()).isIn(500, 503);
            add(name, Promise.UNKNOWN, "", Instant.MIN, wish);
        }
    }

    void scheduleWrongly(Wish wish) {
        String name = name();
        URI url = system.receiver().url(name, wish.script());
        Answer answer = system.caller().post("/schedule-task",
                body(wish, url).replace("\"max_attempts\"", "\"max_attemps\""));
        assertThat(answer.status()).isEqualTo(400);
        add(name, Promise.REFUSED, "", Instant.MIN, wish);
    }

    private void add(String name, Promise promise, String id, Instant runAt, Wish wish) {
        asked.add(new Asked(name, promise, id, runAt, wish.maxAttempts(), wish.expiresAfter().isPresent(),
                wish.script()));
    }

    private String body(Wish wish, URI url) {
        Instant runAt = system.caller().now().plus(wish.delay()).truncatedTo(ChronoUnit.MILLIS);
        String when = wish.expiresAfter()
                .map(after -> "\"run_at\": \"" + runAt + "\", \"expires_at\": \"" + runAt.plus(after) + "\"")
                .orElse("\"delay\": \"" + wish.delay() + "\"");
        return """
                {"action": "webhook", "payload": {"url": "%s", "timeout_seconds": 1%s}, %s, "redact": %s,
                 "retry": {"max_attempts": %d, "initial_delay_seconds": %d}}"""
                .formatted(wish.redact() ? url + "?q=" + MARK : url, wish.redact() ? MARKED : "", when, wish.redact(),
                        wish.maxAttempts(), wish.initialDelay().toSeconds());
    }

    /** Another program puts a row; a wrong one asks for a kind of address that there is not. */
    void putRow(Duration delay, boolean valid, boolean asText, List<CountingReceiver.Answer> script) {
        String name = name();
        Instant runAt = system.caller().now().plus(delay).truncatedTo(ChronoUnit.MILLIS);
        URI url = system.receiver().url(name, script);
        String address = valid ? url.toString() : url.toString().replace("http:", "gopher:");
        Map<String, AttributeValue> row = new HashMap<>();
        row.put("task_id", AttributeValue.fromS(name));
        row.put("action", AttributeValue.fromS("webhook"));
        row.put("run_at", AttributeValue.fromS(runAt.toString()));
        row.put("payload", asText
                ? AttributeValue.fromS("{\"timeout_seconds\": 1, \"url\": \"" + address + "\"}")
                : AttributeValue.fromM(Map.of("url", AttributeValue.fromS(address), "timeout_seconds",
                        AttributeValue.fromN("1"))));
        system.putRow(row);
        asked.add(new Asked(name, valid ? Promise.KEPT : Promise.REFUSED, name, runAt, ROW_ATTEMPTS, false, script));
    }

    void loseTimers(int which) {
        pick(which).ifPresent(task -> {
            disturbed = true;
            system.loseTimers(task.taskId());
        });
    }

    void wakeTwice(int which) {
        pick(which).ifPresent(task -> {
            Instant soonest = system.caller().now().plusSeconds(1);
            system.wakeTwice(task.taskId(), task.runAt().isAfter(soonest) ? task.runAt() : soonest);
        });
    }

    void putIntoLine(int which) {
        pick(which).ifPresent(task -> system.putIntoLine(task.taskId()));
    }

    /** A caller does not want it any more. */
    void cancel(int which) {
        pick(which).ifPresent(task -> {
            Answer answer = system.caller().call("DELETE", "/tasks/" + task.taskId(), "");
            note(task, answer, answer.status() == 200 ? task.cancelled() : task.perhapsChanged(true));
        });
    }

    /** A caller wants it at another time. */
    void move(int which, Duration delay) {
        pick(which).ifPresent(task -> changeTime(task,
                system.caller().call("PATCH", "/tasks/" + task.taskId(), "{\"delay\": \"" + delay + "\"}")));
    }

    /** A caller wants it now, or once more. */
    void runNow(int which) {
        pick(which).ifPresent(task -> changeTime(task,
                system.caller().call("POST", "/tasks/" + task.taskId() + "/run", "")));
    }

    private void changeTime(Asked task, Answer answer) {
        note(task, answer, answer.status() < 300
                ? task.moved(Instant.parse(answer.text("run_at")))
                : task.perhapsChanged(false));
    }

    /** What was refused with 4xx has changed nothing: it came too late, the task was not adopted yet, or its end would be before its time. */
    private void note(Asked task, Answer answer, Asked changed) {
        if (answer.status() >= 300) {
            assertThat(answer.status()).as(answer.response().body()).isIn(400, 404, 409, 500, 503);
        }
        if (answer.status() < 300 || answer.status() >= 500) {
            asked.set(asked.indexOf(task), changed);
        }
    }

    void tellFaults(String faults) {
        disturbed = true;
        system.tellFaults(faults);
    }

    void pass(Duration time) {
        system.caller().pass(time.toString());
    }

    void restart() {
        disturbed = true;
        system.restart();
    }

    /** Cheap enough for every step. */
    void checkNow() {
        asked.forEach(task -> task.checkNow(system.receiver()));
    }

    /** Everything works again, and time passes until nothing is open. */
    void checkAtTheEnd() {
        system.clearFaults();
        int moves = 0;
        do {
            pass(Duration.ofHours(3));
        } while (isAnyOpen() && ++moves < MOST_MOVES);
        JsonNode invariant = system.caller().get("/invariant").json();
        assertThat(invariant.get("violations").intValue()).as("violations after %s moves: %s", moves, invariant)
                .isZero();
        asked.forEach(task -> task.checkAtTheEnd(system.caller(), system.receiver(), disturbed));
        asked.stream().filter(task -> !task.taskId().isEmpty()).forEach(task -> assertThat(system.row(task.taskId()))
                .as("%s: what stands in the table", task.name()).doesNotContain(MARK));
    }

    private boolean isAnyOpen() {
        return asked.stream().anyMatch(task -> task.isOpen(system.caller(), system.receiver()));
    }

    private Optional<Asked> pick(int which) {
        List<Asked> known = asked.stream().filter(task -> !task.taskId().isEmpty()).toList();
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(which % known.size()));
    }

    private String name() {
        return "model-" + system.nextNumber();
    }
}
