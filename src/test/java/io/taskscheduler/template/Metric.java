package io.taskscheduler.template;

import io.taskscheduler.handler.EmittedMetrics;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A metric that AWS publishes, or that our own functions write. An alarm on another name or set of dimensions is accepted and never fires.
 *
 * @param statistics those that say how often, or how much
 * @param dimensions the sets under which there are data points; no other combination has any
 */
record Metric(String namespace, String name, Set<String> statistics, List<Set<String>> dimensions) {

    /** Counts the data points: whether anybody has said anything. */
    static final String HEARTBEAT = "SampleCount";

    private static final List<Set<String>> SQS = List.of(Set.of("QueueName"));
    private static final List<Set<String>> LAMBDA = List.of(Set.of("FunctionName"), Set.of("FunctionName", "Resource"));
    private static final List<Set<String>> HTTP_API = List.of(Set.of("ApiId"), Set.of("ApiId", "Stage"),
            Set.of("ApiId", "Stage", "Method", "Resource"));
    private static final List<Set<String>> SCHEDULER = List.of(Set.of("ScheduleGroup"));
    private static final List<Set<String>> TABLE_OR_INDEX = List.of(Set.of("TableName"),
            Set.of("TableName", "GlobalSecondaryIndexName"));
    private static final List<Set<String>> TABLE_OPERATION = List.of(Set.of("TableName", "Operation"));

    /** Those of AWS are from the services' developer guides, the pages on their CloudWatch metrics; those that tell of trouble. */
    static final List<Metric> PUBLISHED = Stream.of(ours(),
            // What a redrive policy moves does not count as sent (SQS, "Troubleshooting dead-letter queues").
            counts("AWS/SQS", SQS, "NumberOfMessagesSent"),
            gauges("AWS/SQS", SQS, "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage",
                    "ApproximateNumberOfMessagesNotVisible"),
            counts("AWS/Lambda", LAMBDA, "Errors", "Throttles", "AsyncEventsDropped", "DestinationDeliveryFailures",
                    "DeadLetterErrors"),
            gauges("AWS/Lambda", LAMBDA, "Duration", "AsyncEventAge", "ConcurrentExecutions", "IteratorAge"),
            // "4XXError" and "5XXError" are a REST API's, with the dimension ApiName.
            counts("AWS/ApiGateway", HTTP_API, "4xx", "5xx"),
            gauges("AWS/ApiGateway", HTTP_API, "Latency", "IntegrationLatency"),
            counts("AWS/Scheduler", SCHEDULER, "TargetErrorCount", "TargetErrorThrottledCount",
                    "InvocationThrottleCount", "InvocationDroppedCount", "InvocationsSentToDeadLetterCount",
                    "InvocationsFailedToBeSentToDeadLetterCount"),
            counts("AWS/DynamoDB", TABLE_OR_INDEX, "ReadThrottleEvents", "WriteThrottleEvents"),
            counts("AWS/DynamoDB", TABLE_OPERATION, "SystemErrors", "ThrottledRequests"))
            .flatMap(List::stream).toList();

    private static List<Metric> ours() {
        return EmittedMetrics.all().stream().map(metric -> new Metric(metric.namespace(), metric.name(),
                metric.name().startsWith("LatenessMs")
                        ? Set.of("p50", "p99", "Maximum")
                        : Set.of("Sum", "Maximum", HEARTBEAT),
                List.of(metric.dimensions()))).toList();
    }

    private static List<Metric> counts(String namespace, List<Set<String>> dimensions, String... names) {
        return Stream.of(names).map(name -> new Metric(namespace, name, Set.of("Sum"), dimensions)).toList();
    }

    private static List<Metric> gauges(String namespace, List<Set<String>> dimensions, String... names) {
        return Stream.of(names).map(name -> new Metric(namespace, name, Set.of("Maximum"), dimensions)).toList();
    }
}
