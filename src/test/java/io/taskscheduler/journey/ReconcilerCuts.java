package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.CutTable.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The reconciler is cut while it sees to tasks of each kind that it knows. All cuts come one after another over the same tasks, as they might in
 * a bad hour; when a run finds too few of them to get as far as its cut, more are left lying.
 */
final class ReconcilerCuts {

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;
    private final Map<String, String> inboxes = new LinkedHashMap<>();

    ReconcilerCuts(Laboratory lab, Verdicts verdicts, CutTable table) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
    }

    /** What a run calls that finds something of each kind, while the line stands still. */
    OutsideCalls calls(String function) {
        String lineStandsStill = "{\"service\": \"sqs\", \"operation\": \"ReceiveMessage\", \"status\": 400, \"times\": 1000}";
        leaveTasksLying();
        lab.tell(Stream.concat(Stream.of(lineStandsStill), OutsideCalls.counters(List.of(function)).stream()).toList());
        lab.caller().pass("PT4M");
        OutsideCalls calls = OutsideCalls.counted(lab.left());
        lab.mend();
        return calls.only(operation -> !operation.name().equals("GetItem"));
    }

    void cut(Cut cut) {
        lab.tell(cut.faults());
        pass();
        for (int more = 0; !lab.isMet(cut) && more < 3; more++) {
            lab.mend();
            leaveTasksLying();
            lab.tell(cut.faults());
            pass();
        }
        lab.expectMet(cut);
        table.add("the reconciler itself", cut.kind(), List.of());
    }

    /** All that was left lying has come to its end, nothing was lost and nothing was done twice. */
    void allComeToTheirEnd() {
        lab.mend();
        lab.moveUntilFinal(List.copyOf(inboxes.keySet()));
        table.note(inboxes.size() + " tasks were left lying for the reconciler, and all have come to their end");
        inboxes.forEach((id, inbox) -> {
            // The reconciler itself ends a task whose last attempt was lost.
            assertThat(verdicts.judge(inbox, id)).containsAnyOf(Outcome.BY_RECONCILER, Outcome.FAILED);
        });
    }

    /** Marks that a run has left are dead after as long. */
    private void pass() {
        lab.caller().pass("PT4M");
    }

    /** One that was never started, one that was not tried again, one whose attempt was lost, and one whose last attempt was. */
    private void leaveTasksLying() {
        lab.tell(List.of(
                "{\"service\": \"lambda\", \"function\": \"ExecuteTaskFunction\", \"kill_at_call\": 3, \"times\": 2}"));
        String neverStarted = schedule("PT20S", 5, 200);
        lab.loseTimersOf(neverStarted);
        schedule("PT5S", 5, 200);
        schedule("PT5S", 1, 200);
        String notTriedAgain = schedule("PT20S", 5, 503);
        lab.caller().pass("PT10S");
        lab.mend();
        lab.caller().pass("PT20S");
        lab.loseTimersOf(notTriedAgain);
    }

    private String schedule(String delay, int attempts, int firstAnswer) {
        String inbox = "left-lying-" + UUID.randomUUID();
        lab.caller().tellInbox(inbox, "[{\"status\": %d, \"delay_ms\": %d}, {\"status\": 200, \"delay_ms\": %2$d}]"
                .formatted(firstAnswer, Verdicts.ANSWERS_AFTER.toMillis()));
        String id = lab.caller().post("/schedule-task", """
                {"action": "webhook", "payload": {"url": "%s", "timeout_seconds": 60}, "delay": "%s",
                 "retry": {"initial_delay_seconds": 60, "max_attempts": %d}}""".formatted(lab.url(inbox), delay,
                attempts)).text("task_id");
        inboxes.put(id, inbox);
        return id;
    }
}
