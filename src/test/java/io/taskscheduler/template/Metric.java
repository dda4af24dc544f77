package io.taskscheduler.template;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A metric that AWS publishes. An alarm on a name or a set of dimensions that AWS does not publish is accepted and never fires.
 *
 * @param statistic  the one that says how often, or how much
 * @param dimensions the sets under which there are data points; no other combination has any
 */
record Metric(String namespace, String name, String statistic, List<Set<String>> dimensions) {

    private static final List<Set<String>> SQS = List.of(Set.of("QueueName"));
    private static final List<Set<String>> LAMBDA = List.of(Set.of("FunctionName"), Set.of("FunctionName", "Resource"));
    private static final List<Set<String>> HTTP_API = List.of(Set.of("ApiId"), Set.of("ApiId", "Stage"),
            Set.of("ApiId", "Stage", "Method", "Resource"));
    private static final List<Set<String>> SCHEDULER = List.of(Set.of("ScheduleGroup"));
    private static final List<Set<String>> TABLE_OR_INDEX = List.of(Set.of("TableName"),
            Set.of("TableName", "GlobalSecondaryIndexName"));
    private static final List<Set<String>> TABLE_OPERATION = List.of(Set.of("TableName", "Operation"));

    /** From the services' developer guides, the pages on their CloudWatch metrics; those that tell of trouble. */
    static final List<Metric> PUBLISHED = Stream.of(
            gauges("AWS/SQS", SQS, "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage",
                    "ApproximateNumberOfMessagesNotVisible"),
            counts("AWS/Lambda", LAMBDA, "Errors", "Throttles", "AsyncEventsDropped", "DestinationDeliveryFailures",
                    "DeadLetterErrors"),
            gauges("AWS/Lambda", LAMBDA, "Duration", "AsyncEventAge", "ConcurrentExecutions"),
            // "4XXError" and "5XXError" are a REST API's, with the dimension ApiName.
            counts("AWS/ApiGateway", HTTP_API, "4xx", "5xx"),
            gauges("AWS/ApiGateway", HTTP_API, "Latency", "IntegrationLatency"),
            counts("AWS/Scheduler", SCHEDULER, "TargetErrorCount", "TargetErrorThrottledCount",
                    "InvocationThrottleCount", "InvocationDroppedCount", "InvocationsSentToDeadLetterCount",
                    "InvocationsFailedToBeSentToDeadLetterCount"),
            counts("AWS/DynamoDB", TABLE_OR_INDEX, "ReadThrottleEvents", "WriteThrottleEvents"),
            counts("AWS/DynamoDB", TABLE_OPERATION, "SystemErrors", "ThrottledRequests"))
            .flatMap(List::stream).toList();

    private static List<Metric> counts(String namespace, List<Set<String>> dimensions, String... names) {
        return Stream.of(names).map(name -> new Metric(namespace, name, "Sum", dimensions)).toList();
    }

    private static List<Metric> gauges(String namespace, List<Set<String>> dimensions, String... names) {
        return Stream.of(names).map(name -> new Metric(namespace, name, "Maximum", dimensions)).toList();
    }
}
