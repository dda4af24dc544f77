package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.sqs.SqsWakeUps;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.fixture.EmbeddedSqs;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** On the embedded SQS. */
class SqsWakeUpsIT extends WakeUpsContract {

    private static final ManualClock CLOCK = new ManualClock(CREATED);
    private static final EmbeddedSqs SQS = new EmbeddedSqs(CLOCK);

    private final String queue = SQS.newQueue();

    @AfterAll
    static void end() {
        SQS.close();
    }

    @Override
    WakeUps line() {
        CLOCK.moveTo(CREATED);
        return new SqsWakeUps(SQS.client(), queue, CLOCK);
    }

    @Test
    void a_wake_up_comes_out_at_its_time_with_its_sender() {
        line().send(List.of(new WakeUp(Tasks.ID, WokenBy.RECONCILER, CREATED.plusMillis(1_500))));

        CLOCK.moveTo(CREATED.plusMillis(1_999));
        assertThat(SQS.received(queue)).isEmpty();
        CLOCK.moveTo(CREATED.plusMillis(2_001));
        assertThat(SQS.received(queue)).extracting(Message::body).containsExactly(
                "{\"source\":\"custom.reconciler\",\"detail\":{\"taskId\":\"" + Tasks.ID + "\"}}");
    }

    @Test
    void a_line_that_is_not_there_is_unavailable() {
        WakeUps nowhere = new SqsWakeUps(EmbeddedSqs.unreachable(), queue, CLOCK);

        assertThatThrownBy(() -> nowhere.send(List.of(new WakeUp(Tasks.ID, WokenBy.TIMER, CREATED))))
                .isInstanceOf(Unavailable.class).hasMessageContaining("SQS");
        assertThatThrownBy(nowhere::waiting).isInstanceOf(Unavailable.class);
    }
}
