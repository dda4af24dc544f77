package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.app.port.WakeUps.WakeUp;
import io.taskscheduler.domain.WokenBy;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link WakeUps} does, the fake and the real one alike. */
abstract class WakeUpsContract {

    private static final UlidTaskIds IDS = new UlidTaskIds();

    /** A line in which nothing waits, on a clock that stands at {@code CREATED}. */
    abstract WakeUps line();

    @Test
    void what_was_sent_waits() {
        WakeUps line = line();
        assertThat(line.waiting()).isZero();

        line.send(IntStream.range(0, 25).mapToObj(i -> wakeUp(CREATED.plusSeconds(i))).toList());
        line.send(List.of(wakeUp(CREATED.minusSeconds(1)), wakeUp(CREATED.plus(WakeUps.HORIZON))));

        assertThat(line.waiting()).isEqualTo(27);
    }

    @Test
    void nothing_sent_is_nothing_waiting() {
        WakeUps line = line();

        line.send(List.of());

        assertThat(line.waiting()).isZero();
    }

    @Test
    void what_lies_beyond_the_horizon_is_refused() {
        WakeUps line = line();

        assertThatThrownBy(() -> line.send(List.of(wakeUp(CREATED.plus(WakeUps.HORIZON).plusMillis(1)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(line.waiting()).isZero();
    }

    private static WakeUp wakeUp(Instant at) {
        return new WakeUp(IDS.next(CREATED), WokenBy.RECONCILER, at);
    }
}
