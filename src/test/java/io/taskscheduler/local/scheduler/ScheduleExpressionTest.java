package io.taskscheduler.local.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleExpressionTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"at(2021-12-31T23:59:59Z)", "at(2021-12-31)", "at(2026-12-01T10:00:00.5)",
            "at(2026-12-01T10:00:00+01:00)",
            "at(2026-02-30T10:00:00)", "at(2026-12-01T24:00:00)", "at(2026-12-31T23:59:60)", "at(2026-12-01T10:00)",
            "at( 2026-12-01T10:00:00)",
            "AT(2026-12-01T10:00:00)", " at(2026-12-01T10:00:00)", "at(2026-12-01T10:00:00) ", "at()",
            "rate(10 seconds)", "rate(10 years)",
            "rate(-10 minutes)", "rate(0 minutes)", "rate( 10 minutes )", "rate(10  minutes)", "rate(1.5 hours)",
            "rate(10)", "rate(minutes)",
            "cron(0 1 * * * *)", "cron(0 1 ? * ? *)", "cron(0 1 * * ?)", "cron(0 1 * * ? * *)", "cron(60 1 * * ? *)",
            "cron(0 24 * * ? *)", "cron(1- 1 * * ? *)", "cron(- 1 * * ? *)",
            "cron(0 1 32 * ? *)", "cron(0 1 * 13 ? *)", "cron(0 1 ? * 8 *)", "cron(0 1 ? * MOO *)",
            "cron(0 1 * * ? 1969)", "cron(0 1 * * ? 2200)",
            "cron()", "cron", "", "every minute", "at(2026-12-01T10:00:00)rate(1 day)"})
    void what_aws_does_not_read_is_refused(String text) {
        assertThatThrownBy(() -> ScheduleExpression.parse(text, ZoneId.of("UTC"))).isInstanceOf(Refusal.class)
                .hasMessage(
                        "Invalid Schedule Expression " + text + ".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"UTC | 2026-12-01T10:00:00 | 2026-12-01T10:00:00Z",
            "Europe/Rome | 2026-12-01T10:00:00 | 2026-12-01T09:00:00Z",
            "UTC | 1999-01-01T00:00:00 | 1999-01-01T00:00:00Z",
            "Europe/Rome | 2026-03-29T02:30:00 | 2026-03-29T01:30:00Z",
            "Europe/Rome | 2026-10-25T02:30:00 | 2026-10-25T00:30:00Z"})
    void an_at_is_an_instant_of_its_zone(String zone, String local, Instant instant) {
        assertThat(ScheduleExpression.parse("at(" + local + ")", ZoneId.of(zone)))
                .isEqualTo(new ScheduleExpression.At(instant));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"rate(1 minute) | 2026-11-21T10:01:00Z",
            "rate(1 minutes) | 2026-11-21T10:01:00Z",
            "rate(5 minutes) | 2026-11-21T10:05:00Z", "rate(2 hours) | 2026-11-21T12:00:00Z",
            "rate(1 day) | 2026-11-22T10:00:00Z"})
    void a_rate_fires_at_its_anchor_and_each_period_after_it(String text, Instant second) {
        var rate = ScheduleExpression.parse(text, ZoneId.of("UTC"));
        assertThat(rate.firstFrom(NOW.minusSeconds(5), NOW)).contains(NOW);
        assertThat(rate.firstFrom(NOW, NOW)).contains(NOW);
        assertThat(rate.firstFrom(NOW.plusMillis(1), NOW)).contains(second);
        assertThat(rate.firstFrom(second, NOW)).contains(second);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 12 * * ? * | 2026-11-21T12:00:00Z | 2026-11-22T12:00:00Z",
            "*/15 * * * ? * | 2026-11-21T10:00:00Z | 2026-11-21T10:15:00Z",
            "0/15 10 * * ? * | 2026-11-21T10:00:00Z | 2026-11-21T10:15:00Z",
            "5,50 10 * * ? * | 2026-11-21T10:05:00Z | 2026-11-21T10:50:00Z",
            "0 9-11 * * ? * | 2026-11-21T10:00:00Z | 2026-11-21T11:00:00Z",
            "0 8 ? * MON-FRI * | 2026-11-23T08:00:00Z | 2026-11-24T08:00:00Z",
            "0 8 ? * 2 * | 2026-11-23T08:00:00Z | 2026-11-30T08:00:00Z",
            "0 8 ? * SUN * | 2026-11-22T08:00:00Z | 2026-11-29T08:00:00Z",
            "0 8 ? * 1 * | 2026-11-22T08:00:00Z | 2026-11-29T08:00:00Z",
            "0 8 L * ? * | 2026-11-30T08:00:00Z | 2026-12-31T08:00:00Z",
            "0 8 ? * 6L * | 2026-11-27T08:00:00Z | 2026-12-25T08:00:00Z",
            "0 8 ? * 2#1 * | 2026-12-07T08:00:00Z | 2027-01-04T08:00:00Z",
            "0 8 22W * ? * | 2026-11-23T08:00:00Z | 2026-12-22T08:00:00Z",
            "0 0 1 JAN,JUL ? * | 2027-01-01T00:00:00Z | 2027-07-01T00:00:00Z",
            "0 0 29 2 ? * | 2028-02-29T00:00:00Z | 2032-02-29T00:00:00Z",
            "30 10 1 1 ? 2030 | 2030-01-01T10:30:00Z |"})
    void a_cron_fires_when_all_its_fields_match(String fields, Instant first, Instant second) {
        var cron = ScheduleExpression.parse("cron(" + fields + ")", ZoneId.of("UTC"));
        assertThat(cron.firstFrom(NOW, NOW)).contains(first);
        assertThat(cron.firstFrom(first.plusNanos(1), NOW)).isEqualTo(Optional.ofNullable(second));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cron(0 0 30 2 ? *)", "cron(0 0 1 1 ? 2020)", "cron(0 0 29 2 ? 2027)"})
    void a_cron_that_never_matches_never_fires(String text) {
        assertThat(ScheduleExpression.parse(text, ZoneId.of("UTC")).firstFrom(NOW, NOW)).isEmpty();
    }

    @Test
    void a_local_time_that_the_zone_skips_does_not_fire() {
        assertThat(occurrences("cron(30 2 * * ? *)", "Europe/Rome", "2026-03-28T00:00:00Z", 2))
                .containsExactly(Instant.parse(
                        "2026-03-28T01:30:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Test
    void a_local_time_that_the_zone_repeats_fires_once() {
        assertThat(occurrences("cron(30 2 * * ? *)", "Europe/Rome", "2026-10-24T12:00:00Z", 2))
                .containsExactly(Instant.parse(
                        "2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void every_local_time_around_a_repeated_hour_fires_once() {
        assertThat(occurrences("cron(0/30 * * * ? *)", "Europe/Rome", "2026-10-25T00:00:00Z", 4)).containsExactly(
                Instant.parse(
                        "2026-10-25T00:00:00Z"),
                Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-25T02:00:00Z"), Instant.parse(
                        "2026-10-25T02:30:00Z"));
    }

    @Test
    void from_within_the_repetition_it_goes_on_after_it() {
        assertThat(occurrences("cron(0/30 * * * ? *)", "Europe/Rome", "2026-10-25T01:10:00Z", 1)).containsExactly(
                Instant.parse("2026-10-25T02:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mars/Olympus", "europe/rome", "+01:00", "Z", " UTC", ""})
    void a_zone_that_nobody_knows_is_refused(String zone) {
        assertThatThrownBy(() -> ScheduleExpression.zone(zone)).isInstanceOf(Refusal.class)
                .hasMessageContaining("Timezone");
    }

    private static List<Instant> occurrences(String text, String zone, String from, int count) {
        var expression = ScheduleExpression.parse(text, ZoneId.of(zone));
        var found = new ArrayList<Instant>();
        var next = Instant.parse(from);
        for (var i = 0; i < count; i++) {
            found.add(expression.firstFrom(next, Instant.parse(from)).orElseThrow());
            next = found.getLast().plusNanos(1);
        }
        return found;
    }
}
