package io.taskscheduler.adapter.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SleepingPauseTest {

    private static final Instant START = Instant.parse("2027-05-17T14:00:00Z");

    @Test
    void it_ends_when_the_clock_reads_the_instant_and_not_before() {
        InstantSource clock = InstantSource.system();
        Instant end = clock.instant().plusMillis(30);

        new SleepingPause(clock).until(end);

        assertThat(clock.instant()).isAfterOrEqualTo(end);
    }

    @Test
    void it_does_not_wait_for_what_has_passed() {
        new SleepingPause(InstantSource.fixed(START)).until(START);
        new SleepingPause(InstantSource.fixed(START)).until(START.minus(Duration.ofDays(9)));
    }

    /** Else a function would be paid for an hour. */
    @Test
    void a_clock_that_is_set_back_meanwhile_does_not_prolong_it() {
        AtomicInteger asked = new AtomicInteger();
        InstantSource setBack = () -> asked.getAndIncrement() == 0 ? START : START.minus(Duration.ofHours(1));

        new SleepingPause(setBack).until(START.plusMillis(5));

        assertThat(asked).hasValue(2);
    }

    @Test
    void a_clock_that_runs_a_little_slower_is_waited_for() {
        AtomicInteger asked = new AtomicInteger();
        InstantSource slow = () -> START.plusMillis(4L * asked.getAndIncrement());

        new SleepingPause(slow).until(START.plusMillis(10));

        assertThat(asked).hasValue(4);
    }

    @Test
    void an_interrupt_ends_it_and_is_kept() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new SleepingPause(InstantSource.system()).until(Instant.MAX))
                .isInstanceOf(IllegalStateException.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
