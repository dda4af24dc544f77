package io.taskscheduler.template;

import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One thing that may be done to one resource. */
record Right(String action, String resource) implements Comparable<Right> {

    static final String PASS_ROLE = "iam:PassRole";

    private static final String SEND = "sqs:SendMessage";

    /** Each action of a statement on each of its resources. */
    static Stream<Right> givenBy(Statement statement) {
        return statement.actions().stream()
                .flatMap(action -> statement.resources().stream().map(resource -> new Right(action, resource)));
    }

    /** What a function's code calls, and what Lambda does in the function's name: its sources and its destinations. */
    static Set<Right> neededBy(DeployedTemplate template, FunctionResource function) {
        Set<Right> needed = new TreeSet<>();
        for (String action : AwsCalls.reachableFrom(function)) {
            resourcesOf(template, action).forEach(resource -> needed
                    .add(new Right(action.replaceFirst(AwsCalls.BY + ".*", ""), resource)));
            if (action.equals("scheduler:CreateSchedule") || action.equals("scheduler:UpdateSchedule")) {
                // Whoever makes a schedule hands it the role under which it runs.
                needed.add(new Right(PASS_ROLE,
                        template.account().globalArn("iam", "role/" + template.resource("TimerRole").name())));
            }
        }
        needed.addAll(ofLambda(template, function).keySet());
        return needed;
    }

    /** What Lambda does in the function's name without the code's doing, with the reason. */
    static Map<Right, String> ofLambda(DeployedTemplate template, FunctionResource function) {
        Map<Right, String> uses = new TreeMap<>();
        String log = template.account().arn("logs",
                "log-group:" + function.logicalId().replace("Function", "Log") + ":*");
        Stream.of("logs:CreateLogStream", "logs:PutLogEvents").forEach(
                action -> uses.put(new Right(action, log), "Lambda writes the log with the function's role"));
        function.async().onFailure().ifPresent(queue -> uses.put(new Right(SEND, queue),
                "Lambda hands over events that it gave up with the function's role"));
        EventSourceResource.of(template.stack()).stream()
                .filter(source -> source.functionName().equals(function.name()))
                .flatMap(Right::ofSource)
                .forEach(right -> uses.put(right, "Lambda reads the event source with the function's role"));
        return uses;
    }

    private static Stream<Right> ofSource(EventSourceResource source) {
        return switch (source) {
            case EventSourceResource.Queue queue ->
                Stream.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
                        .map(action -> new Right(action, queue.queue().arn()));
            case EventSourceResource.Stream stream -> Stream.of(
                    Stream.of("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
                            .map(action -> new Right(action, stream.streamArn())),
                    // Takes no resource.
                    Stream.of(new Right("dynamodb:ListStreams", "*")),
                    stream.onFailure().stream().map(queue -> new Right(SEND, queue)))
                    .flatMap(rights -> rights);
            // Scheduler comes with a role of its own.
            case EventSourceResource.Timer timer -> Stream.empty();
        };
    }

    /** What the code does an action to. */
    private static List<String> resourcesOf(DeployedTemplate template, String action) {
        String table = template.account().arn("dynamodb", "table/" + template.resource("TasksTable").name());
        return switch (action.substring(0, action.indexOf(':'))) {
            // Nothing is ever asked of the table as a whole.
            case "dynamodb" -> List.of(List.of("dynamodb:Query", "dynamodb:Scan").contains(action)
                    ? table + "/index/by_time"
                    : table);
            case "scheduler" -> List.of(
                    template.account().arn("scheduler",
                            "schedule/" + template.resource("ScheduleGroup").name() + "/*"));
            case "sqs" -> List.of(template.account().arn("sqs", template.resource(queueOf(action)).name()));
            // The key of the signatures, and what headers refer to.
            case "secretsmanager" -> List.of(template.resource("SigningSecret").ref(), template.account().arn(
                    "secretsmanager",
                    "secret:" + template.parameter("SecretsPrefix").path("Default").asString() + "*"));
            default -> throw new AssertionError("nothing is known that " + action + " is done to");
        };
    }

    private static String queueOf(String action) {
        return switch (action.substring(action.indexOf(AwsCalls.BY) + AwsCalls.BY.length())) {
            case "SqsTimers" -> "TimerQueue";
            case "SqsWakeUps" -> "WakeUpQueue";
            case String adapter -> throw new AssertionError("nothing is known of the queue of " + adapter);
        };
    }

    @Override
    public int compareTo(Right other) {
        return Comparator.comparing(Right::action).thenComparing(Right::resource).compare(this, other);
    }

    @Override
    public String toString() {
        return action + " on " + resource;
    }
}
