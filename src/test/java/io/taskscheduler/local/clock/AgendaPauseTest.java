package io.taskscheduler.local.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.app.port.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real time stands still in most of them: a move that waited for a pause would never end. */
@Timeout(60)
class AgendaPauseTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    // Long enough for what must not happen to have happened, were it allowed to.
    private static final long A_WHILE_MILLIS = 150;

    private final ManualTime real = new ManualTime(START);
    private final VirtualClock clock = new VirtualClock(real);
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final Agenda agenda = new Agenda(clock,
            (what, failure) -> log.add(what + ": " + failure.getMessage()));
    private final Pause pause = new AgendaPause(agenda);

    @AfterEach
    void close() {
        agenda.close();
    }

    @Test
    void a_pause_ends_in_its_turn_among_the_entries_and_does_not_count_as_one() throws InterruptedException {
        crewAt(1, 1, () -> pauseAndNote(3, "resumed"));
        note(2, "before");
        note(4, "after");

        var move = agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("before 2026-11-21T10:00:02Z", "resumed 2026-11-21T10:00:03Z",
                "after 2026-11-21T10:00:04Z");
        assertThat(move).isEqualTo(new Move(START.plusSeconds(10), 3));
    }

    @Test
    void many_pauses_side_by_side_end_each_at_its_instant() throws InterruptedException {
        for (var i = 0; i < 500; i++) {
            var end = 1_000 - i;
            crewAt(1, 1, () -> {
                pause.until(START.plusSeconds(end));
                log.add(Duration.between(START.plusSeconds(end), clock.instant()).toString());
            });
        }

        assertThat(agenda.advanceBy(Duration.ofSeconds(1_000)).fired()).isEqualTo(500);

        assertThat(log).hasSize(500).containsOnly("PT0S");
    }

    @Test
    void a_move_waits_for_what_comes_after_a_pause() throws Exception {
        var resumed = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        crewAt(1, 1, () -> {
            pause.until(START.plusSeconds(2));
            resumed.countDown();
            await(goOn);
            log.add("done " + clock.instant());
        });
        note(3, "next");

        var move = move(10);
        await(resumed);
        assertThat(agenda.inFlight()).containsExactly("crew");
        assertNotYet(move);
        goOn.countDown();

        move.get();
        assertThat(log).containsExactly("done 2026-11-21T10:00:02Z", "next 2026-11-21T10:00:03Z");
    }

    @Test
    void a_pause_that_ends_after_the_target_goes_on_when_the_move_is_over() throws InterruptedException {
        crewAt(1, 1, () -> pauseAndNote(100, "resumed"));

        assertThat(agenda.advanceBy(Duration.ofSeconds(10))).isEqualTo(new Move(START.plusSeconds(10), 1));
        assertThat(log).isEmpty();
        assertThat(agenda.inFlight()).isEmpty();

        assertThat(agenda.advanceBy(Duration.ofSeconds(90))).isEqualTo(new Move(START.plusSeconds(100), 0));
        assertThat(log).containsExactly("resumed 2026-11-21T10:01:40Z");
    }

    @Test
    void the_background_runs_at_the_end_of_a_move_while_something_pauses() throws InterruptedException {
        crewAt(1, 1, () -> pauseAndNote(100, "resumed"));
        agenda.everyInBackground(Duration.ofMinutes(1), "sweep", () -> log.add("sweep " + clock.instant()));

        agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("sweep 2026-11-21T10:00:10Z");
    }

    @Test
    void a_crew_pauses_only_when_all_of_it_do() throws InterruptedException {
        var oneResumed = new CountDownLatch(1);
        crewAt(1, 2, () -> sideBySide(() -> {
            pauseAndNote(2, "one");
            oneResumed.countDown();
            pauseAndNote(3, "one again");
        }, () -> {
            log.add("held up " + !happens(oneResumed) + " " + clock.instant());
            pauseAndNote(3, "other");
        }));
        note(4, "next");

        agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).startsWith("held up true 2026-11-21T10:00:01Z", "one 2026-11-21T10:00:02Z")
                .contains("one again 2026-11-21T10:00:03Z", "other 2026-11-21T10:00:03Z")
                .endsWith("next 2026-11-21T10:00:04Z").hasSize(5);
    }

    @Test
    void who_is_done_before_the_rest_of_its_crew_leaves_the_rest_to_the_real_time() throws InterruptedException {
        crewAt(1, 2, () -> sideBySide(() -> {
            pauseAndNote(2, "first");
            pass(Duration.ofSeconds(3));
        }, () -> pauseAndNote(5, "second")));
        note(6, "next");

        var move = agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("first 2026-11-21T10:00:02Z", "second 2026-11-21T10:00:05Z",
                "next 2026-11-21T10:00:06Z");
        assertThat(move.now()).isEqualTo(START.plusSeconds(13));
    }

    @Test
    void an_interrupt_ends_a_pause_and_the_work_is_at_work_again() throws Exception {
        var paused = new CompletableFuture<Thread>();
        var woken = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        crewAt(1, 1, () -> {
            paused.complete(Thread.currentThread());
            assertThatThrownBy(() -> pause.until(START.plusSeconds(100))).isInstanceOf(IllegalStateException.class);
            log.add("interrupted " + Thread.interrupted());
            woken.countDown();
            await(goOn);
        });
        agenda.advanceBy(Duration.ofSeconds(10));

        paused.get().interrupt();
        await(woken);
        note(200, "last");
        var move = move(190);
        assertNotYet(move);
        goOn.countDown();
        move.get();

        assertThat(log).containsExactly("interrupted true", "last 2026-11-21T10:03:20Z");
        assertAccountsAreRight();
    }

    @Test
    void who_is_interrupted_already_does_not_pause() throws InterruptedException {
        crewAt(1, 1, () -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pause.until(START.plusSeconds(100))).isInstanceOf(IllegalStateException.class);
            log.add("interrupted " + Thread.interrupted());
        });

        agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("interrupted true");
        assertAccountsAreRight();
    }

    @Test
    void a_crew_that_is_given_up_while_it_pauses_is_no_part_of_the_work_any_more() throws Exception {
        var givesUp = new CountDownLatch(1);
        var gaveUp = new CountDownLatch(1);
        var pausesAgain = new CountDownLatch(1);
        var next = new CountDownLatch(1);
        agenda.at(START.plusSeconds(1), "caller", track -> {
            try (var _ = track.crew(1)) {
                var ghost = Thread.ofVirtual().start(() -> pauseInSpiteOfAnInterrupt(pausesAgain));
                await(givesUp);
                ghost.interrupt();
            }
            gaveUp.countDown();
            await(pausesAgain);
            log.add("held up " + !happens(next) + " " + clock.instant());
            try (var _ = track.crew(1)) {
                pauseAndNote(4, "resumed");
            }
        });
        agenda.at(START.plusSeconds(2), "time-out", () -> {
            givesUp.countDown();
            await(gaveUp);
        });
        agenda.at(START.plusSeconds(3), "next", next::countDown);

        agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("held up true 2026-11-21T10:00:02Z", "resumed 2026-11-21T10:00:04Z");
        assertAccountsAreRight();
    }

    private void pauseInSpiteOfAnInterrupt(CountDownLatch interrupted) {
        assertThatThrownBy(() -> pause.until(START.plusSeconds(100))).isInstanceOf(IllegalStateException.class);
        boolean _ = Thread.interrupted();
        interrupted.countDown();
        pause.until(START.plusSeconds(100));
    }

    @Test
    void the_same_work_can_be_left_to_one_crew_within_and_after_another() throws InterruptedException {
        agenda.at(START.plusSeconds(1), "caller", track -> {
            try (var _ = track.crew(2)) {
                log.add("first");
            }
            try (var _ = track.crew(1)) {
                try (var _ = track.crew(3)) {
                    log.add("inner");
                }
                pauseAndNote(2, "outer");
            }
        });

        agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("first", "inner", "outer 2026-11-21T10:00:02Z");
    }

    @Test
    void a_pause_of_no_crew_holds_up_the_move_for_the_real_time() throws InterruptedException {
        agenda.at(START.plusSeconds(1), "alone", () -> {
            agenda.at(clock.instant(), "time", () -> pass(Duration.ofSeconds(2)));
            pauseAndNote(3, "resumed");
        });
        note(2, "meanwhile due");

        var move = agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactlyInAnyOrder("meanwhile due 2026-11-21T10:00:03Z",
                "resumed 2026-11-21T10:00:03Z");
        assertThat(move.now()).isEqualTo(START.plusSeconds(12));
        assertAccountsAreRight();
    }

    @Test
    void a_pause_outside_all_work_is_no_part_of_any() throws Exception {
        var outside = CompletableFuture.runAsync(() -> pauseAndNote(5, "outside"));
        agenda.advanceBy(Duration.ofSeconds(10));
        outside.get();
        assertThat(log).hasSize(1);
        assertAccountsAreRight();
    }

    @Test
    void a_pause_until_what_is_past_is_none() {
        pause.until(START);
        pause.until(START.minusSeconds(1));
    }

    @Test
    void a_pause_takes_the_real_time_and_never_less() {
        var live = new VirtualClock(InstantSource.system(), Duration.ofDays(1));
        try (var precise = new Agenda(live)) {
            var when = live.instant().plusMillis(30);
            new AgendaPause(precise).until(when);
            // The upper bound only says that it does not wait for a poll: a loaded machine may be slow.
            assertThat(live.instant()).isBetween(when, when.plusSeconds(5));
        }
    }

    @Test
    void a_reset_waits_for_the_end_of_every_pause() throws InterruptedException {
        var live = new VirtualClock(InstantSource.system(), Duration.ofDays(1));
        try (var its = new Agenda(live)) {
            var when = live.instant().plusMillis(300);
            its.at(when.minusMillis(300), "paused", track -> {
                try (var _ = track.crew(1)) {
                    its.pauseUntil(when);
                    log.add("resumed in time " + !live.instant().isBefore(when));
                }
            });

            its.reset();

            assertThat(log).containsExactly("resumed in time true");
            assertThat(live.offset()).isZero();
        }
    }

    @Test
    void a_closed_agenda_lets_nobody_pause() throws Exception {
        var begun = new CountDownLatch(1);
        var paused = CompletableFuture.runAsync(() -> {
            begun.countDown();
            pause.until(START.plusSeconds(1));
        });
        await(begun);
        crewAt(0, 1, () -> pause.until(START.plusSeconds(1)));
        agenda.advanceBy(Duration.ZERO);

        agenda.close();

        assertThatThrownBy(paused::get).hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the agenda is closed");
        assertThatThrownBy(() -> pause.until(START.plusSeconds(1))).hasMessage("the agenda is closed");
        pause.until(START);
    }

    @Test
    void only_work_in_flight_is_left_to_a_crew_of_somebody() {
        var track = agenda.begin("work");
        assertThatThrownBy(() -> track.crew(0)).isInstanceOf(IllegalArgumentException.class);
        track.close();
        assertThatThrownBy(() -> track.crew(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_crew_that_outlasts_the_work_is_no_part_of_any() throws InterruptedException {
        var track = agenda.begin("work");
        try (var _ = track.crew(2)) {
            track.close();
        }
        assertAccountsAreRight();
    }

    /** A move waits for work, and for nothing else. */
    private void assertAccountsAreRight() throws InterruptedException {
        try (var _ = agenda.begin("work")) {
            assertNotYet(move(0));
        }
        agenda.advanceBy(Duration.ZERO);
        assertThat(agenda.inFlight()).isEmpty();
    }

    private void assertNotYet(CompletableFuture<?> future) {
        assertThatThrownBy(() -> future.get(A_WHILE_MILLIS, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
    }

    private static boolean happens(CountDownLatch latch) {
        try {
            return latch.await(A_WHILE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void crewAt(long seconds, int size, Runnable work) {
        agenda.at(START.plusSeconds(seconds), "crew", track -> {
            try (var _ = track.crew(size)) {
                work.run();
            }
        });
    }

    private static void sideBySide(Runnable... works) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var work : works) {
                threads.execute(work);
            }
        }
    }

    private void pauseAndNote(long seconds, String what) {
        pause.until(START.plusSeconds(seconds));
        log.add(what + " " + clock.instant());
    }

    private void note(long seconds, String what) {
        agenda.at(START.plusSeconds(seconds), what, () -> log.add(what + " " + clock.instant()));
    }

    /** Nobody else tells the agenda that the real time has passed. */
    private void pass(Duration duration) {
        real.pass(duration);
        agenda.at(START, "tick", () -> {});
    }

    private CompletableFuture<Move> move(long seconds) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return agenda.advanceBy(Duration.ofSeconds(seconds));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
