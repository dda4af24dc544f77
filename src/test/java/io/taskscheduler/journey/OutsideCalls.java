package io.taskscheduler.journey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/**
 * What a piece of work calls outside. It is found by measurement, so that a new call in the code makes new cuts by itself: for every operation
 * there is, a fault is told that lets a million calls pass, and what it let pass is what was called.
 *
 * @param requests by service and operation, each try of the SDK
 * @param runs     by function: the n-th number says how many of its runs came to an n-th outside call
 */
record OutsideCalls(Map<Operation, Integer> requests, Map<String, List<Integer>> runs, int webhooks) {

    private static final int PASSING = 1_000_000;
    private static final int MOST_CALLS = 60;

    /** What the local run does to bring messages to the functions. */
    private static final Set<String> OF_THE_LOCAL_RUN = Set.of("ReceiveMessage", "DeleteMessageBatch");

    /** An operation of AWS as a fault names it. */
    record Operation(String service, String name) implements Comparable<Operation> {

        boolean isWrite() {
            return !name.startsWith("Get") && !name.equals("Query") && !name.equals("BatchGetItem");
        }

        @Override
        public int compareTo(Operation other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return service + " " + name;
        }
    }

    /** Faults by which nothing fails and everything is counted. */
    static List<String> counters(List<String> functions) {
        List<String> all = new ArrayList<>();
        for (Operation each : operations()) {
            all.add("{\"service\": \"%s\", \"operation\": \"%s\", \"status\": 500, \"skip\": %d}".formatted(
                    each.service(),
                    each.name(), PASSING));
        }
        for (String function : functions) {
            for (int call = 1; call <= MOST_CALLS; call++) {
                all.add("{\"service\": \"lambda\", \"function\": \"%s\", \"kill_at_call\": %d, \"skip\": %d}"
                        .formatted(function, call, PASSING));
            }
        }
        all.add("{\"service\": \"webhook\", \"skip\": %d}".formatted(PASSING));
        return all;
    }

    /** Reads the counters off the list that is left; other faults may stand in it too. */
    static OutsideCalls counted(JsonNode left) {
        Map<Operation, Integer> requests = new TreeMap<>();
        Map<String, List<Integer>> runs = new TreeMap<>();
        int webhooks = 0;
        for (JsonNode fault : left) {
            int passed = fault.has("skip") && fault.get("skip").intValue() > PASSING / 2
                    ? PASSING - fault.get("skip").intValue()
                    : 0;
            if (passed > 0) {
                switch (fault.get("service").stringValue()) {
                    case "lambda" -> runs.computeIfAbsent(fault.get("function").stringValue(), f -> new ArrayList<>())
                            .add(passed);
                    case "webhook" -> webhooks += passed;
                    default -> requests.put(new Operation(fault.get("service").stringValue(),
                            fault.get("operation").stringValue()), passed);
                }
            }
        }
        runs.forEach((function, reached) -> {
            if (reached.size() >= MOST_CALLS) {
                throw new AssertionError(function + " makes more calls than are counted");
            }
        });
        return new OutsideCalls(requests, runs, webhooks);
    }

    /** Without what is called in any case. */
    OutsideCalls without(OutsideCalls idle) {
        Map<Operation, Integer> rest = new TreeMap<>(requests);
        idle.requests.forEach((operation, count) -> rest.merge(operation, -count, Integer::sum));
        rest.values().removeIf(count -> count <= 0);
        return new OutsideCalls(rest, runs, webhooks);
    }

    /** What was called both times: something that runs each minute of the real time may have come in between. */
    OutsideCalls and(OutsideCalls again) {
        Map<Operation, Integer> both = new TreeMap<>();
        requests.forEach((operation, count) -> both.put(operation,
                Math.min(count, again.requests.getOrDefault(operation, 0))));
        both.values().removeIf(count -> count == 0);
        return new OutsideCalls(both, runs, webhooks);
    }

    OutsideCalls only(Predicate<Operation> wanted) {
        Map<Operation, Integer> some = new TreeMap<>(requests);
        some.keySet().removeIf(wanted.negate());
        return new OutsideCalls(some, runs, webhooks);
    }

    /** As if each operation that writes nothing had been called once. */
    OutsideCalls onceEachRead() {
        Map<Operation, Integer> some = new TreeMap<>(requests);
        some.replaceAll((operation, count) -> operation.isWrite() ? count : 1);
        return new OutsideCalls(some, runs, webhooks);
    }

    /** As if each operation had been called once. */
    OutsideCalls onceEach() {
        Map<Operation, Integer> some = new TreeMap<>(requests);
        some.replaceAll((operation, count) -> 1);
        return new OutsideCalls(some, runs, webhooks);
    }

    private static Set<Operation> operations() {
        Set<Operation> all = new TreeSet<>();
        Map.of("dynamodb", DynamoDbClient.class, "scheduler", SchedulerClient.class, "sqs", SqsClient.class)
                .forEach((service, client) -> requestsOf(client).filter(name -> !OF_THE_LOCAL_RUN.contains(name))
                        .forEach(name -> all.add(new Operation(service, name))));
        return all;
    }

    private static Stream<String> requestsOf(Class<?> client) {
        return Arrays.stream(client.getMethods()).flatMap(method -> Arrays.stream(method.getParameterTypes()))
                .filter(AwsRequest.class::isAssignableFrom)
                .map(request -> request.getSimpleName().replaceFirst("Request$", ""));
    }
}
