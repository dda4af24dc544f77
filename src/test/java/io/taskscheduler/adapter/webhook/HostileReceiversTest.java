package io.taskscheduler.adapter.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.Webhook.Method;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a receiver answers ends an attempt as a result, in time, and takes no more than a bounded part of what it sends. */
@Timeout(120)
class HostileReceiversTest {

    private static final Path TABLE = Path.of("target", "abuse.txt");
    private static final List<String> ROWS = new CopyOnWriteArrayList<>();

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    // A machine with two cores that does something else too.
    private static final Duration SLACK = Duration.ofSeconds(4);
    // 64 KiB of a body, or 200 lines of 16 KiB of a head; the rest is what lies in the buffers of both sides' kernels.
    private static final long MOST_TAKEN = 8L << 20;
    private static final long MOST_GROWTH = 8L << 20;

    private final WebhookActions actions = Webhooks.actions(new ManualClock(Tasks.RUN_AT));

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.taskscheduler.adapter.webhook.HostileReceiver#all")
    void an_attempt_at_a_hostile_receiver_ends_in_bounds(HostileReceiver hostile) throws IOException {
        AtomicLong taken = new AtomicLong();
        try (RawReceiver receiver = hostile.start(taken)) {
            long begun = System.nanoTime();
            AttemptResult result = attempt(receiver);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            String outcome = outcome(result);
            ROWS.add("%-32s | %-20s | %10d | %5d".formatted(hostile.name(), outcome, taken.get(), took.toMillis()));

            assertThat(outcome).isEqualTo(hostile.outcome());
            assertThat(text(result)).hasSizeLessThanOrEqualTo(AttemptResult.MAX_TEXT);
            assertThat(taken.get()).isLessThan(MOST_TAKEN);
            assertThat(took).isLessThan(TIMEOUT.plus(SLACK));
        }
    }

    @Test
    void nothing_of_a_hundred_hostile_answers_stays_in_memory() throws IOException {
        List<HostileReceiver> quick = HostileReceiver.all()
                .filter(hostile -> !hostile.outcome().equals("timeout") && !hostile.name().startsWith("a byte at")
                        && !hostile.name().contains("never sent") && !hostile.name().startsWith("gzip"))
                .toList();
        attemptAll(quick);
        long before = usedHeap();
        attemptAll(quick);
        attemptAll(quick);
        long growth = usedHeap() - before;

        ROWS.add("%d more attempts at those that do not wait: %d KB more in the heap".formatted(2 * quick.size(),
                growth / 1_024));
        assertThat(growth).isLessThan(MOST_GROWTH);
    }

    @AfterAll
    static void print() throws IOException {
        Files.createDirectories(TABLE.toAbsolutePath().getParent());
        Files.writeString(TABLE, "receiver                         | outcome              | bytes taken |    ms%n%s%n"
                .formatted(String.join(System.lineSeparator(), ROWS)));
    }

    private void attemptAll(List<HostileReceiver> receivers) throws IOException {
        for (HostileReceiver hostile : receivers) {
            try (RawReceiver receiver = hostile.start(new AtomicLong())) {
                attempt(receiver);
            }
        }
    }

    private AttemptResult attempt(RawReceiver receiver) {
        Webhook webhook = new Webhook(receiver.url("/"), Method.POST, Map.of(), Optional.of("{}"), TIMEOUT);
        return actions.perform(new Attempt(Tasks.ID, webhook, 1, Tasks.RUN_AT, false, Optional.empty()));
    }

    private static String outcome(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Response response -> Integer.toString(response.statusCode());
            case AttemptResult.Failure failure -> failure.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String text(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Response response -> response.body();
            case AttemptResult.Failure failure -> failure.message();
        };
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
