package io.taskscheduler.local.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** What a target gets: the schedule's input, or AWS's event where it has none, with the context attributes replaced as plain text. */
final class Payload {

    private final SchedulerOptions options;
    private final Arns arns;

    Payload(SchedulerOptions options) {
        this.options = options;
        this.arns = new Arns(options.region(), options.account());
    }

    Invocation invocation(Schedule schedule, Instant occurrence, int attempt) {
        var arn = arns.schedule(schedule.key());
        var execution = executionId(schedule, occurrence, attempt);
        var input = schedule.input().orElseGet(() -> defaultEvent(arn, occurrence))
                .replace("<aws.scheduler.schedule-arn>", arn).replace(
                        "<aws.scheduler.scheduled-time>", occurrence.toString())
                .replace("<aws.scheduler.execution-id>", execution).replace(
                        "<aws.scheduler.attempt-number>", Integer.toString(attempt));
        return new Invocation(arn, schedule.targetArn(), input, schedule.messageGroup(), occurrence, execution,
                attempt);
    }

    private String defaultEvent(String arn, Instant occurrence) {
        var event = Json.object().put("version", "0").put("id", uuid(arn + occurrence).toString())
                .put("detail-type", "Scheduled Event").put(
                        "source", "aws.scheduler")
                .put("account", options.account()).put("time", occurrence.toString()).put("region", options
                        .region());
        event.putArray("resources").add(arn);
        return Json.write(event.put("detail", "{}"));
    }

    private String executionId(Schedule schedule, Instant occurrence, int attempt) {
        var id = uuid(schedule.stored() + occurrence + "#" + attempt);
        return String.format("%016x", id.getMostSignificantBits() ^ id.getLeastSignificantBits());
    }

    private static UUID uuid(String of) {
        return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8));
    }
}
