package io.taskscheduler.adapter.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/** The {@code Retry-After} header (RFC 9110, 10.2.3): seconds, or an HTTP date. Anything else counts as not sent. */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

    private RetryAfter() {}

    static Optional<Duration> parse(String value, Instant now) {
        String wish = value.strip();
        if (SECONDS.matcher(wish).matches()) {
            return Optional.of(bounded(Long.parseLong(wish)));
        }
        Instant date = DateUtils.parseStandardDate(wish);
        if (date == null) {
            return Optional.empty();
        }
        Duration wait = Duration.between(now, date);
        return Optional.of(wait.isNegative() ? Duration.ZERO : bounded(Math.ceilDiv(wait.toMillis(), 1_000)));
    }

    // No task waits longer than a retry policy's own maximum; a bound here keeps the sum within a long.
    private static Duration bounded(long seconds) {
        return Duration.ofSeconds(Math.min(seconds, Duration.ofDays(365).toSeconds()));
    }
}
