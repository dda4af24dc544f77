package io.taskscheduler.local.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schedule, held as the document that GetSchedule answers (but for its ARN) with every default filled in. It is valid or does not exist:
 * {@link #of} refuses what AWS refuses.
 */
record Schedule(ObjectNode document) {

    static final String DEFAULT_GROUP = "default";

    private static final Pattern ARN = Pattern.compile("arn:aws(-[a-z]+)*:[^:\\s]+:[^:\\s]*:[^:\\s]*:\\S+");
    private static final Pattern TAKES_JSON = Pattern.compile("arn:aws[^:]*:(lambda|states|events):.*");
    private static final int MAX_INPUT_BYTES = 256 * 1024;
    private static final Duration EARLIEST_START = Duration.ofMinutes(5);

    /** From a body of the model's shape. */
    static Schedule of(String name, ObjectNode body, Instant created, Instant now) {
        var document = Json.object().put("Name", name).put("GroupName", DEFAULT_GROUP)
                .put("ScheduleExpressionTimezone", "UTC").put("State",
                        "ENABLED")
                .put("ActionAfterCompletion", "NONE");
        document.setAll(body);
        document.remove("ClientToken");
        document.set("CreationDate", Shape.Moment.json(created));
        document.set("LastModificationDate", Shape.Moment.json(now));
        var retry = Json.object().put("MaximumEventAgeInSeconds", 86_400).put("MaximumRetryAttempts", 185);
        Json.find(document, "Target", "RetryPolicy").ifPresent(given -> retry.setAll((ObjectNode) given));
        ((ObjectNode) document.required("Target")).set("RetryPolicy", retry);
        var schedule = new Schedule(document);
        schedule.check(now);
        return schedule;
    }

    static Schedule read(String stored) {
        return new Schedule(Json.own(stored));
    }

    private void check(Instant now) {
        var expression = expression();
        if (!(expression instanceof ScheduleExpression.At)) {
            if (start().filter(start -> start.isBefore(now.minus(EARLIEST_START))).isPresent()) {
                throw Refusal.invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
            }
            if (end().flatMap(end -> start().filter(start -> !start.isBefore(end))).isPresent()) {
                throw Refusal.invalid("The StartDate you specify must come before the EndDate.");
            }
        }
        if (flexible() && Json.find(document, "FlexibleTimeWindow", "MaximumWindowInMinutes").isEmpty()) {
            throw Refusal.invalid(
                    "MaximumWindowInMinutes must be specified when the FlexibleTimeWindow's mode is FLEXIBLE.");
        }
        if (!ARN.matcher(targetArn()).matches()) {
            throw Refusal.invalid("Provided Arn is not in correct format.");
        }
        input().ifPresent(this::checkInput);
    }

    private void checkInput(String input) {
        if (input.getBytes(StandardCharsets.UTF_8).length > MAX_INPUT_BYTES) {
            throw Refusal.invalid("The target's Input exceeds " + MAX_INPUT_BYTES + " bytes.");
        }
        if (TAKES_JSON.matcher(targetArn()).matches() && !Json.isWellFormed(input)) {
            throw Refusal.invalid("The target's Input must be well-formed JSON.");
        }
    }

    String stored() {
        return Json.write(document);
    }

    String group() {
        return text("GroupName");
    }

    String name() {
        return text("Name");
    }

    String key() {
        return group() + "/" + name();
    }

    boolean enabled() {
        return text("State").equals("ENABLED");
    }

    boolean deletedAfterCompletion() {
        return text("ActionAfterCompletion").equals("DELETE");
    }

    String targetArn() {
        return Json.text(document, "Target", "Arn").orElseThrow();
    }

    Optional<String> input() {
        return Json.text(document, "Target", "Input");
    }

    Optional<String> messageGroup() {
        return Json.text(document, "Target", "SqsParameters", "MessageGroupId");
    }

    Optional<String> deadLetterQueue() {
        return Json.text(document, "Target", "DeadLetterConfig", "Arn");
    }

    int maxRetries() {
        return Json.find(document, "Target", "RetryPolicy", "MaximumRetryAttempts").orElseThrow().intValue();
    }

    Duration maxAge() {
        return Duration.ofSeconds(
                Json.find(document, "Target", "RetryPolicy", "MaximumEventAgeInSeconds").orElseThrow().intValue());
    }

    Instant created() {
        return Shape.Moment.instant(document.required("CreationDate"));
    }

    /** In how long a window after its time it may be invoked, when invocations are spread. */
    Duration window() {
        return flexible()
                ? Duration.ofMinutes(
                        Json.find(document, "FlexibleTimeWindow", "MaximumWindowInMinutes").map(JsonNode::intValue)
                                .orElseThrow())
                : Duration.ofMinutes(1);
    }

    /** The first time it is due once made or changed: at once for a one-time schedule whose time is past. */
    Optional<Instant> first() {
        if (!enabled()) {
            return Optional.empty();
        }
        return switch (expression()) {
            case ScheduleExpression.At at -> Optional.of(at.instant());
            case ScheduleExpression.Rate rate -> within(rate.firstFrom(anchor(), anchor()));
            case Cron cron -> within(cron.firstFrom(anchor(), anchor()));
        };
    }

    /** The first time it is due after that instant. */
    Optional<Instant> after(Instant instant) {
        return switch (expression()) {
            case ScheduleExpression.At _ -> Optional.empty();
            case ScheduleExpression.Rate rate -> within(rate.firstFrom(instant.plusNanos(1), anchor()));
            case Cron cron -> within(cron.firstFrom(instant.plusNanos(1), anchor()));
        };
    }

    private Optional<Instant> within(Optional<Instant> occurrence) {
        return occurrence.filter(instant -> end().map(end -> !instant.isAfter(end)).orElse(true));
    }

    private Instant anchor() {
        return start().orElseGet(() -> Shape.Moment.instant(document.required("LastModificationDate")))
                .truncatedTo(ChronoUnit.SECONDS);
    }

    private Optional<Instant> start() {
        return Json.find(document, "StartDate").map(Shape.Moment::instant);
    }

    private Optional<Instant> end() {
        return Json.find(document, "EndDate").map(Shape.Moment::instant);
    }

    private boolean flexible() {
        return Json.text(document, "FlexibleTimeWindow", "Mode").orElseThrow().equals("FLEXIBLE");
    }

    private ScheduleExpression expression() {
        return ScheduleExpression.parse(text("ScheduleExpression"),
                ScheduleExpression.zone(text("ScheduleExpressionTimezone")));
    }

    private String text(String member) {
        return Json.text(document, member).orElseThrow();
    }
}
