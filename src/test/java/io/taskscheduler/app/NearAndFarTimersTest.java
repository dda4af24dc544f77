package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.fixture.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearAndFarTimersTest {

    private final List<Timer> near = new ArrayList<>();
    private final List<Timer> far = new ArrayList<>();
    private final NearAndFarTimers timers = new NearAndFarTimers(near::add, far::add, new ManualClock(CREATED));

    @ParameterizedTest
    @CsvSource({"PT-5M, SECOND", "PT0S, SECOND", "PT14M59S, SECOND", "PT15M, SECOND", "PT0S, MINUTE", "PT15M, MINUTE"})
    void up_to_a_quarter_of_an_hour_ahead_the_near_timer_is_set(Duration ahead, Precision precision) {
        Timer timer = new Timer(ID, 3, CREATED.plus(ahead), precision);

        timers.set(timer);

        assertThat(near).containsExactly(timer);
        assertThat(far).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT15M0.001S, SECOND, PT10M0.001S", "P365D, SECOND, P364DT23H55M", "PT15M0.001S, MINUTE, PT15M0.001S",
            "P1825D, MINUTE, P1825D"})
    void beyond_it_the_far_one_which_fires_early_where_the_second_matters(Duration ahead, Precision precision,
            Duration fires) {
        timers.set(new Timer(ID, 3, CREATED.plus(ahead), precision));

        assertThat(near).isEmpty();
        assertThat(far).containsExactly(new Timer(ID, 3, CREATED.plus(fires), precision));
    }
}
