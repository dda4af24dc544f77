package io.taskscheduler.local.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AgendaTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final ManualTime real = new ManualTime(START);
    private final VirtualClock clock = new VirtualClock(real);
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Agenda agenda = new Agenda(clock,
            (what, failure) -> failures.add(what + ": " + failure.getMessage()));
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        agenda.close();
    }

    @Test
    void what_became_due_fires_in_order_of_its_time_each_at_its_own_instant() throws InterruptedException {
        note(Duration.ofDays(2), "second");
        note(Duration.ofDays(1), "first");
        note(Duration.ofDays(4), "beyond");

        var move = agenda.advanceBy(Duration.ofDays(3));

        assertThat(log).containsExactly("first 2026-11-22T10:00:00Z", "second 2026-11-23T10:00:00Z");
        assertThat(move).isEqualTo(new Move(START.plus(Duration.ofDays(3)), 2));
        assertThat(clock.offset()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void what_a_step_sets_off_fires_in_its_turn() throws InterruptedException {
        note(Duration.ofHours(2), "later");
        agenda.at(START.plus(Duration.ofHours(1)), "setter", () -> {
            note(Duration.ofMinutes(90), "set off");
            note(Duration.ofMinutes(5), "due already");
        });

        assertThat(agenda.advanceBy(Duration.ofHours(3)).fired()).isEqualTo(4);

        assertThat(log).containsExactly("due already 2026-11-21T11:00:00Z", "set off 2026-11-21T11:30:00Z",
                "later 2026-11-21T12:00:00Z");
    }

    @Test
    void a_step_waits_for_work_outside_that_it_set_off() throws Exception {
        var reached = new CompletableFuture<Track>();
        agenda.at(START.plusSeconds(1), "asynchronous call", () -> reached.complete(agenda.begin("invocation")));
        note(Duration.ofSeconds(2), "next");

        var move = CompletableFuture.supplyAsync(() -> advance(Duration.ofSeconds(3)));
        var invocation = reached.get();
        assertThat(agenda.inFlight()).contains("invocation");
        log.add("invocation done " + clock.instant());
        invocation.close();

        assertThat(move.get().fired()).isEqualTo(2);
        assertThat(log).containsExactly("invocation done 2026-11-21T10:00:01Z", "next 2026-11-21T10:00:02Z");
    }

    @Test
    void what_is_due_at_once_runs_even_while_a_move_waits_for_the_one_that_set_it_off() throws InterruptedException {
        agenda.at(START.plusSeconds(1), "caller", () -> {
            var called = new CountDownLatch(1);
            agenda.at(clock.instant(), "called", called::countDown);
            await(called);
            log.add("answered");
        });

        agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(log).containsExactly("answered");
    }

    @Test
    void all_that_is_due_at_the_same_instant_runs_side_by_side() throws InterruptedException {
        var meeting = new CyclicBarrier(2_000);
        for (var i = 0; i < 2_000; i++) {
            agenda.at(START.plusSeconds(1), "one of many", () -> meet(meeting));
        }

        assertThat(agenda.advanceBy(Duration.ofSeconds(1)).fired()).isEqualTo(2_000);
        assertThat(failures).isEmpty();
    }

    @Test
    void what_is_past_runs_at_once() {
        var ran = new CountDownLatch(1);
        agenda.at(START.minusSeconds(1), "overdue", ran::countDown);
        await(ran);
    }

    @Test
    void a_cancelled_entry_never_runs() throws InterruptedException {
        var entry = note(Duration.ofSeconds(1), "cancelled");

        assertThat(entry.cancel()).isTrue();
        assertThat(entry.cancel()).isFalse();
        assertThat(agenda.advanceBy(Duration.ofSeconds(2)).fired()).isZero();
        assertThat(log).isEmpty();
    }

    @Test
    void an_entry_that_ran_cannot_be_cancelled() throws InterruptedException {
        var entry = note(Duration.ofSeconds(1), "done");
        agenda.advanceBy(Duration.ofSeconds(1));
        assertThat(entry.cancel()).isFalse();
    }

    @Test
    void the_background_fires_once_per_move_at_its_end_and_what_it_sets_off_too() throws InterruptedException {
        note(Duration.ofHours(1), "entry");
        agenda.everyInBackground(Duration.ofMinutes(1), "reconciler", () -> {
            log.add("reconciler " + clock.instant());
            agenda.at(clock.instant(), "woken", () -> log.add("woken"));
        });

        var move = agenda.advanceBy(Duration.ofHours(2));

        assertThat(log).containsExactly("entry 2026-11-21T11:00:00Z", "reconciler 2026-11-21T12:00:00Z", "woken");
        assertThat(move.fired()).isEqualTo(2);
    }

    @Test
    void what_looks_out_runs_before_a_move_and_at_its_end_and_what_it_finds_is_done_before_the_clock_moves()
            throws InterruptedException {
        note(Duration.ofHours(1), "entry");
        note(Duration.ofHours(2), "entry");
        agenda.lookEvery(Duration.ofMinutes(1), "look", () -> {
            log.add("look " + clock.instant());
            agenda.at(clock.instant(), "found", () -> log.add("found " + clock.instant()));
        });

        agenda.advanceBy(Duration.ofHours(2));

        assertThat(log).containsExactly("look 2026-11-21T10:00:00Z", "found 2026-11-21T10:00:00Z",
                "entry 2026-11-21T11:00:00Z", "entry 2026-11-21T12:00:00Z", "look 2026-11-21T12:00:00Z",
                "found 2026-11-21T12:00:00Z");
    }

    @Test
    void what_looks_out_looks_again_in_a_move_that_takes_longer_than_its_period() throws InterruptedException {
        note(Duration.ofHours(1), "entry");
        agenda.lookEvery(Duration.ofNanos(1), "look", () -> log.add("look " + clock.instant()));

        agenda.advanceBy(Duration.ofHours(2));

        assertThat(log).contains("look 2026-11-21T10:00:00Z", "look 2026-11-21T11:00:00Z",
                "look 2026-11-21T12:00:00Z");
    }

    @Test
    void the_background_recurs_in_real_time() {
        try (var live = new Agenda(new VirtualClock(InstantSource.system()))) {
            var runs = new CountDownLatch(3);
            var entry = live.everyInBackground(Duration.ofMillis(2), "sweep", runs::countDown);
            await(runs);
            assertThat(entry.cancel()).isTrue();
            assertThat(entry.cancel()).isFalse();
        }
    }

    @Test
    void real_time_that_passes_in_a_move_is_added_and_moves_on_what_is_due() throws InterruptedException {
        agenda.at(START.plusSeconds(10), "slow", () -> real.pass(Duration.ofSeconds(5)));
        note(Duration.ofSeconds(12), "meanwhile due");
        note(Duration.ofSeconds(64), "just after the target");

        var move = agenda.advanceBy(Duration.ofSeconds(60));

        assertThat(log).containsExactly("meanwhile due 2026-11-21T10:00:15Z",
                "just after the target 2026-11-21T10:01:04Z");
        assertThat(move.now()).isEqualTo(START.plusSeconds(65));
        assertThat(clock.offset()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void work_that_throws_is_reported_and_stops_nothing() throws InterruptedException {
        agenda.at(START.plusSeconds(1), "broken", () -> {
            throw new IllegalStateException("no");
        });
        agenda.at(START.plusSeconds(1), "worse", () -> {
            throw new AssertionError("never");
        });
        note(Duration.ofSeconds(2), "next");

        agenda.advanceBy(Duration.ofSeconds(2));

        assertThat(failures).containsExactlyInAnyOrder("broken: no", "worse: never");
        assertThat(log).hasSize(1);
    }

    @Test
    void the_clock_goes_neither_back_nor_beyond_the_year_9999() {
        for (var target : List.of(START.minusMillis(1), Instant.parse("+10000-01-01T00:00:00Z"))) {
            assertThatThrownBy(() -> agenda.advanceTo(target)).isInstanceOf(IllegalArgumentException.class);
        }
        for (var duration : List.of(Duration.ofMillis(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> agenda.advanceBy(duration)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void a_reset_returns_to_the_real_time_and_what_lies_ahead_then_waits() throws InterruptedException {
        agenda.advanceBy(Duration.ofDays(1));
        note(Duration.ofDays(1).plusSeconds(5), "ahead");
        agenda.everyInBackground(Duration.ofMinutes(1), "sweep", () -> log.add("sweep"));

        assertThat(agenda.reset()).isEqualTo(START);
        assertThat(clock.offset()).isZero();
        assertThat(log).isEmpty();

        agenda.advanceBy(Duration.ofDays(2));
        assertThat(log).containsExactly("ahead 2026-11-22T10:00:05Z", "sweep");
    }

    @Test
    void moves_wait_for_each_other() throws Exception {
        var other = new CompletableFuture<CompletableFuture<Move>>();
        agenda.at(START.plusSeconds(1), "a move within a move",
                () -> other.complete(CompletableFuture.supplyAsync(() -> advance(Duration
                        .ofMinutes(1)))));
        note(Duration.ofSeconds(70), "in the second move");

        assertThat(agenda.advanceBy(Duration.ofMinutes(1))).isEqualTo(new Move(START.plusSeconds(60), 1));
        assertThat(other.get().get()).isEqualTo(new Move(START.plusSeconds(120), 1));
    }

    @Test
    void an_entry_fires_in_real_time_and_never_early() {
        var live = new VirtualClock(InstantSource.system(), Duration.ofDays(1));
        try (var precise = new Agenda(live)) {
            var ran = new CompletableFuture<Instant>();
            var when = live.instant().plusMillis(30);
            precise.at(when, "soon", () -> ran.complete(live.instant()));
            // The upper bound only says that it does not wait for a poll: a loaded machine may be slow.
            assertThat(ran.join()).isBetween(when, when.plusSeconds(5));
        }
    }

    @Test
    void a_closed_agenda_starts_nothing_and_ends_a_move_that_waits() throws InterruptedException {
        var ran = new AtomicInteger();
        var reached = new CountDownLatch(1);
        var held = agenda.begin("never ends");
        var move = CompletableFuture.runAsync(() -> {
            reached.countDown();
            advance(Duration.ofSeconds(1));
        });
        await(reached);
        agenda.close();
        agenda.at(START, "too late", ran::incrementAndGet);

        assertThatThrownBy(move::join).hasRootCauseMessage("the agenda is closed");
        held.close();
        assertThat(agenda.inFlight()).isEmpty();
        assertThat(ran).hasValue(0);
    }

    private Entry note(Duration after, String what) {
        return agenda.at(START.plus(after), what, () -> log.add(what + " " + clock.instant()));
    }

    private Move advance(Duration duration) {
        try {
            return agenda.advanceBy(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
