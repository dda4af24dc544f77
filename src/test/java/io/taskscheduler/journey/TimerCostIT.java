package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.OutsideCalls.Operation;
import io.taskscheduler.local.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What being woken costs a task on each way: the calls are counted in the running system and held to what they should be; the dollars are list
 * prices of us-east-1, and the average wait follows from how messages are delayed. The table is printed and written to {@code target/timer-cost.txt}.
 */
class TimerCostIT {

    /**
     * USD for a million, November 2026: SQS standard requests, schedules' invocations, strongly consistent reads of up to 4 KB on demand (AWS's
     * price pages), Lambda's requests.
     */
    private static final Map<String, Double> PRICES = Map.of("SQS request", 0.40, "schedule", 1.00, "read", 0.125,
            "Lambda request", 0.20);
    /** USD for a million GB-seconds on arm64, at the default memory of ExecuteTask. */
    private static final double GB_SECOND = 13.3334;
    private static final double MEMORY_GB = 0.5;
    /**
     * Of a time in any part of the second, the message is 0 to 0.95 s early in nineteen of twenty cases, and not early in the others. What is
     * ordered for a whole number of seconds ahead is not waited for.
     */
    private static final double AVERAGE_WAIT_SECONDS = 0.95 * 0.95 / 2;
    /** What a warm run that reads a task and sends a message takes: assumed, not measured on AWS. */
    private static final double HAND_OVER_SECONDS = 0.03;
    /** Sent, received and deleted; the last two are shared when more messages come at once. */
    private static final int REQUESTS_PER_MESSAGE = 3;

    private static final List<String> LINES = new ArrayList<>(
            List.of("%-24s %9s %9s %6s %9s %12s".formatted("USD for a million tasks", "messages", "schedules", "runs",
                    "waiting", "being woken")));
    private static @Nullable RunningSystem system;

    private final Laboratory lab = new Laboratory(new Caller(requireNonNull(system).api()));

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
    }

    @AfterAll
    static void end() throws IOException {
        requireNonNull(system).close();
        String table = String.join(System.lineSeparator(), LINES);
        System.out.println(table);
        Files.writeString(Path.of("target/timer-cost.txt"), table + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource({"near second, PT5M, second, 1, 0, 1, 1", "near minute, PT5M, minute, 1, 0, 1, 1",
            "far second, PT20M, second, 1, 1, 2, 2", "far minute, PT20M, minute, 0, 1, 1, 1"})
    void a_task_is_woken_by_as_few_calls_as_can_be(String way, String delay, String precision, int messages,
            int schedules, int reads, int runs) {
        OutsideCalls calls = lab.callsOf(List.of("ExecuteTaskFunction"), List.of(), () -> {
            String id = lab.caller().schedule("cost-" + UUID.randomUUID(),
                    "\"delay\": \"" + delay + "\", \"precision\": \"" + precision + "\"");
            return lab.moveUntilFinal(List.of(id));
        });

        assertThat(calls.requests()).containsExactlyInAnyOrderEntriesOf(expected(messages, schedules, reads));
        assertThat(calls.runs().get("ExecuteTaskFunction")).first().isEqualTo(runs);
        // The first run is the task's own; what leads to it is the timer's.
        double handOver = runs > 1 ? HAND_OVER_SECONDS * MEMORY_GB * GB_SECOND : 0;
        double waiting = precision.equals("second") ? AVERAGE_WAIT_SECONDS * MEMORY_GB * GB_SECOND : 0;
        double all = messages * REQUESTS_PER_MESSAGE * price("SQS request") + schedules * price("schedule")
                + (reads - 1) * price("read") + (runs - 1) * price("Lambda request") + handOver + waiting;
        LINES.add(String.format(Locale.ROOT, "%-24s %9d %9d %6d %9.2f %12.2f", way, messages, schedules, runs, waiting,
                all));
    }

    private static Map<Operation, Integer> expected(int messages, int schedules, int reads) {
        Map<Operation, Integer> all = new HashMap<>(Map.of(new Operation("dynamodb", "GetItem"), reads,
                new Operation("dynamodb", "PutItem"), 3));
        if (messages > 0) {
            all.put(new Operation("sqs", "SendMessage"), messages);
        }
        if (schedules > 0) {
            all.put(new Operation("scheduler", "CreateSchedule"), schedules);
        }
        return all;
    }

    private static double price(String what) {
        return requireNonNull(PRICES.get(what));
    }
}
