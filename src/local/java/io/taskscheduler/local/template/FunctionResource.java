package io.taskscheduler.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Lambda function of the stack, {@code Globals} included, with Lambda's own defaults where the template is silent.
 *
 * @param reservedConcurrency
 *            how many invocations may run at a time, when the template limits them
 */
public record FunctionResource(String logicalId, String name, String arn, String handler, Duration timeout,
        int memoryMegabytes, Map<String, String> environment, OptionalInt reservedConcurrency, AsyncPolicy async) {

    /**
     * What becomes of an asynchronous invocation.
     *
     * @param retries
     *            how often a failed one is tried again
     * @param maximumAge
     *            how long an event may wait for its last try
     * @param onSuccess
     *            the ARN that gets a record of each success
     * @param onFailure
     *            the ARN that gets a record of each event given up
     * @param deadLetter
     *            the ARN that gets the bare event given up
     */
    public record AsyncPolicy(int retries, Duration maximumAge, Optional<String> onSuccess, Optional<String> onFailure,
            Optional<String> deadLetter) {}

    public FunctionResource {
        environment = Map.copyOf(environment);
    }

    /** The stack's functions, in the template's order. */
    public static List<FunctionResource> of(Stack stack) {
        return stack.resources(Template.FUNCTION).stream().map(resource -> of(resource, stack.account())).toList();
    }

    private static FunctionResource of(Resource resource, Account account) {
        Properties function = resource.properties();
        return new FunctionResource(resource.logicalId(), resource.name(),
                account.arn("lambda", "function:" + resource.name()), function.requiredText("Handler"),
                Duration.ofSeconds(function.number("Timeout").orElse(3)), function.number("MemorySize").orElse(128),
                function.child("Environment").texts("Variables"), function.number("ReservedConcurrentExecutions")
                        .map(OptionalInt::of).orElse(OptionalInt.empty()),
                async(function));
    }

    private static AsyncPolicy async(Properties function) {
        Properties config = function.child("EventInvokeConfig");
        Properties destinations = config.child("DestinationConfig");
        return new AsyncPolicy(config.number("MaximumRetryAttempts").orElse(2),
                Duration.ofSeconds(config.number("MaximumEventAgeInSeconds").orElse(21_600)),
                destination(destinations.child("OnSuccess")), destination(destinations.child("OnFailure")),
                function.child("DeadLetterQueue").text("TargetArn"));
    }

    private static Optional<String> destination(Properties destination) {
        return destination.isAbsent() ? Optional.empty() : Optional.of(destination.requiredText("Destination"));
    }
}
