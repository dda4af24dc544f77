package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The judge of the journeys is judged here: by lives that a task can have, each of them spoilt in one place. */
class LegalHistoryTest {

    private static final String RETRIED = """
            {"status": "completed", "attempts": 2, "run_at": "2027-01-01T00:00:10Z", "finished_at": "2027-01-01T00:02:22Z",
             "payload": {"timeout_seconds": 30}, "retry": {"max_attempts": 2},
             "history": [
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "attempt_started", "at": "2027-01-01T00:00:11Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_failed", "at": "2027-01-01T00:00:12Z", "attempt": 1,
               "result": {"kind": "response", "status_code": 503}},
              {"type": "retry_scheduled", "at": "2027-01-01T00:00:12Z", "next_attempt_at": "2027-01-01T00:02:12Z"},
              {"type": "attempt_started", "at": "2027-01-01T00:02:20Z", "attempt": 2, "by": "reconciler"},
              {"type": "attempt_succeeded", "at": "2027-01-01T00:02:22Z", "attempt": 2,
               "result": {"kind": "response", "status_code": 204}},
              {"type": "task_completed", "at": "2027-01-01T00:02:22Z"}]}""";

    private static final String LOST = """
            {"status": "failed", "attempts": 1, "run_at": "2027-01-01T00:00:10Z", "finished_at": "2027-01-01T00:02:00Z",
             "payload": {"timeout_seconds": 30}, "retry": {"max_attempts": 1},
             "history": [
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "attempt_started", "at": "2027-01-01T00:01:00Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_lost", "at": "2027-01-01T00:02:00Z", "attempt": 1, "by": "reconciler"},
              {"type": "task_failed", "at": "2027-01-01T00:02:00Z", "reason": "attempts_exhausted"}]}""";

    private static final String REFUSED = """
            {"status": "failed", "attempts": 0, "run_at": "2027-01-01T00:00:10Z", "finished_at": "2027-01-01T00:02:00Z",
             "history": [{"type": "task_failed", "at": "2027-01-01T00:02:00Z", "reason": "invalid_task"}]}""";

    private static final String EXPIRED = """
            {"status": "expired", "attempts": 0, "run_at": "2027-01-01T00:00:10Z", "expires_at": "2027-01-01T00:01:00Z",
             "finished_at": "2027-01-01T00:01:00Z", "retry": {"max_attempts": 1},
             "history": [{"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "task_expired", "at": "2027-01-01T00:01:00Z", "by": "timer"}]}""";

    /** Moved and edited before its first attempt, brought forward after it, and moved again; then nobody wanted it any more. */
    private static final String CANCELLED = """
            {"status": "cancelled", "attempts": 0, "run_at": "2027-01-01T09:00:00Z", "finished_at": "2027-01-01T08:00:00Z",
             "payload": {"timeout_seconds": 30}, "retry": {"max_attempts": 3},
             "history": [
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "task_edited", "at": "2027-01-01T00:00:01Z", "changed": ["labels", "retry"], "by": "ann"},
              {"type": "task_rescheduled", "at": "2027-01-01T00:00:01Z", "next_attempt_at": "2027-01-01T01:00:00Z",
               "by": "ann"},
              {"type": "attempt_started", "at": "2027-01-01T01:00:01Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_failed", "at": "2027-01-01T01:00:02Z", "attempt": 1,
               "result": {"kind": "response", "status_code": 503}},
              {"type": "retry_scheduled", "at": "2027-01-01T01:00:02Z", "next_attempt_at": "2027-01-01T02:00:02Z"},
              {"type": "retry_scheduled", "at": "2027-01-01T01:30:00Z", "next_attempt_at": "2027-01-01T01:30:00Z",
               "by": "bob"},
              {"type": "attempt_started", "at": "2027-01-01T01:30:01Z", "attempt": 2, "by": "timer"},
              {"type": "attempt_failed", "at": "2027-01-01T01:30:02Z", "attempt": 2,
               "result": {"kind": "response", "status_code": 503}},
              {"type": "retry_scheduled", "at": "2027-01-01T01:30:02Z", "next_attempt_at": "2027-01-01T03:30:02Z"},
              {"type": "task_rescheduled", "at": "2027-01-01T02:00:00Z", "next_attempt_at": "2027-01-01T09:00:00Z",
               "by": "ann"},
              {"type": "task_cancelled", "at": "2027-01-01T08:00:00Z", "by": "ann"}]}""";

