package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.journey.CutTable.Outcome;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A caller who must not have two: the same request with the same key, until an answer says that it was accepted. */
final class KeyedJourney {

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;

    KeyedJourney(Laboratory lab, Verdicts verdicts, CutTable table) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
    }

    /** What the first request with a key calls. */
    OutsideCalls firstRequest(String function) {
        return lab.callsOf(List.of(function), List.of(), () -> {
            post("keyed-" + UUID.randomUUID());
            return 0;
        });
    }

    /** What the second one calls after the first met that. */
    OutsideCalls secondRequest(String function, Cut first) {
        Deque<String> prepared = new ArrayDeque<>();
        for (int n = 0; n < 2; n++) {
            String inbox = "keyed-" + UUID.randomUUID();
            lab.tell(first.faults());
            post(inbox);
            lab.mend();
            prepared.add(inbox);
        }
        return lab.callsOf(List.of(function), List.of(), () -> {
            post(prepared.removeFirst());
            return 0;
        });
    }

    /** The first request meets one thing and the second another; the third is answered. */
    void cut(Cut first, Cut second) {
        String inbox = "keyed-" + UUID.randomUUID();
        List<Answer> answers = new ArrayList<>();
        for (Cut cut : List.of(first, second)) {
            lab.tell(cut.faults());
            answers.add(post(inbox));
            lab.expectMet(cut);
            lab.mend();
        }
        Answer last = post(inbox);
        assertThat(last.status()).isIn(200, 201);
        String id = last.text("task_id");
        answers.stream().filter(answer -> answer.status() < 300).forEach(
                answer -> assertThat(answer.text("task_id")).isEqualTo(id));
        assertThat(answers.stream().map(Answer::status)).allMatch(Set.of(200, 201, 500, 503)::contains);

        lab.pass(0);
        lab.moveUntilFinal(List.of(id));
        assertThat(lab.rowsFor(inbox)).containsExactly(id);
        List<Outcome> outcomes = new ArrayList<>(verdicts.judge(inbox, id));
        // The last answer was a 2xx: the timer was set.
        assertThat(outcomes).containsExactlyInAnyOrder(Outcome.COMPLETED, Outcome.ONE_ATTEMPT, Outcome.BY_TIMER);
        boolean refused = answers.stream().anyMatch(answer -> answer.status() >= 500);
        outcomes.add(refused ? Outcome.REFUSED : Outcome.ACCEPTED);
        table.add("a request that is repeated with its key",
                (second.faults().isEmpty() ? first : second).kind(), outcomes);
    }

    private Answer post(String inbox) {
        return lab.caller().send(HttpRequest.newBuilder(lab.caller().api().resolve("/schedule-task"))
                .header("content-type", "application/json").header("Idempotency-Key", inbox)
                .POST(BodyPublishers.ofString(
                        "{\"action\": \"webhook\", \"payload\": {\"url\": \"%s\"}, \"delay\": \"PT2M\"}"
                                .formatted(lab.url(inbox)))));
    }
}
