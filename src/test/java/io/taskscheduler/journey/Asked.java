package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.CountingReceiver.Answer;
import io.taskscheduler.journey.CountingReceiver.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The model of one task: what was asked, how it was answered, and what must hold of that, however it is done.
 *
 * @param name        the receiver's name, used for nothing else
 * @param taskId      empty when the caller was not told one
 * @param times       every {@code run_at} that was answered with 2xx
 * @param changes     what became of the callers' changes
 * @param maxAttempts as asked
 * @param canExpire   whether it has an {@code expires_at}
 * @param script      what its receiver answers; the last one stays
 */
record Asked(String name, Promise promise, String taskId, List<Instant> times, Set<Change> changes, int maxAttempts,
        boolean canExpire, List<Answer> script) {

    /** What a caller has heard of a change. */
    enum Change {
        /** It was done. */
        DONE,
        /** It was cancelled, and that was the last that was heard. */
        CANCELLED,
        /** It may have been cancelled at some time. */
        PERHAPS_CANCELLED,
        /** It was answered with 5xx: done or not. */
        UNKNOWN
    }

    Asked {
        times = List.copyOf(times);
        changes = Set.copyOf(changes);
    }

    Asked(String name, Promise promise, String taskId, Instant runAt, int maxAttempts, boolean canExpire,
            List<Answer> script) {
        this(name, promise, taskId, List.of(runAt), Set.of(), maxAttempts, canExpire, script);
    }

    /** The time in force, as far as is known. */
    Instant runAt() {
        return times.getLast();
    }

    /** It has been given another time, or been told to run. */
    Asked moved(Instant to) {
        List<Instant> all = new ArrayList<>(times);
        all.add(to);
        return with(all, Set.of(Change.DONE), Set.of(Change.CANCELLED));
    }

    Asked cancelled() {
        return with(times, Set.of(Change.DONE, Change.CANCELLED, Change.PERHAPS_CANCELLED), Set.of());
    }

    /** Whether it was done is not known. */
    Asked perhapsChanged(boolean cancelled) {
        return with(times, cancelled ? Set.of(Change.UNKNOWN, Change.PERHAPS_CANCELLED) : Set.of(Change.UNKNOWN),
                cancelled ? Set.of() : Set.of(Change.CANCELLED));
    }

    private Asked with(List<Instant> all, Set<Change> more, Set<Change> less) {
        Set<Change> now = new HashSet<>(changes);
        now.removeAll(less);
        now.addAll(more);
        return new Asked(name, promise, taskId, all, now, maxAttempts, canExpire, script);
    }

    /** What the caller may rely on. */
    enum Promise {
        /** It was answered with 2xx, or is a valid row: it comes to its end. */
        KEPT,
        /** It was answered with 4xx, or is a row that is no task: nothing is called. */
        REFUSED,
        /** It was answered with 5xx: no task, or one whole task. */
        UNKNOWN
    }

    private static final Set<String> OPEN = Set.of("scheduled", "running");

    /** Must hold at every moment. */
    void checkNow(CountingReceiver receiver) {
        List<Call> calls = receiver.calls(name);
        assertThat(receiver.mostAtOnce(name)).as("%s: attempts at a time", name).isLessThanOrEqualTo(1);
        assertThat(calls).as("%s: calls before their time", name).noneMatch(call -> call.at().isBefore(call.wanted()));
        if (promise != Promise.UNKNOWN && !changes.contains(Change.UNKNOWN)) {
            assertThat(calls).as("%s: calls for another time than %s", name, times).extracting(Call::wanted)
                    .isSubsetOf(times);
        }
        calls.stream().collect(Collectors.groupingBy(Call::wanted)).values().forEach(round -> assertThat(round)
                .as("%s: attempts", name).extracting(Call::attempt).isSorted().doesNotHaveDuplicates());
        assertThat(ids(calls)).as("%s: tasks", name).hasSizeLessThanOrEqualTo(1);
        if (promise == Promise.REFUSED) {
            assertThat(calls).as("%s: calls of what was refused", name).isEmpty();
        }
    }

    /** As far as can be told from outside: of what was answered with 5xx nothing is known until it is called. */
    boolean isOpen(Caller caller, CountingReceiver receiver) {
        Set<String> known = taskId.isEmpty() ? ids(receiver.calls(name)) : Set.of(taskId);
        return known.stream().map(caller::task)
                .anyMatch(view -> view.status() != 200 || OPEN.contains(view.text("status")));
    }

    /** Must hold when enough time has passed. */
    void checkAtTheEnd(Caller caller, CountingReceiver receiver, boolean disturbed) {
        checkNow(receiver);
        List<Call> calls = receiver.calls(name);
        switch (promise) {
            case KEPT -> {
                JsonNode view = caller.task(taskId).json();
                checkTask(view, calls);
                if (changes.contains(Change.CANCELLED)) {
                    assertThat(view.get("status").stringValue()).as("%s was cancelled", name).isEqualTo("cancelled");
                }
                String status = view.get("status").stringValue();
                // A wake-up may be seconds late, and so may an expiry have passed.
                if (!disturbed && changes.isEmpty() && !status.equals("expired")) {
                    assertThat(status).as("%s: by its script %s", name, script).isEqualTo(byItsScript());
                }
            }
            case UNKNOWN -> ids(calls).forEach(id -> checkTask(caller.task(id).json(), calls));
            case REFUSED -> {
            }
        }
    }

    private void checkTask(JsonNode view, List<Call> calls) {
        String status = view.path("status").asString("gone");
        List<JsonNode> history = view.path("history").valueStream().toList();
        String types = history.stream().map(event -> event.get("type").stringValue()).collect(Collectors.joining(","));
        List<String> possible = new ArrayList<>(List.of("completed", "failed"));
        if (canExpire) {
            possible.add("expired");
        }
        if (changes.contains(Change.PERHAPS_CANCELLED)) {
            possible.add("cancelled");
        }
        assertThat(status).as("%s: state after %s", name, types).isIn(possible);
        LegalHistory.check(view);
        int attempts = view.get("attempts").intValue();
        assertThat(attempts).as("%s: attempts of at most", name).isLessThanOrEqualTo(maxAttempts);
        // What former rounds did was checked when it happened.
        int begin = roundsFirst(history);
        Instant wanted = Instant.parse(view.get("run_at").stringValue());
        List<Call> last = calls.stream().filter(call -> call.wanted().equals(wanted)).toList();
        assertThat(last).as("%s: calls that the history knows", name).allMatch(call -> call.attempt() <= attempts);
        assertThat(status.equals("expired") && !last.isEmpty()).as("%s: expired and called", name).isFalse();
        checkResults(history.subList(begin, history.size()), last, status);
    }

    private static int roundsFirst(List<JsonNode> history) {
        HistoryLines lines = new HistoryLines(history.getFirst(), history);
        return IntStream.range(0, history.size()).filter(lines::beginsRound).reduce(0, (earlier, later) -> later);
    }

    /** What the history says was answered was answered, and what it does not say was not passed over in silence. */
    private void checkResults(List<JsonNode> history, List<Call> calls, String status) {
        Set<Integer> known = new HashSet<>();
        for (JsonNode event : history) {
            if (event.path("result").path("kind").asString("").equals("response")) {
                int attempt = event.get("attempt").intValue();
                int code = event.get("result").get("status_code").intValue();
                assertThat(calls).as("%s: received what attempt %s tells of", name, attempt)
                        .anyMatch(call -> call.attempt() == attempt && call.answer().status() == code);
                if (!event.get("type").stringValue().equals("attempt_lost")) {
                    known.add(attempt);
                }
            }
        }
        assertThat(calls).as("%s: marked as possible duplicates", name).allMatch(call -> call.possibleDuplicate()
                || calls.stream().filter(before -> before.attempt() < call.attempt())
                        .allMatch(before -> known.contains(before.attempt())));
        if (status.equals("completed")) {
            assertThat(calls).as("%s: completed by a success", name).anyMatch(call -> call.answer().isSuccess());
        }
    }

    private String byItsScript() {
        for (int attempt = 0; attempt < maxAttempts; attempt++) {
            Answer answer = script.get(Math.min(attempt, script.size() - 1));
            if (!answer.isRetried()) {
                return answer.isSuccess() ? "completed" : "failed";
            }
        }
        return "failed";
    }

    private static Set<String> ids(List<Call> calls) {
        return calls.stream().map(Call::taskId).collect(Collectors.toSet());
    }
}
