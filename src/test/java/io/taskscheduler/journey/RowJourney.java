package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.CutTable.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** Another program puts a row into the table: a task that runs, or something that is none and must say so. */
final class RowJourney {

    private final Laboratory lab;
    private final Verdicts verdicts;
    private final CutTable table;

    RowJourney(Laboratory lab, Verdicts verdicts, CutTable table) {
        this.lab = lab;
        this.verdicts = verdicts;
        this.table = table;
    }

    /** The adoption without a cut; the task is not due within the move. */
    int onlyPut(boolean valid) {
        put(valid, Duration.ofHours(1));
        lab.pass(0);
        return 1;
    }

    void cut(boolean valid, Cut cut) {
        lab.tell(cut.faults());
        String id = put(valid, Duration.ofMinutes(20));
        lab.pass(0);
        lab.moveUntilFinal(List.of(id));
        lab.expectMet(cut);
        lab.mend();
        List<Outcome> outcomes = new ArrayList<>(verdicts.judge(id, id));
        JsonNode task = lab.caller().task(id).json();
        assertThat(task.get("status").stringValue()).isEqualTo(valid ? "completed" : "failed");
        assertThat(lab.caller().deliveries(id)).hasSize(valid ? 1 : 0);
        if (valid && cut.kind().isGotOver()) {
            assertThat(outcomes).containsExactlyInAnyOrder(Outcome.COMPLETED, Outcome.ONE_ATTEMPT, Outcome.BY_TIMER);
        }
        table.add("a row from elsewhere", cut.kind(), outcomes);
    }

    private String put(boolean valid, Duration delay) {
        String id = "row-" + UUID.randomUUID();
        lab.putRow(Map.of("task_id", AttributeValue.fromS(id), "action",
                AttributeValue.fromS(valid ? "webhook" : "email"), "run_at",
                AttributeValue.fromS(lab.caller().now().plus(delay).toString()), "payload",
                AttributeValue.fromM(Map.of("url", AttributeValue.fromS(lab.url(id))))));
        return id;
    }
}
