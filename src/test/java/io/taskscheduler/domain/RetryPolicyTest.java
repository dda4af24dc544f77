package io.taskscheduler.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.RetryPolicy.Verdict.GiveUp;
import io.taskscheduler.domain.RetryPolicy.Verdict.Retry;
import io.taskscheduler.domain.RetryPolicy.Verdict.Success;
import io.taskscheduler.fixture.Tasks;
import java.time.Duration;
import java.util.Set;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {

    private static final RetryPolicy POLICY = new RetryPolicy(20, Duration.ofSeconds(10), 2.0, Duration.ofHours(1));

    @ParameterizedTest
    @CsvSource({"200, success", "204, success", "299, success", "301, final", "302, final", "304, final", "307, final",
            "400, final", "401, final", "403, final", "404, final", "408, again", "409, final", "410, final",
            "422, final", "425, again", "429, again", "500, again", "502, again", "503, again", "504, again",
            "599, again"})
    void the_answer_decides(int status, String verdict) {
        assertThat(word(POLICY.judge(1, Tasks.status(status), 0.5))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @EnumSource
    void no_answer_means_try_again_unless_the_next_try_would_meet_the_same(FailureKind kind) {
        Failure failure = new Failure(Tasks.RUN_AT, Duration.ZERO, kind, "");
        boolean lasting = Set.of(FailureKind.BLOCKED_ADDRESS, FailureKind.UNKNOWN_SECRET).contains(kind);

        assertThat(word(POLICY.judge(1, failure, 0.5))).isEqualTo(lasting ? "final" : "again");
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 20", "3, 40", "9, 2560", "10, 3600", "19, 3600"})
    void the_nth_delay_grows_by_the_rate_up_to_the_maximum(int attempt, long seconds) {
        assertThat(POLICY.judge(attempt, Tasks.status(500), 0.5)).isEqualTo(new Retry(Duration.ofSeconds(seconds)));
    }

    @Property
    void the_spread_is_ten_percent_and_never_above_the_maximum(@ForAll @IntRange(min = 1, max = 19) int attempt,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random,
            @ForAll @IntRange(min = 1, max = 86_400) int initial, @ForAll @DoubleRange(min = 1, max = 10) double rate,
            @ForAll @IntRange(min = 1, max = 86_400) int max) {
        RetryPolicy policy = new RetryPolicy(20, Duration.ofSeconds(initial), rate, Duration.ofSeconds(max));

        Duration delay = ((Retry) policy.judge(attempt, Tasks.status(500), random)).delay();

        double nominal = initial * Math.pow(rate, attempt - 1.0);
        assertThat(delay).isLessThanOrEqualTo(Duration.ofSeconds(max));
        assertThat(delay.toMillis() / 1_000.0).isBetween(Math.min(max, nominal * 0.9),
                Math.min(max, nominal * 1.1) + 0.001);
    }

    @Property
    void a_receivers_wish_is_kept_and_exceeded_by_ten_percent_at_most(
            @ForAll @IntRange(min = 0, max = 100_000) int wish,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        Response busy = new Response(Tasks.RUN_AT, Duration.ZERO, 503, "", Optional.of(Duration.ofSeconds(wish)));

        Duration delay = ((Retry) POLICY.judge(7, busy, random)).delay();

        double counted = Math.min(wish, 3_600);
        assertThat(delay.toMillis() / 1_000.0).isBetween(counted, Math.min(3_600, counted * 1.1) + 0.001);
    }

    @Test
    void a_wish_on_another_answer_than_429_and_503_is_not_heard() {
        Response error = new Response(Tasks.RUN_AT, Duration.ZERO, 500, "", Optional.of(Duration.ofHours(1)));

        assertThat(POLICY.judge(1, error, 0.5)).isEqualTo(new Retry(Duration.ofSeconds(10)));
    }

    @Test
    void the_last_allowed_attempt_is_not_followed_by_another() {
        assertThat(POLICY.judge(20, Tasks.status(500), 0.5)).isEqualTo(new GiveUp(FailReason.ATTEMPTS_EXHAUSTED));
        assertThat(POLICY.judge(1, Tasks.status(404), 0.5)).isEqualTo(new GiveUp(FailReason.NOT_RETRYABLE));
    }

    @Test
    void what_is_out_of_range_does_not_exist() {
        Duration ten = Duration.ofSeconds(10);
        assertThatThrownBy(() -> new RetryPolicy(0, ten, 2, ten)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(21, ten, 2, ten)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(5, Duration.ZERO, 2, ten))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(5, ten, Double.NaN, ten)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(5, ten, 2, Duration.ofDays(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_long_answer_is_kept_to_its_first_1024_characters_and_no_half_character() {
        String emoji = "x".repeat(1_023) + "\uD83D\uDE00";
        Response response = new Response(Instant.EPOCH, Duration.ZERO, 200, emoji, Optional.empty());

        assertThat(response.body()).isEqualTo("x".repeat(1_023));
    }

    private static String word(RetryPolicy.Verdict verdict) {
        return switch (verdict) {
            case Success s -> "success";
            case Retry r -> "again";
            case GiveUp g -> "final";
        };
    }
}
