package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.journey.CutTable.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A caller changes a task, and something goes wrong meanwhile. Afterwards the task is exactly as it was or as it was wished, it runs when its
 * view says so, and the caller who repeats the request gets what was wished.
 */
final class ChangeJourney {

    /** A change, and what there is before it. */
    enum Wish {
        MOVE, RUN_AGAIN, PUT_CREATE, PUT_REPLACE
    }

    private static final Duration NEAR = Duration.ofMinutes(2);
    private static final Duration FAR = Duration.ofMinutes(20);

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;
    private final Wish wish;
    private final Cut base;

    /** @param base what each of them meets, whatever else is cut */
    ChangeJourney(Laboratory lab, Verdicts verdicts, CutTable table, Wish wish, Cut base) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
        this.wish = wish;
        this.base = base;
    }

    /** What there is to be changed, and to what time it is. */
    private record Prepared(String inbox, String id, Instant wanted) {}

    /** What the change calls. */
    OutsideCalls calls(String function) {
        Deque<Prepared> prepared = new ArrayDeque<>(List.of(prepare(), prepare()));
        return lab.callsOf(List.of(function), base.faults(), () -> {
            change(prepared.removeFirst());
            return 0;
        });
    }

    void cut(Cut cut, boolean repeated) {
        Prepared task = prepare();
        Optional<JsonNode> before = view(task);
        lab.tell(Stream.concat(base.faults().stream(), cut.faults().stream()).toList());
        Answer answer = change(task);
        lab.expectMet(cut);
        lab.mend();
        Optional<JsonNode> after = view(task);
        boolean accepted = answer.status() < 300;
        if (!accepted) {
            assertThat(answer.status()).isIn(500, 503);
        } else if (wish != Wish.RUN_AGAIN) {
            assertThat(after).contains(answer.json());
        }
        boolean asWished = after.filter(view -> isAsWished(task, view)).isPresent();
        assertThat(asWished || (!accepted && after.equals(before))).as("%s, after %s: %s", answer.status(), before,
                after).isTrue();
        if (repeated) {
            repeat(task);
        }
        table.add("a change of a task", cut.kind(), judge(task, accepted, repeated));
        if (base.kind().isDear() || cut.kind().isDear()) {
            lab.earnRetries();
        }
    }

    /** What runs at once may be running by now. */
    private void repeat(Prepared task) {
        Answer again = change(task);
        if (wish != Wish.RUN_AGAIN || again.status() != 409) {
            assertThat(again.status()).as("repeated: %s", again).isBetween(200, 202);
            assertThat(isAsWished(task, again.json())).as("repeated: %s", again.json()).isTrue();
        }
    }

    private List<Outcome> judge(Prepared task, boolean accepted, boolean repeated) {
        List<Outcome> outcomes = new ArrayList<>(List.of(accepted ? Outcome.ACCEPTED : Outcome.REFUSED));
        Optional<JsonNode> there = view(task);
        if (there.isEmpty()) {
            outcomes.add(Outcome.NO_TASK);
            lab.caller().pass("PT5M");
            assertThat(lab.rowsFor(task.inbox())).isEmpty();
            assertThat(lab.caller().deliveries(task.inbox())).isEmpty();
            return outcomes;
        }
        Instant due = Instant.parse(there.get().get("run_at").stringValue());
        // The reconciler comes at the end of a move, and does not look at what is less than two minutes late.
        passTo(due.plusSeconds(60));
        passTo(due.plusSeconds(180));
        List<JsonNode> deliveries = lab.caller().deliveries(task.inbox());
        int former = wish == Wish.RUN_AGAIN ? 1 : 0;
        int more = wish != Wish.RUN_AGAIN || isAsWished(task, there.get()) ? 1 : 0;
        // A second request to run what has run already runs it once more.
        int most = wish == Wish.RUN_AGAIN && repeated ? more + 1 : more;
        assertThat(deliveries).as("calls, three minutes late at the latest").hasSizeBetween(former + more,
                former + most);
        assertThat(Instant.parse(deliveries.getLast().get("received_at").stringValue())).isAfterOrEqualTo(due);
        outcomes.addAll(verdicts.judge(task.inbox(), task.id()));
        return outcomes;
    }

    private void passTo(Instant time) {
        Duration ahead = Duration.between(lab.caller().now(), time);
        if (ahead.isPositive()) {
            lab.caller().pass(ahead.toString());
        }
    }

    private Prepared prepare() {
        String inbox = "change-" + UUID.randomUUID();
        String id = switch (wish) {
            case MOVE -> lab.caller().schedule(inbox, "\"delay\": \"" + NEAR + "\"");
            case RUN_AGAIN -> {
                String ended = lab.caller().schedule(inbox, "\"delay\": \"PT0S\"");
                lab.moveUntilFinal(List.of(ended));
                yield ended;
            }
            case PUT_CREATE -> inbox;
            case PUT_REPLACE -> {
                put(inbox, inbox, lab.caller().now().plus(NEAR), "1");
                yield inbox;
            }
        };
        Instant wanted = lab.caller().now().plus(wish == Wish.PUT_CREATE ? NEAR : FAR);
        return new Prepared(inbox, id, Instant.ofEpochMilli(wanted.toEpochMilli()));
    }

    private Answer change(Prepared task) {
        return switch (wish) {
            case MOVE -> lab.caller().call("PATCH", "/tasks/" + task.id(), "{\"run_at\": \"" + task.wanted() + "\"}");
            case RUN_AGAIN -> lab.caller().call("POST", "/tasks/" + task.id() + "/run", "");
            case PUT_CREATE, PUT_REPLACE -> put(task.inbox(), task.id(), task.wanted(), "2");
        };
    }

    private boolean isAsWished(Prepared task, JsonNode view) {
        return switch (wish) {
            case RUN_AGAIN -> view.at("/history").valueStream()
                    .anyMatch(event -> event.get("type").stringValue().equals("task_run_again"));
            case MOVE -> isAt(view, task.wanted());
            case PUT_CREATE, PUT_REPLACE -> isAt(view, task.wanted()) && view.at("/payload/data").intValue() == 2;
        };
    }

    private static boolean isAt(JsonNode view, Instant time) {
        return Instant.parse(view.path("next_attempt_at").asString(Instant.MAX.toString())).equals(time);
    }

    private Answer put(String inbox, String name, Instant runAt, String data) {
        return lab.caller().call("PUT", "/tasks/" + name, """
                {"action": "webhook", "payload": {"url": "%s", "data": %s}, "run_at": "%s"}""".formatted(
                lab.url(inbox), data, runAt));
    }

    private Optional<JsonNode> view(Prepared task) {
        Answer found = lab.caller().task(task.id());
        return found.status() == 200 ? Optional.of(found.json()) : Optional.empty();
    }
}
