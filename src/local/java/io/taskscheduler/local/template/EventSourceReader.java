package io.taskscheduler.local.template;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code Events}. Every member that it does not follow is refused: leaving one out would run something else than what deploys. */
final class EventSourceReader {
    private static final Set<String> QUEUE = Set.of("Queue", "BatchSize", "MaximumBatchingWindowInSeconds",
            "ScalingConfig", "FunctionResponseTypes", "Enabled");
    private static final Set<String> STREAM = Set.of("Stream", "StartingPosition", "BatchSize", "FilterCriteria",
            "FunctionResponseTypes", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "BisectBatchOnFunctionError",
            "DestinationConfig", "Enabled");
    // Those that change nothing here: an event that is accepted here cannot fail to reach its function.
    private static final Set<String> TIMER = Set.of("ScheduleExpression", "Input", "State", "RetryPolicy",
            "DeadLetterConfig", "Name", "Description", "RoleArn", "PermissionsBoundary", "GroupName", "OmitName",
            "FlexibleTimeWindow", "ScheduleExpressionTimezone");
    private static final Pattern RATE = Pattern.compile("rate\\(([1-9]\\d{0,8}) (minute|hour|day)s?\\)");
    private static final Pattern STREAM_TABLE = Pattern
            .compile("arn:[^:]+:dynamodb:[^:]*:[^:]*:table/([^/]+)/stream/.+");
    // What Lambda runs at once when nothing limits it, and how long a stream keeps its records.
    private static final int MOST_AT_ONCE = 1000;
    private static final Duration STREAM_RETENTION = Duration.ofHours(24);

    private final Stack stack;

    EventSourceReader(Stack stack) {
        this.stack = stack;
    }

    List<EventSourceResource> read() {
        List<EventSourceResource> sources = new ArrayList<>();
        for (Resource function : stack.resources(Template.FUNCTION)) {
            Properties events = function.properties().child("Events");
            for (String name : events.json().propertyNames()) {
                Properties event = events.child(name);
                event.only(Set.of("Type", "Properties"));
                source(function, function.logicalId() + "/" + name, event).ifPresent(sources::add);
            }
        }
        return List.copyOf(sources);
    }

    private Optional<EventSourceResource> source(Resource function, String id, Properties event) {
        Properties properties = event.child("Properties");
        return switch (event.requiredText("Type")) {
            case "SQS" -> enabled(properties, queue(function, id, properties));
            case "DynamoDB" -> enabled(properties, stream(function, id, properties));
            case "ScheduleV2" -> timer(function, id, properties);
            default -> throw new TemplateException(event.place() + ".Type",
                    "only SQS, DynamoDB and ScheduleV2 are supported locally, not " + event.requiredText("Type"));
        };
    }

    private EventSourceResource queue(Resource function, String id, Properties event) {
        event.only(QUEUE);
        event.child("ScalingConfig").only(Set.of("MaximumConcurrency"));
        String arn = event.requiredText("Queue");
        QueueResource queue = QueueResource.of(stack).stream().filter(q -> q.arn().equals(arn)).findFirst()
                .orElseThrow(() -> new TemplateException(event.place() + ".Queue",
                        arn + " is not the ARN of a queue of the template"));
        Duration timeout = Duration.ofSeconds(function.properties().number("Timeout").orElse(3));
        if (queue.visibility().compareTo(timeout) < 0) {
            throw new TemplateException(event.place() + ".Queue", "the queue's VisibilityTimeout, "
                    + queue.visibility().toSeconds() + " s, must not be less than the function's Timeout, "
                    + timeout.toSeconds() + " s");
        }
        if (queue.fifo()) {
            throw new TemplateException(event.place() + ".Queue", "a FIFO queue is not supported locally");
        }
        int batchSize = number(event, "BatchSize", 10, 1, 10_000);
        int window = number(event, "MaximumBatchingWindowInSeconds", 0, 0, 300);
        if (batchSize > 10 && window == 0) {
            throw new TemplateException(event.place() + ".BatchSize",
                    "above 10 needs MaximumBatchingWindowInSeconds of at least 1");
        }
        return new EventSourceResource.Queue(id, function.name(), queue, batchSize, Duration.ofSeconds(window),
                number(event.child("ScalingConfig"), "MaximumConcurrency", MOST_AT_ONCE, 2, MOST_AT_ONCE),
                reportsFailures(event));
    }

