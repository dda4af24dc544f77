package io.taskscheduler.local.scheduler;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a schedule fires: {@code at(…)}, {@code rate(…)} or {@code cron(…)}, in a time zone. */
sealed interface ScheduleExpression permits ScheduleExpression.At, ScheduleExpression.Rate, Cron {

    /** Reads one of the three; anything else is refused as a ValidationException. */
    static ScheduleExpression parse(String text, ZoneId zone) {
        return At.parse(text, zone).or(() -> Rate.parse(text)).or(() -> Cron.parse(text, zone))
                .orElseThrow(() -> Refusal.invalid(
                        "Invalid Schedule Expression " + text + "."));
    }

    static ZoneId zone(String name) {
        try {
            if (ZoneId.getAvailableZoneIds().contains(name)) {
                return ZoneId.of(name);
            }
        } catch (DateTimeException e) {
            throw new IllegalStateException("a zone that is listed cannot be read: " + name, e);
        }
        throw Refusal.invalid("Invalid Schedule Expression Timezone " + name + ".");
    }

    /** The first occurrence at or after an instant, for a schedule that was made or may begin at the anchor. */
    Optional<Instant> firstFrom(Instant from, Instant anchor);

    /** Once. The zone's gap moves it on by the gap; in an overlap the earlier instant counts. */
    record At(Instant instant) implements ScheduleExpression {

        private static final Pattern FORM = Pattern.compile("at\\((\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2})\\)");
        private static final DateTimeFormatter STRICT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss")
                .withResolverStyle(
                        ResolverStyle.STRICT);

        static Optional<ScheduleExpression> parse(String text, ZoneId zone) {
            return match(FORM, text).flatMap(at -> {
                try {
                    return Optional.of(new At(LocalDateTime.parse(at.group(1), STRICT).atZone(zone).toInstant()));
                } catch (DateTimeException e) {
                    return Optional.empty();
                }
            });
        }

        @Override
        public Optional<Instant> firstFrom(Instant from, Instant anchor) {
            return Optional.of(instant).filter(at -> !at.isBefore(from));
        }
    }

    /** At the anchor and whole periods after it; a day is 24 hours. */
    record Rate(Duration period) implements ScheduleExpression {

        private static final Pattern FORM = Pattern.compile("rate\\(([1-9]\\d{0,8}) (minute|hour|day)s?\\)");

        static Optional<ScheduleExpression> parse(String text) {
            return match(FORM, text).map(rate -> {
                var value = Long.parseLong(rate.group(1));
                return new Rate(switch (rate.group(2)) {
                    case "minute" -> Duration.ofMinutes(value);
                    case "hour" -> Duration.ofHours(value);
                    default -> Duration.ofDays(value);
                });
            });
        }

        @Override
        public Optional<Instant> firstFrom(Instant from, Instant anchor) {
            if (!from.isAfter(anchor)) {
                return Optional.of(anchor);
            }
            var late = Duration.between(anchor, from);
            var periods = late.dividedBy(period);
            var last = anchor.plus(period.multipliedBy(periods));
            return Optional.of(last.equals(from) ? last : last.plus(period));
        }
    }

    private static Optional<Matcher> match(Pattern form, String text) {
        return Optional.of(form.matcher(text)).filter(Matcher::matches);
    }
}
