package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.RunningSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/** When tasks run, on the virtual clock and with far timers that fire anywhere in their minute. How late in real time is {@code bench/lateness}. */
class OnTheSecondIT {

    /** The clock runs on while it is moved: what a busy machine needs from a step to what follows from it. */
    private static final Duration BUSY = Duration.ofSeconds(5);

    private static @Nullable RunningSystem system;

    private final Caller caller = new Caller(requireNonNull(system).api());
    private final Laboratory lab = new Laboratory(caller);
    private final String inbox = "second-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        system = RunningSystem.startWithSpreadTimers();
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1S", "PT0.3S, PT2S", "PT14M59S, PT15M", "PT15M, PT16M", "PT15M1S, PT16M",
            "PT20M30.123S, PT21M",
            "P400D, P400DT1S"})
    void a_task_runs_at_its_time_however_far_ahead(String delay, String time) {
        String id = caller.schedule(inbox, "\"delay\": \"" + delay + "\"");

        caller.pass(time);

        JsonNode task = caller.task(id).json();
        assertThat(task.get("status").stringValue()).isEqualTo("completed");
        assertThat(task.get("late_by_ms").longValue()).isBetween(0L, BUSY.toMillis());
        assertThat(task.get("attempts").intValue()).isEqualTo(1);
        assertThat(receivedAt()).isAfterOrEqualTo(Instant.parse(task.get("run_at").stringValue()));
        assertThat(lab.farTimersOf(id)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT20S, PT25S, 1", "P2D, P2DT2M, 60"})
    void a_task_for_which_the_minute_is_enough_runs_within_it(String delay, String time, int latestSecond) {
        String id = caller.schedule(inbox, "\"delay\": \"" + delay + "\", \"precision\": \"minute\"");
        assertThat(caller.task(id).text("precision")).isEqualTo("minute");

        caller.pass(time);

        assertThat(caller.task(id).json().get("late_by_ms").longValue()).isBetween(0L,
                BUSY.plusSeconds(latestSecond).toMillis());
    }

    @Test
    void a_far_timer_of_a_task_for_which_the_minute_is_enough_fires_at_its_time_and_not_before() {
        String id = caller.schedule(inbox, "\"delay\": \"PT1H\", \"precision\": \"minute\"");

        caller.pass("PT59M50S");

        assertThat(lab.farTimersOf(id)).hasSize(1);
        assertThat(caller.deliveries(inbox)).isEmpty();
    }

    @Test
    void a_further_attempt_runs_at_its_time_too() {
        caller.tellInbox(inbox, "[{\"status\": 503}, {\"status\": 200}]");
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\", \"retry\": {\"initial_delay_seconds\": 40}");

        caller.pass("PT2M");

        JsonNode history = caller.task(id).json().get("history");
        Instant wanted = Instant.parse(history.get(3).get("next_attempt_at").stringValue());
        assertThat(Duration.between(wanted, Instant.parse(history.get(4).get("at").stringValue())))
                .isBetween(Duration.ZERO, BUSY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{\"source\": \"custom.timer\"}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": 7, \"wakeUp\": 1}}",
            "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"x\", \"wakeUp\": \"now\"}}", "256 KiB"})
    void a_message_that_is_none_of_ours_ends_in_the_dead_letter_queue_and_holds_up_nobody(String body) {
        lab.purge("DeadLetterQueue");
        send(body.equals("256 KiB") ? "x".repeat(256 * 1_024) : body);
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\"");

        caller.pass("PT3S");
        assertThat(caller.task(id).text("status")).isEqualTo("completed");
        assertThat(waiting("DeadLetterQueue")).isZero();
        // Five times, 33 minutes apart.
        caller.pass("PT3H");

        assertThat(waiting("TimerQueue")).isZero();
        assertThat(waiting("DeadLetterQueue")).isEqualTo(1);
    }

    @Test
    void a_message_of_an_unknown_task_is_done_with() {
        lab.purge("DeadLetterQueue");
        send("{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"nobody\", \"wakeUp\": 1}}");

        caller.pass("PT3H");

        assertThat(waiting("TimerQueue") + waiting("DeadLetterQueue")).isZero();
    }

    @Test
    void old_messages_of_a_task_do_nothing() {
        String id = caller.schedule(inbox, "\"delay\": \"PT5M\"");
        send("{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"" + id + "\", \"wakeUp\": 7}}");

        caller.pass("PT1M");
        assertThat(waiting("TimerQueue")).isEqualTo(1);
        caller.pass("PT5M");
        send("{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"" + id + "\", \"wakeUp\": 1}}");
        caller.pass("PT1M");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", "attempt_succeeded",
                "task_completed");
    }

    private Instant receivedAt() {
        return Instant.parse(caller.deliveries(inbox).getFirst().get("received_at").stringValue());
    }

    private static void send(String body) {
        try (SqsClient client = sqs()) {
            String url = client.getQueueUrl(get -> get.queueName("TimerQueue")).queueUrl();
            client.sendMessage(send -> send.queueUrl(url).messageBody(body));
        }
    }

    /** Delayed, visible or out of sight. */
    private static int waiting(String queue) {
        try (SqsClient client = sqs()) {
            String url = client.getQueueUrl(get -> get.queueName(queue)).queueUrl();
            return client.getQueueAttributes(get -> get.queueUrl(url).attributeNamesWithStrings("All"))
                    .attributesAsStrings().entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith("ApproximateNumberOfMessages"))
                    .mapToInt(entry -> Integer.parseInt(entry.getValue())).sum();
        }
    }

    private static SqsClient sqs() {
        return SqsClient.builder().region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create()).build();
    }
}
