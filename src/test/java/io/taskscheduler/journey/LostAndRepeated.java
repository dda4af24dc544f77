package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Cut.Kind;
import io.taskscheduler.journey.CutTable.Outcome;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** What AWS itself may do to a task: forget a timer, lose a message, deliver twice. */
final class LostAndRepeated {

    private static final String SECTION = "what the edges lose and repeat";

    private static final String NEAR = "PT2M";
    private static final String FAR = "PT20M";

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;

    LostAndRepeated(Laboratory lab, Verdicts verdicts, CutTable table) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
    }

    Stream<DynamicTest> all() {
        return Stream.of(test("the first timer is lost, a near one", () -> timersLost(NEAR, true, false)),
                test("the first timer is lost, a far one", () -> timersLost(FAR, true, false)),
                test("the timer of the second attempt is lost", () -> timersLost(NEAR, false, true)),
                test("both timers are lost", () -> timersLost(NEAR, true, true)),
                test("the message that a far timer handed over to is lost", this::handOverLost),
                test("the reconciler's message is lost", this::messageLost),
                test("each wake-up comes twice at the same instant", () -> twice(NEAR)),
                test("a far timer fires twice at the same instant", () -> twice(FAR)),
                test("the task is due while it is being stored", this::dueWhileStored));
    }

    private static DynamicTest test(String name, Runnable test) {
        return DynamicTest.dynamicTest(name, test::run);
    }

    private void timersLost(String delay, boolean first, boolean second) {
        String inbox = inbox();
        String id = schedule(inbox, delay);
        if (first) {
            lab.loseTimersOf(id);
        }
        for (int move = 0; lab.caller().deliveries(inbox).isEmpty() && move < 40; move++) {
            lab.caller().pass("PT1M");
        }
        if (second) {
            lab.loseTimersOf(id);
        }
        table.add(SECTION, Kind.TIMER_IS_LOST, end(inbox, id, 2));
    }

    private void handOverLost() {
        String inbox = inbox();
        String id = schedule(inbox, FAR);
        lab.caller().pass("PT16M");
        assertThat(lab.farTimersOf(id)).isEmpty();
        lab.loseTimersOf(id);
        table.add(SECTION, Kind.MESSAGE_IS_LOST, end(inbox, id, 2));
    }

    private void messageLost() {
        String inbox = inbox();
        String id = schedule(inbox, NEAR);
        lab.loseTimersOf(id);
        lab.tell(
                List.of("{\"service\": \"sqs\", \"operation\": \"ReceiveMessage\", \"status\": 400, \"times\": 1000}"));
        lab.caller().pass("PT5M");
        assertThat(lab.left().get(0).get("times").intValue()).isLessThan(1_000);
        lab.purge("WakeUpQueue");
        lab.mend();
        assertThat(lab.caller().deliveries(inbox)).isEmpty();
        table.add(SECTION, Kind.MESSAGE_IS_LOST, end(inbox, id, 2));
    }

    private void twice(String delay) {
        String inbox = inbox();
        String id = schedule(inbox, delay);
        lab.repeatTimersOf(id);
        for (int move = 0; lab.caller().deliveries(inbox).isEmpty() && move < 40; move++) {
            lab.caller().pass("PT1M");
        }
        lab.repeatTimersOf(id);
        table.add(SECTION, Kind.WAKE_UP_COMES_TWICE, end(inbox, id, 2));
    }

    /** A timer that was set before its task was stored would find none, and be gone. */
    private void dueWhileStored() {
        String inbox = inbox();
        lab.caller().tellInbox(inbox, "[{\"status\": 200, \"delay_ms\": 20}]");
        lab.tell(List.of("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"hang_ms\": 2500}"));
        String id = lab.caller().schedule(inbox, "\"delay\": \"PT0S\"");
        lab.mend();
        lab.caller().pass("PT3M");
        lab.caller().pass("PT3M");
        List<Outcome> outcomes = verdicts.judge(inbox, id);
        assertThat(outcomes).containsExactlyInAnyOrder(Outcome.COMPLETED, Outcome.ONE_ATTEMPT, Outcome.BY_TIMER);
        table.add(SECTION, Kind.IS_SLOW, Stream.concat(Stream.of(Outcome.ACCEPTED), outcomes.stream()).toList());
    }

    private List<Outcome> end(String inbox, String id, int attempts) {
        lab.moveUntilFinal(List.of(id));
        List<Outcome> outcomes = verdicts.judge(inbox, id);
        assertThat(lab.caller().deliveries(inbox)).hasSize(attempts);
        assertThat(outcomes).contains(Outcome.COMPLETED, Outcome.TWO_ATTEMPTS);
        return Stream.concat(Stream.of(Outcome.ACCEPTED), outcomes.stream()).toList();
    }

    private String schedule(String inbox, String delay) {
        lab.caller().tellInbox(inbox, "[{\"status\": 503, \"delay_ms\": %1$d}, {\"status\": 200, \"delay_ms\": %1$d}]"
                .formatted(Verdicts.ANSWERS_AFTER.toMillis()));
        return lab.caller().schedule(inbox, "\"delay\": \"" + delay + "\", \"retry\": {\"initial_delay_seconds\": 90}");
    }

    private static String inbox() {
        return "lost-" + UUID.randomUUID();
    }
}
