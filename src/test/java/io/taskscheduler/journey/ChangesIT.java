package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.local.RunningSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** Tasks that their callers cancel, move, edit, run at once and keep under a name: what their receivers see of that. */
class ChangesIT {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String OTHER_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static @Nullable RunningSystem system;
    private static @Nullable Laboratory laboratory;

    private final Caller caller = new Caller(requireNonNull(system).api());
    private final Laboratory lab = requireNonNull(laboratory);
    private final String inbox = "inbox-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        system = RunningSystem.start();
        laboratory = new Laboratory(new Caller(system.api()));
    }

    @AfterAll
    static void end() {
        requireNonNull(laboratory).close();
        requireNonNull(system).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2M", "PT20M"})
    void a_cancelled_task_is_never_called_though_its_timer_fires(String delay) {
        String id = caller.schedule(inbox, "\"delay\": \"" + delay + "\"");
        assertThat(lab.farTimersOf(id)).hasSize(delay.equals("PT2M") ? 0 : 1);
        assertThat(change("DELETE", id, "").status()).isEqualTo(200);

        caller.pass("PT30M");
        caller.pass("PT3M");

        assertThat(lab.farTimersOf(id)).isEmpty();
        assertThat(caller.deliveries(inbox)).isEmpty();
        assertThat(legal(id).get("status").stringValue()).isEqualTo("cancelled");
        assertThat(caller.history(id)).containsExactly("task_scheduled", "task_cancelled");
        assertThat(legal(id).get("history").valueStream()).extracting(line -> line.get("by").stringValue())
                .containsOnly("anonymous");
    }

    @ParameterizedTest
    @CsvSource({"PT5M, PT10M", "PT10M, PT2M", "PT5M, PT3H", "PT3H, PT5M", "PT3H, PT5H", "PT5H, PT1H"})
    void a_moved_task_is_called_once_at_its_new_time_and_its_old_timers_do_nothing(String from, String to) {
        String id = caller.schedule(inbox, "\"delay\": \"" + from + "\"");
        Instant runAt = Instant.parse(change("PATCH", id, "{\"delay\": \"" + to + "\"}").text("run_at"));

        caller.pass(Duration.between(caller.now(), runAt).minusSeconds(1).toString());
        assertThat(caller.deliveries(inbox)).isEmpty();
        caller.pass("PT6H");
        caller.pass("PT3M");

        assertThat(received(onlyDelivery())).isBetween(runAt, runAt.plusSeconds(5));
        assertThat(header(onlyDelivery(), "task-scheduled-at")).isEqualTo(runAt.toString());
        assertThat(legal(id).get("attempts").intValue()).isEqualTo(1);
        assertThat(caller.history(id)).containsExactly("task_scheduled", "task_rescheduled", "attempt_started",
                "attempt_succeeded", "task_completed");
    }

    @Test
    void what_was_edited_is_what_is_sent_and_how_often() {
        caller.tellInbox(inbox, "[{\"status\": 503}]");
        String id = caller.schedule("nobody", "\"delay\": \"PT2M\"");
        assertThat(change("PATCH", id, """
                {"payload": {"url": "%s", "data": {"a": 1.0}, "method": "PUT", "headers": {"x-team": "billing"}},
                 "retry": {"max_attempts": 1}}""".formatted(lab.url(inbox))).status()).isEqualTo(200);

        caller.pass("PT2H");

        assertThat(onlyDelivery().get("body").stringValue()).isEqualTo("{\"a\": 1.0}");
        assertThat(onlyDelivery().get("method").stringValue()).isEqualTo("PUT");
        assertThat(header(onlyDelivery(), "x-team")).isEqualTo("billing");
        assertThat(caller.deliveries("nobody")).isEmpty();
        assertThat(legal(id).get("status").stringValue()).isEqualTo("failed");
    }

    @Test
    void a_far_task_that_is_told_to_run_does_so_at_once_and_never_again() {
        String id = caller.schedule(inbox, "\"delay\": \"P3D\"");
        Answer told = change("POST", id + "/run", "");

        caller.pass("PT5S");
        assertThat(told.status()).isEqualTo(202);
        assertThat(received(onlyDelivery())).isBetween(Instant.parse(told.text("run_at")),
                Instant.parse(told.text("run_at")).plusSeconds(5));
        caller.pass("P4D");

        assertThat(caller.deliveries(inbox)).hasSize(1);
        assertThat(legal(id).get("status").stringValue()).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"200, completed, attempt_succeeded, task_completed", "404, failed, attempt_failed, task_failed"})
    void a_task_that_has_ended_is_called_again_and_its_former_history_stays(int status, String ended, String attempt,
            String end) {
        caller.tellInbox(inbox, "[{\"status\": " + status + "}, {\"status\": 200}]");
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\"");
        caller.pass("PT5S");
        assertThat(caller.task(id).text("status")).isEqualTo(ended);

        assertThat(change("POST", id + "/run", "").status()).isEqualTo(202);
        caller.pass("PT5S");

        assertThat(caller.deliveries(inbox)).extracting(delivery -> header(delivery, "task-attempt"))
                .containsExactly("1", "1");
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", attempt, end,
                "task_run_again", "attempt_started", "attempt_succeeded", "task_completed");
        assertThat(legal(id).get("attempts").intValue()).isEqualTo(1);
        Witness.check(legal(id), caller.deliveries(inbox), Duration.ZERO);
    }

    @Test
    void a_retry_that_is_brought_forward_is_made_at_once_and_not_once_more_at_its_old_time() {
        caller.tellInbox(inbox, "[{\"status\": 503}, {\"status\": 200}]");
        String id = caller.schedule(inbox, "\"delay\": \"PT1S\", \"retry\": {\"initial_delay_seconds\": 3600}");
        caller.pass("PT5S");
        assertThat(change("POST", id + "/run", "").json().get("attempts").intValue()).isEqualTo(1);

        caller.pass("PT5S");
        assertThat(caller.deliveries(inbox)).hasSize(2);
        caller.pass("PT3H");

        assertThat(caller.deliveries(inbox)).hasSize(2);
        assertThat(caller.history(id)).containsExactly("task_scheduled", "attempt_started", "attempt_failed",
                "retry_scheduled", "retry_scheduled", "attempt_started", "attempt_succeeded", "task_completed");
        assertThat(legal(id).get("status").stringValue()).isEqualTo("completed");
    }

    @Test
    void a_task_that_is_put_five_times_is_called_once_with_the_last_data() {
        String name = name();
        Answer first = put(name, "PT2M", ", \"labels\": {\"n\": \"0\"}", "0");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("location")).isEqualTo("/tasks/" + name);
        for (int n = 1; n <= 5; n++) {
            caller.pass("PT30S");
            assertThat(put(name, "PT2M", "", Integer.toString(n)).status()).isEqualTo(200);
        }
        Instant runAt = Instant.parse(caller.task(name).text("run_at"));

        caller.pass("PT1H");

        assertThat(onlyDelivery().get("body").stringValue()).isEqualTo("5");
        assertThat(received(onlyDelivery())).isBetween(runAt, runAt.plusSeconds(5));
        assertThat(legal(name).get("labels")).isEmpty();
    }

    @Test
    void a_task_is_not_put_off_for_longer_than_max_delay() {
        String name = name();
        Instant created = Instant.parse(put(name, "PT2M", ", \"max_delay\": \"PT3M\"", "0").text("created_at"));
        for (int n = 1; n <= 5; n++) {
            caller.pass("PT30S");
            put(name, "PT2M", ", \"max_delay\": \"PT3M\"", Integer.toString(n));
        }

        caller.pass("PT1H");

        assertThat(onlyDelivery().get("body").stringValue()).isEqualTo("5");
        assertThat(received(onlyDelivery())).isBetween(created.plusSeconds(180), created.plusSeconds(185));
        legal(name);
    }

    @Test
    void a_name_whose_task_has_ended_is_given_to_a_new_one_when_that_is_wished() {
        String name = name();
        put(name, "PT1S", "", "1");
        caller.pass("PT5S");
        assertThat(put(name, "PT1S", "", "2").text("code")).isEqualTo("already_finished");
        assertThat(put(name, "PT1S", ", \"if_finished\": \"replace\"", "3").status()).isEqualTo(201);

        caller.pass("PT5S");

        assertThat(caller.deliveries(inbox)).extracting(delivery -> delivery.get("body").stringValue())
                .containsExactly("1", "3");
        assertThat(caller.history(name)).hasSize(4);
        legal(name);
    }

    @Test
    void a_change_on_a_version_that_has_passed_is_refused_and_a_known_one_is_not_sent_again() {
        String id = caller.schedule(inbox, "\"delay\": \"PT2M\"");
        String first = caller.task(id).header("etag");
        Answer moved = caller.call("PATCH", "/tasks/" + id, "{\"delay\": \"PT5M\"}", "If-Match", first);

        assertThat(moved.status()).isEqualTo(200);
        assertThat(caller.call("PATCH", "/tasks/" + id, "{\"delay\": \"PT9M\"}", "If-Match", first).status())
                .isEqualTo(412);
        assertThat(caller.call("DELETE", "/tasks/" + id, "", "If-Match", first).status()).isEqualTo(412);
        assertThat(caller.call("GET", "/tasks/" + id, "", "If-None-Match", moved.header("etag")).status())
                .isEqualTo(304);
        assertThat(caller.call("GET", "/tasks/" + id, "", "If-None-Match", first).status()).isEqualTo(200);
        assertThat(caller.task(id).text("run_at")).isEqualTo(moved.text("run_at"));
        caller.pass("PT10M");
        assertThat(received(onlyDelivery())).isAfterOrEqualTo(Instant.parse(moved.text("run_at")));
    }

    @Test
    void the_trace_of_the_last_request_arrives_with_the_webhook() {
        String id = caller.call("POST", "/schedule-task", body("PT2M", "", "1"), "traceparent", TRACE).text("task_id");
        caller.call("PATCH", "/tasks/" + id, "{\"delay\": \"PT3M\"}", "traceparent", OTHER_TRACE);
        caller.call("POST", "/schedule-task", body("PT2M", "", "2"), "traceparent", TRACE);

        caller.pass("PT10M");

        assertThat(caller.deliveries(inbox)).extracting(delivery -> header(delivery, "traceparent"))
                .containsExactly(TRACE, OTHER_TRACE);
    }

    @Test
    void a_task_whose_retention_is_over_is_gone_and_its_name_free_also_while_its_row_is_there() {
        String name = name();
        put(name, "PT1S", "", "1");
        String keyed = caller.call("POST", "/schedule-task", body("PT1S", "", "1"), "Idempotency-Key", inbox)
                .text("task_id");
        caller.pass("PT5S");
        List<Map<String, AttributeValue>> rows = List.of(lab.row(name), lab.row(keyed));
        caller.pass("P31D");
        rows.forEach(lab::putRow);

        for (String gone : List.of(name, keyed)) {
            assertThat(caller.task(gone).status()).isEqualTo(404);
            assertThat(change("DELETE", gone, "").status()).isEqualTo(404);
            assertThat(change("PATCH", gone, "{\"labels\": {}}").status()).isEqualTo(404);
            assertThat(change("POST", gone + "/run", "").status()).isEqualTo(404);
        }
        assertThat(put(name, "PT1S", "", "2").status()).isEqualTo(201);
        assertThat(caller.call("POST", "/schedule-task", body("PT1S", "", "2"), "Idempotency-Key", inbox).status())
                .isEqualTo(201);
        caller.pass("PT5S");
        assertThat(caller.deliveries(inbox)).extracting(delivery -> delivery.get("body").stringValue())
                .containsExactly("1", "1", "2", "2");
    }

    @Test
    void the_longest_name_has_a_far_timer_too() {
        String name = (name() + "x".repeat(64)).substring(0, 64);
        assertThat(put(name, "PT3H", "", "1").status()).isEqualTo(201);
        assertThat(put(name, "PT4H", "", "2").status()).isEqualTo(200);

        caller.pass("PT5H");

        assertThat(header(onlyDelivery(), "webhook-id")).isEqualTo(name);
        assertThat(legal(name).get("history").get(3).get("by").stringValue()).isEqualTo("timer");
    }

    private Answer change(String method, String path, String body) {
        return caller.call(method, "/tasks/" + path, body);
    }

    private Answer put(String name, String delay, String members, String data) {
        return caller.call("PUT", "/tasks/" + name, body(delay, members, data));
    }

    private String body(String delay, String members, String data) {
        return """
                {"action": "webhook", "payload": {"url": "%s", "data": %s}, "delay": "%s"%s}""".formatted(
                lab.url(inbox), data, delay, members);
    }

    private JsonNode legal(String id) {
        JsonNode task = caller.task(id).json();
        LegalHistory.check(task);
        return task;
    }

    private JsonNode onlyDelivery() {
        List<JsonNode> deliveries = caller.deliveries(inbox);
        assertThat(deliveries).hasSize(1);
        return deliveries.getFirst();
    }

    private static String name() {
        return "name-" + UUID.randomUUID();
    }

    private static Instant received(JsonNode delivery) {
        return Instant.parse(delivery.get("received_at").stringValue());
    }

    private static String header(JsonNode delivery, String name) {
        return delivery.get("headers").path(name).asString("");
    }
}
