package io.taskscheduler.local.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.QueueResource;

@Timeout(60)
class DueMessagesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final VirtualClock clock = new VirtualClock(() -> NOON);
    private final Agenda agenda = new Agenda(clock);
    private final List<Integer> claims = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        agenda.close();
    }

    @Test
    void what_is_due_together_comes_together() throws InterruptedException {
        CountDownLatch asked = threeMessagesAt(NOON, Duration.ZERO, 3);
        await(asked);
        assertThat(claims).containsExactlyInAnyOrder(3, 0, 0);
    }

    @Test
    void while_the_clock_is_moved_messages_come_one_by_one() throws InterruptedException {
        threeMessagesAt(NOON.plusSeconds(1), Duration.ZERO, 3);
        agenda.advanceBy(Duration.ofSeconds(2));
        assertThat(claims).containsExactly(1, 1, 1);
    }

    @Test
    void what_has_been_waited_for_comes_together_even_then() throws InterruptedException {
        threeMessagesAt(NOON.plusSeconds(1), Duration.ofSeconds(5), 1);
        agenda.advanceBy(Duration.ofSeconds(10));
        assertThat(claims).containsExactly(0, 0, 0, 3);
    }

    @Test
    void of_very_many_a_bounded_number_is_worked_on_and_the_rest_when_those_are_finished() throws InterruptedException {
        DueMessages due = new DueMessages(queue(Duration.ZERO), agenda, clock, _ -> {});
        IntStream.range(0, 150).mapToObj(Integer::toString)
                .forEach(id -> due.visible(new MessageWatch.Message(id, NOON.plusSeconds(1), 0)));
        agenda.advanceBy(Duration.ofSeconds(1));

        List<DueMessages.Waiting> first = due.claim();
        int all = first.size();
        for (List<DueMessages.Waiting> more = due.claim(); !more.isEmpty(); more = due.claim()) {
            all += more.size();
        }
        assertThat(all).isEqualTo(100);
        due.finished(first.subList(0, 9));
        assertThat(due.claim()).as("less than a batch of the many that wait").isEmpty();
        due.finished(first.subList(9, 10));
        assertThat(due.claim()).hasSize(10);
    }

    /** Each worker asks once, and none before so many have come. */
    private CountDownLatch threeMessagesAt(Instant when, Duration window, int workers) {
        CountDownLatch here = new CountDownLatch(workers);
        CountDownLatch asked = new CountDownLatch(workers);
        DueMessages[] due = new DueMessages[1];
        due[0] = new DueMessages(queue(window), agenda, clock, _ -> {
            here.countDown();
            await(here);
            claims.add(due[0].claim().size());
            asked.countDown();
        });
        List.of("a", "b", "c").forEach(id -> due[0].visible(new MessageWatch.Message(id, when, 0)));
        return asked;
    }

    private static EventSourceResource.Queue queue(Duration window) {
        QueueResource queue = new QueueResource("Q", "Q", "http://sqs/Q", "arn:aws:sqs:us-east-1:123456789012:Q",
                Duration.ofSeconds(30), Duration.ZERO, Duration.ofDays(4), false, Optional.empty());
        return new EventSourceResource.Queue("Work/M", "work", queue, 10, window, 5, false);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
