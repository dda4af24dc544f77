package io.taskscheduler.local.scheduler;

import com.cronutils.model.definition.CronConstraintsFactory;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Minutes, hours, day of month, month, day of week, year, in a zone's local time. A local time that the zone skips does not fire; one that
 * it repeats fires the first time only.
 */
record Cron(ExecutionTime fields, ZoneId zone) implements ScheduleExpression {

    private static final Pattern FORM = Pattern.compile("cron\\((\\S+(?: \\S+){5})\\)");

    private static final CronDefinition AWS = CronDefinitionBuilder.defineCron().withMinutes().withValidRange(0, 59)
            .withStrictRange().and()
            .withHours().withValidRange(0, 23).withStrictRange().and().withDayOfMonth().withValidRange(1, 31)
            .supportsL().supportsW()
            .supportsLW().supportsQuestionMark().and().withMonth().withValidRange(1, 12).withStrictRange().and()
            .withDayOfWeek()
            .withValidRange(1, 7).withMondayDoWValue(2).supportsHash().supportsL().supportsQuestionMark().and()
            .withYear().withValidRange(
                    1970, 2199)
            .withStrictRange().and().withCronValidation(CronConstraintsFactory.ensureEitherDayOfWeekOrDayOfMonth())
            .instance();

    static Optional<ScheduleExpression> parse(String text, ZoneId zone) {
        var cron = FORM.matcher(text);
        if (!cron.matches()) {
            return Optional.empty();
        }
        try {
            return Optional
                    .of(new Cron(ExecutionTime.forCron(new CronParser(AWS).parse(cron.group(1)).validate()), zone));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The second is how the library takes a range without an end.
            return Optional.empty();
        }
    }

    @Override
    public Optional<Instant> firstFrom(Instant from, Instant anchor) {
        var start = from.isBefore(anchor) ? anchor : from;
        // The library knows zones, but not that a repeated local time fires once: it reckons in UTC, as if that were the local time.
        var local = start.atZone(zone).toLocalDateTime().minus(Duration.ofNanos(1));
        while (true) {
            var next = fields.nextExecution(local.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            local = next.get();
            var instant = instant(local).filter(found -> !found.isBefore(start));
            if (instant.isPresent()) {
                return instant;
            }
        }
    }

    private Optional<Instant> instant(LocalDateTime local) {
        return zone.getRules().getValidOffsets(local).stream().findFirst().map(local::toInstant);
    }
}