    /** It has had its round, and waits in another. */
    private static final String RUN_AGAIN = """
            {"status": "scheduled", "attempts": 1, "run_at": "2027-01-01T06:00:00Z",
             "next_attempt_at": "2027-01-01T06:10:00Z", "payload": {"timeout_seconds": 30}, "retry": {"max_attempts": 2},
             "history": [
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "attempt_started", "at": "2027-01-01T00:00:11Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_succeeded", "at": "2027-01-01T00:00:12Z", "attempt": 1,
               "result": {"kind": "response", "status_code": 204}},
              {"type": "task_completed", "at": "2027-01-01T00:00:12Z"},
              {"type": "task_run_again", "at": "2027-01-01T06:00:00Z", "by": "ann"},
              {"type": "attempt_started", "at": "2027-01-01T06:00:01Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_failed", "at": "2027-01-01T06:00:02Z", "attempt": 1,
               "result": {"kind": "error", "error": "timeout"}},
              {"type": "retry_scheduled", "at": "2027-01-01T06:00:02Z", "next_attempt_at": "2027-01-01T06:10:00Z"}]}""";

    /** 100 lines of former rounds are gone. */
    private static final String CUT = """
            {"status": "completed", "attempts": 1, "run_at": "2027-01-01T06:00:00Z", "finished_at": "2027-01-01T06:00:02Z",
             "payload": {"timeout_seconds": 30}, "retry": {"max_attempts": 2},
             "history": [
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z", "by": "anonymous"},
              {"type": "history_cut", "at": "2027-01-01T03:00:00Z", "lines": 100, "failed_attempts": 12},
              {"type": "attempt_failed", "at": "2027-01-01T03:30:02Z", "attempt": 2,
               "result": {"kind": "response", "status_code": 503}},
              {"type": "task_failed", "at": "2027-01-01T03:30:02Z", "reason": "attempts_exhausted"},
              {"type": "task_run_again", "at": "2027-01-01T04:00:00Z", "by": "ann"},
              EDITS
              {"type": "task_rescheduled", "at": "2027-01-01T05:00:00Z", "next_attempt_at": "2027-01-01T06:00:00Z",
               "by": "ann"},
              {"type": "attempt_started", "at": "2027-01-01T06:00:01Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_succeeded", "at": "2027-01-01T06:00:02Z", "attempt": 1,
               "result": {"kind": "response", "status_code": 204}},
              {"type": "task_completed", "at": "2027-01-01T06:00:02Z"}]}"""
            .replace("EDITS", """
                    {"type": "task_edited", "at": "2027-01-01T04:00:00Z", "changed": ["labels"], "by": "ann"},
                    """.repeat(55));

