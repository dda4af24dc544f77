package io.taskscheduler.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.app.AdoptTask.Reading;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.domain.Webhook;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RowRequestTest {

    private static final Instant PUT_AT = Instant.parse("2027-05-17T14:00:00Z");

    @Test
    void four_attributes_make_a_task() {
        Order order = valid("""
                {"task_id": "a", "action": "webhook", "payload": {"url": "https://example.com/", "data": {"n": 1.50}},
                 "run_at": "2027-05-17T15:00:00Z"}""");

        assertThat(order.runAt()).isEqualTo(Instant.parse("2027-05-17T15:00:00Z"));
        assertThat(order.retry()).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(((Webhook) order.action()).body().orElseThrow()).contains("\"n\"");
    }

    @Test
    void a_payload_as_text_keeps_its_data_as_it_was_written() {
        Order order = valid(
                rowWithPayloadText("{\"url\": \"https://example.com/\", \"data\": {\"b\":  1.0, \"a\": 1e2}}"));

        assertThat(((Webhook) order.action()).body()).contains("{\"b\":  1.0, \"a\": 1e2}");
    }

    @Test
    void what_the_api_takes_beside_them_is_taken_and_what_belongs_to_another_program_is_passed_over() {
        Order order = valid(
                """
                        {"task_id": "a", "action": "webhook", "payload": {"url": "https://example.com/"}, "status": "new",
                         "run_at": "2027-05-17T17:30:00", "timezone": "Europe/Rome", "expires_at": "2027-05-17T16:00:00Z",
                         "labels": {"order": "4711"}, "retry": {"max_attempts": 1}, "delay": "nonsense", "customer": {"x": [1]}}""");

        assertThat(order.runAt()).isEqualTo(Instant.parse("2027-05-17T15:30:00Z"));
        assertThat(order.expiresAt()).isEqualTo(Optional.of(Instant.parse("2027-05-17T16:00:00Z")));
        assertThat(order.labels()).containsEntry("order", "4711");
        assertThat(order.retry().maxAttempts()).isEqualTo(1);
    }

    @Test
    void every_fault_is_told_with_its_member() {
        Reading.Invalid invalid = invalid("{\"task_id\": \"a\", \"action\": \"email\", \"payload\": {}}");

        assertThat(invalid.action()).isEqualTo("email");
        assertThat(invalid.violations()).extracting(Violation::member).containsExactlyInAnyOrder("action",
                "payload.url", "run_at");
    }

    @Test
    void a_text_that_closes_the_payload_and_goes_on_adds_no_member() {
        invalid(rowWithPayloadText("{\"url\": \"https://a.example/\"}, \"labels\": {\"x\": \"y\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"payload | 7", "payload | []", "payload | \"hello\"",
            "payload | \"[1]\"", "run_at | 1789000000", "run_at | \"2020-01-01T00:00:00Z\"", "labels | [\"a\"]",
            "action | {}"})
    void an_attribute_of_another_shape_is_a_fault_and_no_exception(String name, String value) {
        Map<String, String> row = new LinkedHashMap<>(Map.of("action", "\"webhook\"", "payload",
                "{\"url\": \"https://example.com/\"}", "run_at", "\"2027-05-17T15:00:00Z\""));
        row.put(name, value);

        Reading.Invalid invalid = invalid(
                row.entrySet().stream().map(member -> "\"" + member.getKey() + "\": " + member.getValue())
                        .collect(Collectors.joining(", ", "{", "}")));

        assertThat(invalid.violations()).isNotEmpty();
    }

    @Test
    void a_row_that_is_too_large_is_refused() {
        assertThat(invalid(rowWithPayloadText("\"" + "x".repeat(270_000) + "\"")).violations().toString())
                .contains("at most");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void a_row_may_ask_to_be_redacted(String redact, boolean redacted) {
        assertThat(valid(
                "{\"action\": \"webhook\", \"run_at\": \"2027-05-17T15:00:00Z\", \"payload\": {\"url\": \"https://a.example\"}, \"redact\": "
                        + redact + "}")
                .redact()).isEqualTo(redacted);
    }

    /** A parser's words quote what it stumbles over, and faults are kept where others see them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"true | true", "false | false", "\"yes\" | true",
            "null | true", "1 | true"})
    void an_invalid_row_is_not_quoted_and_may_have_asked_to_be_redacted(String redact, boolean redacted) {
        String row = rowWithPayloadText("{\"data\": S3cr3t}").replaceFirst("}$", ", \"redact\": " + redact + "}");

        Reading.Invalid invalid = invalid(row);

        assertThat(invalid.redact()).isEqualTo(redacted);
        assertThat(invalid.violations().toString()).contains("is not valid JSON, at line 1, column 10")
                .doesNotContain("S3cr3t");
        assertThat(invalid.violations()).extracting(Violation::member).contains("payload");
    }

    private static String rowWithPayloadText(String payload) {
        return "{\"action\": \"webhook\", \"run_at\": \"2027-05-17T15:00:00Z\", \"payload\": "
                + JsonMapper.builder().build().writeValueAsString(payload) + "}";
    }

    private static Order valid(String row) {
        if (RowRequest.read(row, Webhooks.RULES, PUT_AT) instanceof Reading.Valid(Order order)) {
            return order;
        }
        throw new AssertionError(RowRequest.read(row, Webhooks.RULES, PUT_AT));
    }

    private static Reading.Invalid invalid(String row) {
        if (RowRequest.read(row, Webhooks.RULES, PUT_AT) instanceof Reading.Invalid invalid) {
            return invalid;
        }
        throw new AssertionError("taken: " + row);
    }
}
