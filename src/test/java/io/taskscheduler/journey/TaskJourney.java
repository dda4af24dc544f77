package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.journey.Cut.Kind;
import io.taskscheduler.journey.CutTable.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A task is scheduled, its receiver answers 503 to the first call and 200 to the next. */
final class TaskJourney {

    /** Within reach of the near timer, and beyond. */
    static final String NEAR = "PT2M";
    static final String FAR = "PT20M";

    /** Its lease outlives Lambda's next try, a minute after the death. */
    private static final int SLOW = 60;
    private static final int QUICK = 5;
    private static final int AT_ONCE = 1;

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;
    private final String section;
    private final String delay;
    private final Cut base;
    private final List<String> begun = new ArrayList<>();

    /**
     * A kind of journey.
     *
     * @param delay how far ahead the task is scheduled
     * @param base what each of them meets, whatever else is cut
     */
    TaskJourney(Laboratory lab, Verdicts verdicts, CutTable table, String section, String delay, Cut base) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
        this.section = section;
        this.delay = delay;
        this.base = base;
    }

    /** The journey without a cut; gives the number of moves of the clock. */
    int undisturbed() {
        return lab.moveUntilFinal(List.of(schedule(inbox(), QUICK).text("task_id")));
    }

    /** Its first half without a cut, as far as the first attempt has failed and the next one has its timer. */
    int triedOnce() {
        return passOnce(Duration.parse(delay).plusSeconds(30));
    }

    /** A far one's without a cut, as far as its near timer is set. */
    int handedOver() {
        return passOnce(Duration.parse(delay).minusSeconds(30));
    }

    private int passOnce(Duration time) {
        begun.add(schedule(inbox(), QUICK).text("task_id"));
        lab.caller().pass(time.toString());
        return 1;
    }

    /** What the two before have left. */
    void rest() {
        lab.moveUntilFinal(begun);
    }

    /** Its beginning without a cut. */
    int onlyScheduled() {
        schedule(inbox(), QUICK);
        return 0;
    }

    void cut(Cut cut) {
        String inbox = inbox();
        lab.tell(Stream.concat(base.faults().stream(), cut.faults().stream()).toList());
        Answer answer = schedule(inbox, switch (cut.kind()) {
            case FUNCTION_DIES_UNDER_A_LONG_LEASE -> SLOW;
            case WEBHOOK_HANGS, WEBHOOK_ARRIVES_AND_HANGS -> AT_ONCE;
            default -> QUICK;
        });
        if (cut.kind() == Kind.HANGS_AT_EVERY_TRY) {
            // The last try may be carried out after its caller has had its answer.
            LockSupport.parkNanos(Duration.ofMillis(Cut.HANG_MS + 1_000).toNanos());
        }
        // The reconciler comes at the end of a move: in a long one Lambda has given up and the dead letter is first.
        lab.caller().pass(cut.kind() == Kind.IS_REFUSED_FOR_MINUTES ? "PT15M" : "PT3M");
        List<String> tasks = lab.rowsFor(inbox);
        lab.moveUntilFinal(tasks);
        lab.expectMet(cut);
        lab.mend();
        assertThat(lab.rowsFor(inbox)).isEqualTo(tasks);
        table.add(section, cut.kind(), judge(cut, inbox, answer, tasks));
        if (base.kind().isDear() || cut.kind().isDear()) {
            lab.earnRetries();
        }
    }

    private List<Outcome> judge(Cut cut, String inbox, Answer answer, List<String> tasks) {
        List<Outcome> outcomes = new ArrayList<>();
        if (answer.status() == 201) {
            assertThat(tasks).containsExactly(answer.text("task_id"));
            outcomes.add(Outcome.ACCEPTED);
        } else {
            assertThat(answer.status()).isIn(500, 503);
            assertThat(tasks).as("tasks after %s", answer).hasSizeLessThanOrEqualTo(mayLeaveATask(cut) ? 1 : 0);
            outcomes.add(Outcome.REFUSED);
        }
        if (tasks.isEmpty()) {
            assertThat(lab.caller().deliveries(inbox)).isEmpty();
            outcomes.add(Outcome.NO_TASK);
        }
        tasks.forEach(id -> outcomes.addAll(verdicts.judge(inbox, id)));
        if (base.faults().isEmpty() && cut.kind().isGotOver()) {
            assertThat(outcomes).as("nothing is to be seen of what the SDK gets over").containsExactlyInAnyOrder(
                    Outcome.ACCEPTED, Outcome.COMPLETED, Outcome.TWO_ATTEMPTS, Outcome.BY_TIMER);
        }
        return outcomes;
    }

    /** Only when the function died, or the store fell silent in the middle. */
    private boolean mayLeaveATask(Cut cut) {
        boolean silent = cut.kind().hangs() || (!base.faults().isEmpty() && !cut.kind().isGotOver());
        return cut.kind().isDeath() || (cut.isAt("dynamodb") && silent);
    }

    private Answer schedule(String inbox, int timeoutSeconds) {
        lab.caller().tellInbox(inbox, "[{\"status\": 503, \"delay_ms\": %1$d}, {\"status\": 200, \"delay_ms\": %1$d}]"
                .formatted(Verdicts.ANSWERS_AFTER.toMillis()));
        return lab.caller().post("/schedule-task", """
                {"action": "webhook", "payload": {"url": "%s", "timeout_seconds": %d}, "delay": "%s",
                 "retry": {"initial_delay_seconds": 60}}""".formatted(lab.url(inbox), timeoutSeconds, delay));
    }

    private static String inbox() {
        return "cut-" + UUID.randomUUID();
    }
}