    @Test
    void lives_that_a_task_can_have_are_legal() {
        assertThat(LegalHistory.faults(json(RETRIED))).isEmpty();
        assertThat(LegalHistory.faults(json(LOST))).isEmpty();
        assertThat(LegalHistory.faults(json(REFUSED))).isEmpty();
        assertThat(LegalHistory.faults(json(EXPIRED))).isEmpty();
        assertThat(LegalHistory.faults(json(CANCELLED))).isEmpty();
        assertThat(LegalHistory.faults(json(RUN_AGAIN))).isEmpty();
        assertThat(LegalHistory.faults(json(CUT))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "status": "cancelled"          | "status": "completed"     | the status is completed
            "by": "bob"                    | "by": " "                 | by nobody
            "by": "bob"                    | "traceparent": "bob"      | in the past
            "task_cancelled", "at": "2027-01-01T08:00:00Z", "by": "ann" | "task_cancelled", "at": "2027-01-01T08:00:00Z" | by nobody
            "changed": ["labels", "retry"], "by": "ann" | "changed": ["labels", "retry"] | by nobody
            "changed": ["labels", "retry"] | "changed": []             | cannot be changed
            "changed": ["labels", "retry"] | "changed": ["task_id"]    | cannot be changed
            "max_attempts": 3              | "max_attempts": 1         | too many
            01:30:00Z", "next_attempt_at": "2027-01-01T01:30:00Z" | 01:30:00Z", "next_attempt_at": "2027-01-01T01:30:01Z" | to its moment
            "next_attempt_at": "2027-01-01T02:00:02Z" | "next_attempt_at": "2027-01-01T01:30:00Z" | brings nothing forward
            "at": "2027-01-01T01:00:01Z"   | "at": "2027-01-01T00:59:59Z" | began before
            "at": "2027-01-01T01:30:01Z"   | "at": "2027-01-01T01:29:59Z" | began before
            "attempt": 2, "by"             | "attempt": 1, "by"        | is not attempt 2
            "run_at": "2027-01-01T09:00:00Z" | "run_at": "2027-01-01T09:00:01Z" | run_at is not
            task_rescheduled               | task_run_again            | cannot follow
            "attempts": 0                  | "attempts": 2             | counts 2
            "cancelled", "attempts": 0     | "cancelled", "next_attempt_at": "2027-01-01T09:00:00Z", "attempts": 0 | next_attempt_at is not
            task_cancelled                 | task_rescheduled          | the status
            """, quoteCharacter = '`')
    void a_task_that_was_changed_and_spoilt_in_one_place_is_not_legal(String right, String wrong, String said) {
        assertThat(spoilt(CANCELLED, right, wrong)).anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            task_run_again                 | task_rescheduled          | cannot follow
            "run_at": "2027-01-01T06:00:00Z" | "run_at": "2027-01-01T00:00:00Z" | run_at is not
            "at": "2027-01-01T06:00:01Z"   | "at": "2027-01-01T05:00:01Z" | began before
            06:00:01Z", "attempt": 1       | 06:00:01Z", "attempt": 2  | is not attempt 1
            "at": "2027-01-01T06:00:00Z", "by": "ann" | "at": "2027-01-01T06:00:00Z" | by nobody
            "attempts": 1                  | "attempts": 2             | counts 2
            "scheduled", "attempts": 1, "run_at": "2027-01-01T06:00:00Z", "next_attempt_at": "2027-01-01T06:10:00Z" | "scheduled", "attempts": 1, "run_at": "2027-01-01T06:00:00Z", "next_attempt_at": "2027-01-01T06:00:00Z" | next_attempt_at is not
            """, quoteCharacter = '`')
    void a_task_that_was_run_again_and_spoilt_in_one_place_is_not_legal(String right, String wrong, String said) {
        assertThat(spoilt(RUN_AGAIN.replaceAll("\\s+", " "), right, wrong))
                .anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "lines": 100                   | "lines": 1                | worth its own line
            "lines": 100                   | "lines": 11               | counts what it cannot
            "at": "2027-01-01T03:00:00Z"   | "at": "2026-01-01T03:00:00Z" | above it
            "at": "2027-01-01T06:00:01Z", "attempt": 1 | "at": "2027-01-01T06:00:01Z", "attempt": 2 | is not attempt 1
            "at": "2027-01-01T06:00:01Z"   | "at": "2027-01-01T05:00:01Z" | began before
            task_rescheduled               | task_edited               | cannot be changed
            attempts_exhausted             | bad_luck                  | a reason that is none
            """, quoteCharacter = '`')
    void a_long_history_that_is_spoilt_in_one_place_is_not_legal(String right, String wrong, String said) {
        assertThat(spoilt(CUT, right, wrong)).anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @Test
    void a_history_is_cut_in_its_second_line_where_it_must_be_and_never_in_its_last_round() {
        String cut = "{\"type\": \"history_cut\", \"at\": \"2027-01-01T00:00:00Z\", \"lines\": 5, \"failed_attempts\": 2},";
        assertThat(spoilt(RETRIED, "{\"type\": \"attempt_started\", \"at\": \"2027-01-01T00:00:11Z\"",
                cut + "{\"type\": \"attempt_started\", \"at\": \"2027-01-01T00:00:11Z\""))
                .anySatisfy(fault -> assertThat(fault).contains("more than it had to"))
                .anySatisfy(fault -> assertThat(fault).contains("forgotten an attempt of the round"));
        assertThat(spoilt(RETRIED, "{\"type\": \"task_completed\"", cut + "{\"type\": \"task_completed\""))
                .anySatisfy(fault -> assertThat(fault).contains("not the second"));
        assertThat(spoilt(CUT, "{\"type\": \"history_cut\"", """
                {"type": "task_edited", "at": "2027-01-01T00:00:00Z", "changed": ["labels"], "by": "ann"},
                {"type": "history_cut\"""")).anySatisfy(fault -> assertThat(fault).contains("more than 64 lines"));
    }