    private EventSourceResource stream(Resource function, String id, Properties event) {
        event.only(STREAM);
        event.child("FilterCriteria").only(Set.of("Filters"));
        event.child("DestinationConfig").only(Set.of("OnFailure"));
        Properties onFailure = event.child("DestinationConfig").child("OnFailure");
        onFailure.only(Set.of("Type", "Destination"));
        String arn = event.requiredText("Stream");
        int retries = number(event, "MaximumRetryAttempts", -1, -1, 10_000);
        int age = number(event, "MaximumRecordAgeInSeconds", -1, -1, 604_800);
        return new EventSourceResource.Stream(id, function.name(), arn, table(event, arn), fromTheBeginning(event),
                number(event, "BatchSize", 100, 1, 10_000),
                event.child("FilterCriteria").children("Filters").stream().map(EventSourceReader::filter).toList(),
                reportsFailures(event), retries < 0 ? OptionalInt.empty() : OptionalInt.of(retries),
                age < 0 ? STREAM_RETENTION : Duration.ofSeconds(age), event.flag("BisectBatchOnFunctionError"),
                onFailure.isAbsent() ? Optional.empty() : Optional.of(onFailure.requiredText("Destination")));
    }

    private static EventPattern filter(Properties filter) {
        filter.only(Set.of("Pattern"));
        return EventPattern.parse(filter.requiredText("Pattern"), filter.place() + ".Pattern");
    }

    private String table(Properties event, String arn) {
        Matcher stream = STREAM_TABLE.matcher(arn);
        return TableResource.of(stack).stream()
                .filter(table -> stream.matches() && stream.group(1).equals(table.name())
                        && table.streamView().isPresent())
                .map(TableResource::name).findFirst()
                .orElseThrow(() -> new TemplateException(event.place() + ".Stream",
                        arn + " is not the stream of a table of the template with a StreamSpecification"));
    }

    private static boolean fromTheBeginning(Properties event) {
        String position = event.requiredText("StartingPosition");
        return switch (position) {
            case "TRIM_HORIZON" -> true;
            case "LATEST" -> false;
            default -> throw new TemplateException(event.place() + ".StartingPosition",
                    "must be TRIM_HORIZON or LATEST, not " + position);
        };
    }

    private static Optional<EventSourceResource> timer(Resource function, String id, Properties event) {
        event.only(TIMER);
        event.child("RetryPolicy").only(Set.of("MaximumEventAgeInSeconds", "MaximumRetryAttempts"));
        event.child("DeadLetterConfig").only(Set.of("Arn", "Type", "QueueLogicalId"));
        String expression = event.requiredText("ScheduleExpression");
        Matcher rate = RATE.matcher(expression);
        if (!rate.matches()) {
            throw new TemplateException(event.place() + ".ScheduleExpression",
                    "only rate(…) of minutes, hours or days is supported locally, not " + expression);
        }
        Duration period = Duration.of(Long.parseLong(rate.group(1)),
                java.time.temporal.ChronoUnit.valueOf(rate.group(2).toUpperCase(Locale.ROOT) + "S"));
        String state = event.text("State").orElse("ENABLED");
        return switch (state) {
            case "ENABLED" -> Optional.of(new EventSourceResource.Timer(id, function.name(),
                    event.text("Name").orElse(id.replace("/", "")), period, event.text("Input")));
            case "DISABLED" -> Optional.empty();
            default -> throw new TemplateException(event.place() + ".State",
                    "must be ENABLED or DISABLED, not " + state);
        };
    }

    private static Optional<EventSourceResource> enabled(Properties event, EventSourceResource source) {
        return event.text("Enabled").orElse("true").equals("true") ? Optional.of(source) : Optional.empty();
    }

    private static boolean reportsFailures(Properties event) {
        List<String> types = event.child("FunctionResponseTypes").json().valueStream()
                .map(type -> Properties.asText(type, event.place() + ".FunctionResponseTypes")).toList();
        if (!List.of("ReportBatchItemFailures").containsAll(types)) {
            throw new TemplateException(event.place() + ".FunctionResponseTypes",
                    "only ReportBatchItemFailures is known, not " + types);
        }
        return !types.isEmpty();
    }

    private static int number(Properties event, String member, int otherwise, int least, int most) {
        int value = event.number(member).orElse(otherwise);
        if (value < least || value > most) {
            throw new TemplateException(event.place() + "." + member,
                    "must be from " + least + " to " + most + ", not " + value);
        }
        return value;
    }
}
