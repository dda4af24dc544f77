package io.taskscheduler.handler.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRulesProvider;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a task is to run: {@code run_at} with an offset, {@code run_at} beside {@code timezone}, or {@code delay}; and until when it may be
 * started: {@code expires_at}, written like {@code run_at}.
 *
 * <p>A local date-time that its zone's clocks skip is moved forward by the length of the gap; one that they show twice means the first. It is
 * the rule of iCalendar (RFC 5545, 3.3.5).
 */
final class RunAt {

    /** How long ago a {@code run_at} may lie and still run, at once. */
    static final Duration GRACE = Duration.ofMinutes(5);
    static final int HORIZON_YEARS = 5;

    /** No delay within the horizon is longer. */
    static final Duration LONGEST = Duration.ofDays(HORIZON_YEARS * 366L);

    private static final Pattern DATE_TIME = Pattern.compile(
            "(?<local>\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2})(?:\\.(?<fraction>\\d+))?(?<offset>[Zz]|[+-]\\d{2}:\\d{2})?");
    private static final Pattern OFFSET = Pattern.compile("(?:[Zz]|[+-]\\d{2}:\\d{2})$");
    private static final Pattern ISO_DELAY = Pattern.compile(
            "P(?=.)(?:(?<w>\\d{1,9})W)?(?:(?<d>\\d{1,9})D)?(?:T(?=.)(?:(?<h>\\d{1,9})H)?(?:(?<m>\\d{1,9})M)?(?:(?<s>\\d{1,12})(?:[.,](?<f>\\d{1,9}))?S)?)?");
    private static final Pattern SHORT_DELAY = Pattern
            .compile("(?=.)(?:(?<d>\\d{1,9})d)?(?:(?<h>\\d{1,9})h)?(?:(?<m>\\d{1,9})m)?(?:(?<s>\\d{1,12})s)?");

    private static final String FORMS = "must be RFC 3339 with an offset, such as 2027-05-17T15:00:00Z or 2027-05-17T17:00:00+02:00";

    /** What is wrong with a text that {@link #duration} does not take. */
    static final String DURATIONS = "must be ISO 8601 of weeks, days, hours, minutes and seconds (PT90S, P1D, P1W; months and years have no fixed length), or like 1d2h30m45s";

    private final Members root;
    private final Instant now;

    private RunAt(Members root, Instant now) {
        this.root = root;
        this.now = now;
    }

    /** Both times of a task. */
    record Times(Instant runAt, Optional<Instant> expiresAt) {}

    /** Those of them that were given. */
    record Given(Optional<Instant> runAt, Optional<Instant> expiresAt) {}

    /** Empty when a fault was noted. */
    static Optional<Times> read(Members root, Instant now) {
        if (!root.has("run_at") && !root.has("delay")) {
            root.fault("run_at", "is required, or delay");
        }
        return readGiven(root, now).flatMap(given -> given.runAt().map(at -> new Times(at, given.expiresAt())));
    }

    /** As {@link #read}, of times that need not be there. */
    static Optional<Given> readGiven(Members root, Instant now) {
        return new RunAt(root, now).read();
    }

    private Optional<Given> read() {
        boolean hasTimezone = root.has("timezone");
        boolean hasDelay = root.has("delay");
        boolean hasRunAt = root.has("run_at");
        boolean hasExpiresAt = root.has("expires_at");
        if (hasRunAt && hasDelay) {
            root.fault("run_at", "cannot stand beside delay: give one of the two");
        }
        if (hasTimezone && !hasRunAt) {
            root.fault("timezone", "goes with a local run_at only");
        }
        Optional<ZoneId> zone = root.text("timezone").flatMap(this::zone);
        Optional<Instant> fromDelay = root.text("delay").flatMap(this::delay);
        Optional<Instant> fromRunAt = root.text("run_at").flatMap(text -> runAt(text, hasTimezone, zone));
        Optional<Instant> expiresAt = root.text("expires_at")
                .flatMap(text -> time("expires_at", text, hasTimezone, zone));
        Optional<Instant> runAt = fromRunAt.or(() -> fromDelay);
        boolean isWhole = runAt.isPresent() == (hasRunAt || hasDelay) && expiresAt.isPresent() == hasExpiresAt;
        return isWhole && expiresAt.map(end -> isStartable(runAt, end)).orElse(true)
                ? Optional.of(new Given(runAt, expiresAt))
                : Optional.empty();
    }

