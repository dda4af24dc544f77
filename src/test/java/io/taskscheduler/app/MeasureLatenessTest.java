package io.taskscheduler.app;

import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.MeasureLateness.Lateness;
import io.taskscheduler.app.MeasureLateness.Lateness.Known;
import io.taskscheduler.app.MeasureLateness.Lateness.Unknown;
import io.taskscheduler.app.port.FinishedTasks;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.fixture.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeasureLatenessTest {

    private final ManualClock clock = new ManualClock(RUN_AT.plusNanos(999));

    @Test
    void nothing_is_known_of_nothing() {
        assertThat(measured()).isEqualTo(new Unknown());
    }

    @Test
    void one_task_is_every_percentile() {
        assertThat(measured(7)).isEqualTo(known(1, 7, 7, 7, 7));
    }

    @Test
    void a_percentile_is_the_lateness_of_the_task_of_that_rank_in_whatever_order_they_come() {
        assertThat(measured(9, 1, 8, 2, 7, 3, 6, 4, 10, 5)).isEqualTo(known(10, 5, 9, 10, 10));
        List<Long> hundred = new ArrayList<>(LongStream.rangeClosed(1, 100).boxed().toList());
        Collections.shuffle(hundred, new Random(1));
        assertThat(measured(hundred.stream().mapToLong(each -> each).toArray())).isEqualTo(known(100, 50, 90, 99, 100));
        assertThat(measured(1, 2)).isEqualTo(known(2, 1, 2, 2, 2));
    }

    @Test
    void equal_ones_count_each_and_one_that_was_early_is_not_hidden() {
        assertThat(measured(5, 5, 5, 5, 5, 5, 5, 5, 5, 70)).isEqualTo(known(10, 5, 5, 70, 70));
        assertThat(measured(-3)).isEqualTo(known(1, -3, -3, -3, -3));
    }

    @Test
    void it_asks_for_the_hour_before_now_and_all_parts_count() {
        List<Object> asked = new ArrayList<>();
        FinishedTasks parts = (from, to, most) -> {
            asked.addAll(List.of(from, to, most));
            return Stream.of(millis(1), List.of(), millis(2, 3));
        };

        assertThat(new MeasureLateness(parts, clock).measure()).isEqualTo(known(3, 2, 3, 3, 3));
        assertThat(asked).containsExactly(RUN_AT.minus(Duration.ofHours(1)), RUN_AT, MeasureLateness.MOST);
    }

    @Test
    void when_the_time_is_over_it_makes_do_with_the_parts_it_has() {
        FinishedTasks slow = (Instant from, Instant to, int most) -> Stream.of(1L, 2L, 3L, 4L).map(part -> {
            clock.advance(MeasureLateness.LONGEST.dividedBy(2));
            return millis(part);
        });

        assertThat(new MeasureLateness(slow, clock).measure()).isEqualTo(known(2, 1, 2, 2, 2));
    }

    @Test
    void a_store_that_falls_silent_is_not_taken_for_an_empty_one() {
        FinishedTasks silent = (from, to, most) -> Stream.of(1L, 2L).map(part -> {
            throw new Unavailable("silent", new IllegalStateException("planned"));
        });

        assertThatThrownBy(() -> new MeasureLateness(silent, clock).measure()).isInstanceOf(Unavailable.class);
    }

    private Lateness measured(long... millis) {
        return new MeasureLateness((from, to, most) -> Stream.of(millis(millis)), clock).measure();
    }

    private static Known known(int count, long p50, long p90, long p99, long max) {
        return new Known(count, Duration.ofMillis(p50), Duration.ofMillis(p90), Duration.ofMillis(p99),
                Duration.ofMillis(max));
    }

    private static List<Duration> millis(long... millis) {
        return LongStream.of(millis).mapToObj(Duration::ofMillis).toList();
    }
}
