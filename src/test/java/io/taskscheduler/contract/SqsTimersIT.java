package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.sqs.SqsTimers;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.EmbeddedSqs;
import io.taskscheduler.fixture.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.Message;

/** On the embedded SQS. */
class SqsTimersIT extends TimersContract {

    private static final ManualClock CLOCK = new ManualClock(CREATED);
    private static final EmbeddedSqs SQS = new EmbeddedSqs(CLOCK);

    private final String queue = SQS.newQueue();
    private final Timers timers = new SqsTimers(SQS.client(), queue, CLOCK);

    @BeforeEach
    void begin() {
        CLOCK.moveTo(CREATED);
    }

    @AfterAll
    static void end() {
        SQS.close();
    }

    @Override
    Timers timers() {
        return timers;
    }

    @Override
    List<Instant> waiting(TaskId task) {
        return arrivals(task, 599, 610);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "975, 0", "976, 1", "999, 1", "1000, 1", "1100, 1", "1975, 1", "1976, 2", "59975, 59",
            "59976, 60", "59985, 60", "60000, 60", "899975, 899", "899999, 900", "900000, 900", "-1000, 0",
            "905000, 900"})
    void where_the_second_matters_a_message_comes_up_to_a_second_early_or_less_than_25_ms_late(int aheadMillis,
            int seconds) {
        timers.set(new Timer(ID, 7, CREATED.plusMillis(aheadMillis), Precision.SECOND));

        assertThat(arrivals(ID, Math.max(0, seconds - 1), seconds + 1)).containsExactly(CREATED.plusSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1000, 1", "899001, 900", "900000, 900", "-1000, 0"})
    void where_it_does_not_a_message_comes_at_the_next_full_second(int aheadMillis, int seconds) {
        timers.set(new Timer(ID, 7, CREATED.plusMillis(aheadMillis), Precision.MINUTE));

        assertThat(arrivals(ID, Math.max(0, seconds - 1), seconds + 1)).containsExactly(CREATED.plusSeconds(seconds));
    }

    @Test
    void a_message_names_its_task_and_its_wake_up() {
        timers.set(new Timer(ID, 7, CREATED, Precision.SECOND));

        assertThat(SQS.received(queue)).extracting(Message::body).containsExactly(
                "{\"source\":\"custom.timer\",\"detail\":{\"taskId\":\"" + ID + "\",\"wakeUp\":7}}");
    }

    @Test
    void a_service_that_is_not_there_is_unavailable() {
        Timers nobody = new SqsTimers(EmbeddedSqs.unreachable(), queue, CLOCK);

        assertThatThrownBy(() -> nobody.set(new Timer(ID, 7, CREATED, Precision.SECOND)))
                .isInstanceOf(Unavailable.class).hasMessageContaining("SQS");
    }

    /** At which of those full seconds from now messages of the task can be received, in order; what came before counts for the first. */
    private List<Instant> arrivals(TaskId task, int from, int to) {
        List<Instant> arrivals = new ArrayList<>();
        for (int second = from; second <= to; second++) {
            CLOCK.moveTo(CREATED.plusSeconds(second));
            Instant now = CLOCK.instant();
            SQS.received(queue).stream().filter(message -> message.body().contains(task.value()))
                    .forEach(message -> arrivals.add(now));
        }
        return arrivals;
    }
}