    @Test
    void a_promised_attempt_is_made_also_when_fewer_are_allowed_since() {
        String fewer = RUN_AGAIN.replace("\"max_attempts\": 2", "\"max_attempts\": 1").replace("06:10:00Z\"}",
                "06:10:00Z\"}, {\"type\": \"task_edited\", \"at\": \"2027-01-01T06:05:00Z\", \"changed\": [\"retry\"], \"by\": \"ann\"}");

        assertThat(LegalHistory.faults(json(fewer))).isEmpty();
    }

    @Test
    void an_attempt_after_a_former_round_that_may_have_arrived_is_perhaps_a_duplicate() {
        HistoryLines cut = HistoryLines.of(json(CUT));
        HistoryLines again = HistoryLines.of(json(RUN_AGAIN));

        assertThat(cut.mayHaveReachedReceiverBefore(62)).isTrue();
        assertThat(again.mayHaveReachedReceiverBefore(5)).isFalse();
        assertThat(again.mayHaveReachedReceiverBefore(8)).isTrue();
        assertThat(again.attempts()).extracting(HistoryLines.Started::line).containsExactly(1, 5);
        assertThat(again.attempts().getFirst().runAt()).isEmpty();
    }

    @Test
    void an_attempt_that_came_back_late_may_have_begun_after_it_was_given_up() {
        String late = LOST
                .replace("\"by\": \"reconciler\"}", "\"by\": \"reconciler\", \"result\": {\"kind\": \"response\"}}")
                .replace("00:01:00Z", "00:05:00Z");

        assertThat(LegalHistory.faults(json(late))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "attempt": 2, "by"             | "attempt": 3, "by"        | is not attempt 2
            "max_attempts": 2              | "max_attempts": 1         | too many
            "status": "completed"          | "status": "running"       | the status is running
            "attempts": 2                  | "attempts": 1             | counts 1
            "finished_at": "2027-01-01T00:02:22Z", | ""                | finished_at
            "status_code": 503             | "status_code": 200        | does not fit
            "status_code": 204             | "status_code": 500        | does not fit
            attempt_succeeded              | attempt_lost              | cannot follow
            retry_scheduled                | task_scheduled            | cannot follow
            "at": "2027-01-01T00:00:11Z"   | "at": "2027-01-01T00:00:09Z" | began before
            "at": "2027-01-01T00:02:20Z"   | "at": "2027-01-01T00:02:11Z" | began before
            "at": "2027-01-01T00:00:11Z"   | "at": "2027-01-01T00:00:13Z" | above it
            "next_attempt_at": "2027-01-01T00:02:12Z" | "next_attempt_at": "2027-01-01T00:00:12Z" | in the past
            "by": "reconciler"             | "by": "nobody"            | nobody we know
            """, quoteCharacter = '`')
    void a_retry_spoilt_in_one_place_is_not_legal(String right, String wrong, String said) {
        assertThat(spoilt(RETRIED, right, wrong)).anySatisfy(fault -> assertThat(fault).contains(said));
    }

    @Test
    void an_attempt_is_not_lost_while_its_lease_may_be_alive() {
        assertThat(spoilt(LOST, "00:02:00Z", "00:01:59Z")).anySatisfy(
                fault -> assertThat(fault).contains("its lease"));
    }

    @Test
    void attempts_are_not_used_up_before_the_last() {
        assertThat(spoilt(LOST, "\"max_attempts\": 1", "\"max_attempts\": 2")).singleElement().asString()
                .contains("a reason that is none");
    }

    @Test
    void a_task_that_was_started_or_is_not_too_late_does_not_expire() {
        assertThat(spoilt(EXPIRED, "\"expires_at\": \"2027-01-01T00:01:00Z\"",
                "\"expires_at\": \"2027-01-01T00:01:01Z\"")).singleElement().asString().contains("too early");
        assertThat(spoilt(LOST, "task_failed", "task_expired")).anySatisfy(
                fault -> assertThat(fault).contains("cannot follow"));
    }

    @Test
    void a_history_does_not_end_between_two_lines_that_are_stored_together() {
        assertThat(spoilt(RETRIED, ",\n  {\"type\": \"task_completed\", \"at\": \"2027-01-01T00:02:22Z\"}", ""))
                .anySatisfy(fault -> assertThat(fault).contains("SUCCEEDED"));
    }

    @ParameterizedTest
    @CsvSource({"timeout, true", "connection_closed, true", "dns_error, false", "connection_refused, false"})
    void the_attempt_after_one_that_may_have_arrived_is_perhaps_a_duplicate(String error, boolean perhaps) {
        JsonNode task = json(RETRIED.replace("{\"kind\": \"response\", \"status_code\": 503}",
                "{\"kind\": \"error\", \"error\": \"" + error + "\"}"));

        assertThat(HistoryLines.of(task).mayHaveReachedReceiverBefore(4)).isEqualTo(perhaps);
        assertThat(HistoryLines.of(task).mayHaveReachedReceiverBefore(1)).isFalse();
    }

    @Test
    void the_whole_task_is_shown_when_it_is_not_legal() {
        assertThatThrownBy(() -> LegalHistory.check(json(LOST.replace("task_failed", "task_completed"))))
                .isInstanceOf(AssertionError.class).hasMessageContaining("task_completed")
                .hasMessageContaining("2027-01-01T00:00:10Z");
    }

    @Test
    void a_task_that_was_to_be_redacted_shows_at_its_end_nothing_that_it_carried() {
        String redacted = RETRIED.replace("\"payload\": {", "\"redact\": true, \"payload\": {\"url\": \"http://a/b\", ")
                .replace("\"status_code\": 503", "\"status_code\": 503, \"body\": \"\"");
        assertThat(LegalHistory.faults(json(redacted))).isEmpty();
        assertThat(LegalHistory.faults(json(redacted.replace("\"status\": \"completed\"", "\"status\": \"x\""))))
                .noneMatch(fault -> fault.contains("redacted"));

        for (List<String> spoilt : List.of(List.of("http://a/b", "http://a/b?c"),
                List.of("\"body\": \"\"", "\"body\": \"x\""),
                List.of("\"payload\": {", "\"payload\": {\"data\": 1, "),
                List.of("\"payload\": {", "\"payload\": {\"headers\": {\"a\": \"***\"}, "),
                List.of("\"status\": \"completed\"",
                        "\"last_result\": {\"message\": \"x\"}, \"status\": \"completed\""))) {
            assertThat(spoilt(redacted, spoilt.getFirst(), spoilt.getLast()))
                    .containsExactly("it was to be redacted and is not");
        }
    }

    private static List<String> spoilt(String history, String right, String wrong) {
        assertThat(history).contains(right);
        return LegalHistory.faults(json(history.replace(right, wrong.equals("\"\"") ? "" : wrong)));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
