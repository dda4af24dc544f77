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
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z"},
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
              {"type": "task_scheduled", "at": "2027-01-01T00:00:00Z"},
              {"type": "attempt_started", "at": "2027-01-01T00:01:00Z", "attempt": 1, "by": "timer"},
              {"type": "attempt_lost", "at": "2027-01-01T00:02:00Z", "attempt": 1},
              {"type": "task_failed", "at": "2027-01-01T00:02:00Z", "reason": "attempts_exhausted"}]}""";

    private static final String REFUSED = """
            {"status": "failed", "attempts": 0, "run_at": "2027-01-01T00:00:10Z", "finished_at": "2027-01-01T00:02:00Z",
             "history": [{"type": "task_failed", "at": "2027-01-01T00:02:00Z", "reason": "invalid_task"}]}""";

    private static final String EXPIRED = """
            {"status": "expired", "attempts": 0, "run_at": "2027-01-01T00:00:10Z", "expires_at": "2027-01-01T00:01:00Z",
             "finished_at": "2027-01-01T00:01:00Z", "retry": {"max_attempts": 1},
             "history": [{"type": "task_scheduled", "at": "2027-01-01T00:00:00Z"},
              {"type": "task_expired", "at": "2027-01-01T00:01:00Z"}]}""";

    @Test
    void lives_that_a_task_can_have_are_legal() {
        assertThat(LegalHistory.faults(json(RETRIED))).isEmpty();
        assertThat(LegalHistory.faults(json(LOST))).isEmpty();
        assertThat(LegalHistory.faults(json(REFUSED))).isEmpty();
        assertThat(LegalHistory.faults(json(EXPIRED))).isEmpty();
    }

    @Test
    void an_attempt_that_came_back_late_may_have_begun_after_it_was_given_up() {
        String late = LOST.replace("\"attempt\": 1}", "\"attempt\": 1, \"result\": {\"kind\": \"response\"}}")
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

        assertThat(LegalHistory.mayBeDuplicate(task, 2)).isEqualTo(perhaps);
        assertThat(LegalHistory.mayBeDuplicate(task, 1)).isFalse();
    }

    @Test
    void the_whole_task_is_shown_when_it_is_not_legal() {
        assertThatThrownBy(() -> LegalHistory.check(json(LOST.replace("task_failed", "task_cancelled"))))
                .isInstanceOf(AssertionError.class).hasMessageContaining("task_cancelled")
                .hasMessageContaining("2027-01-01T00:00:10Z");
    }

    private static List<String> spoilt(String history, String right, String wrong) {
        assertThat(history).contains(right);
        return LegalHistory.faults(json(history.replace(right, wrong.equals("\"\"") ? "" : wrong)));
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