    private boolean isStartable(Optional<Instant> runAt, Instant expiresAt) {
        if (runAt.filter(at -> !expiresAt.isAfter(at)).isPresent()) {
            root.fault("expires_at", "must be after the time the task is to run");
        } else if (!expiresAt.isAfter(now)) {
            root.fault("expires_at", "has passed: the task would never run; it is "
                    + now.truncatedTo(ChronoUnit.SECONDS) + " now");
        } else {
            return true;
        }
        return false;
    }

    private Optional<Instant> runAt(String text, boolean hasTimezone, Optional<ZoneId> zone) {
        if (hasTimezone && OFFSET.matcher(text).find()) {
            return fault("timezone", "cannot stand beside a run_at that has its own offset");
        }
        return time("run_at", text, hasTimezone, zone).flatMap(this::inRange);
    }

    private Optional<Instant> time(String member, String text, boolean hasTimezone, Optional<ZoneId> zone) {
        Matcher parts = DATE_TIME.matcher(text);
        if (!parts.matches()) {
            return fault(member, FORMS);
        }
        boolean hasOffset = parts.group("offset") != null;
        if (!hasOffset && !hasTimezone) {
            return fault(member, "has no zone: add Z or an offset, or name a zone in timezone");
        }
        try {
            // Finer digits than milliseconds are cut.
            String fraction = Optional.ofNullable(parts.group("fraction")).orElse("");
            String local = parts.group("local").toUpperCase(Locale.ROOT) + "."
                    + (fraction + "000").substring(0, 3);
            if (hasOffset) {
                return Optional.of(
                        OffsetDateTime.parse(local + parts.group("offset").toUpperCase(Locale.ROOT)).toInstant());
            }
            LocalDateTime dateTime = LocalDateTime.parse(local, DateTimeFormatter.ISO_LOCAL_DATE_TIME);
            return zone.map(z -> dateTime.atZone(z).toInstant());
        } catch (DateTimeException e) {
            return fault(member, "is no date and time that exists (there is no second 60 and no 30 February)");
        }
    }

    private Optional<Instant> inRange(Instant runAt) {
        if (runAt.isBefore(now.minus(GRACE))) {
            return fault("run_at",
                    "lies more than 5 minutes in the past; it is " + now.truncatedTo(ChronoUnit.SECONDS) + " now");
        }
        if (runAt.isAfter(horizon())) {
            return fault("run_at", "lies more than 5 years ahead; the last possible time is "
                    + horizon().truncatedTo(ChronoUnit.SECONDS));
        }
        return Optional.of(runAt);
    }

    private Optional<Instant> delay(String text) {
        Optional<Duration> delay = duration(text);
        if (delay.isEmpty()) {
            return fault("delay", DURATIONS);
        }
        if (delay.get().compareTo(Duration.between(now, horizon())) > 0) {
            return fault("delay", "leads more than 5 years ahead");
        }
        return Optional.of(now.plus(delay.get()).truncatedTo(ChronoUnit.MILLIS));
    }

    static Optional<Duration> duration(String text) {
        Matcher iso = ISO_DELAY.matcher(text);
        if (iso.matches()) {
            return Optional.of(sum(iso).plusDays(7 * amount(iso, "w")).plusNanos(nanos(iso)));
        }
        Matcher brief = SHORT_DELAY.matcher(text);
        return brief.matches() ? Optional.of(sum(brief)) : Optional.empty();
    }

    private static Duration sum(Matcher parts) {
        return Duration.ofDays(amount(parts, "d")).plusHours(amount(parts, "h")).plusMinutes(amount(parts, "m"))
                .plusSeconds(amount(parts, "s"));
    }

    private static long amount(Matcher parts, String unit) {
        String digits = parts.group(unit);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static long nanos(Matcher parts) {
        String fraction = parts.group("f");
        return fraction == null ? 0 : Long.parseLong((fraction + "00000000").substring(0, 9));
    }

    private Optional<ZoneId> zone(String name) {
        // The JDK has names of its own that are not in the database.
        if (!ZoneRulesProvider.getAvailableZoneIds().contains(name) || name.startsWith("SystemV/")) {
            return fault("timezone", "must be a name of the IANA time zone database, such as Europe/Rome");
        }
        return Optional.of(ZoneId.of(name));
    }

    private Instant horizon() {
        return now.atOffset(ZoneOffset.UTC).plusYears(HORIZON_YEARS).toInstant();
    }

    private <T> Optional<T> fault(String member, String problem) {
        root.fault(member, problem);
        return Optional.empty();
    }
}
