package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Violation;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.RequestKey;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.RetryPolicy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads what {@code POST /schedule-task} was sent. All faults of a body are found and told together. */
public final class TaskRequest {

    private static final int MOST_LABELS = 10;
    private static final String ENTRY_KEY = "idempotency_key";
    static final int LONGEST_LABEL = 256;
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private TaskRequest() {}

    /** What a request turned out to be. */
    public sealed interface Reading {

        /**
         * It can be done.
         *
         * @param key empty when the request is not to be recognised
         */
        record Valid(Order order, Optional<RequestKey> key) implements Reading {}

        /**
         * It cannot be done.
         *
         * @param key what the request would be recognised by, had it come before when it was valid
         */
        record Refused(Problem problem, Optional<RequestKey> key) implements Reading {

            Refused(Problem problem) {
                this(problem, Optional.empty());
            }
        }
    }

    /**
     * Reads it.
     *
     * @param rules the operator's
     */
    public static Reading read(APIGatewayV2HTTPEvent event, TaskRules rules, Instant now) {
        return switch (Body.of(event)) {
            case Body.Content.Refused(Problem problem) -> new Reading.Refused(problem);
            case Body.Content.Text(String text) -> switch (Json.read(text)) {
                case Json.Reading.Malformed(String why) -> new Reading.Refused(Problem.malformed(why));
                case Json.Reading.Read(Json json) when !json.root().isObject() ->
                    new Reading.Refused(Problem.malformed("The body must be a JSON object."));
                case Json.Reading.Read(Json json) -> {
                    List<Violation> faults = new ArrayList<>();
                    Optional<RequestKey> key = key("Idempotency-Key", Body.header(event, "idempotency-key"),
                            () -> BodyHash.of(text), faults);
                    yield reading(order(json, rules, now, faults), key, faults);
                }
            };
        };
    }

    /**
     * Reads one of several, whose key is a member.
     *
     * @param text a JSON value
     */
    static Reading readEntry(String text, TaskRules rules, Instant now) {
        if (text.getBytes(StandardCharsets.UTF_8).length > Body.MOST_BYTES) {
            return new Reading.Refused(Problem.tooLarge(Body.MOST_BYTES));
        }
        return switch (Json.read(text)) {
            case Json.Reading.Malformed(String why) -> new Reading.Refused(Problem.malformed(why));
            case Json.Reading.Read(Json json) when !json.root().isObject() ->
                new Reading.Refused(Problem.malformed("Each of the tasks must be a JSON object."));
            case Json.Reading.Read(Json json) -> {
                List<Violation> faults = new ArrayList<>();
                Members root = Members.ofRoot(json.root(), faults);
                Optional<RequestKey> key = key(ENTRY_KEY, root.text(ENTRY_KEY),
                        () -> BodyHash.without(ENTRY_KEY, text), faults);
                yield reading(order(root, json.data(), rules, now).filter(order -> faults.isEmpty()), key, faults);
            }
        };
    }

    private static Reading reading(Optional<Order> order, Optional<RequestKey> key, List<Violation> faults) {
        return order.<Reading>map(valid -> new Reading.Valid(valid, key))
                .orElseGet(() -> new Reading.Refused(Problem.validation(faults), key));
    }

    private static Optional<RequestKey> key(String name, Optional<String> given, Supplier<String> hash,
            List<Violation> faults) {
        Optional<RequestKey> key = given.filter(value -> KEY.matcher(value).matches())
                .map(value -> new RequestKey(value, hash.get()));
        if (given.isPresent() && key.isEmpty()) {
            faults.add(new Violation(name, "must be 1 to 255 visible ASCII characters without spaces"));
        }
        return key;
    }

    /** Empty when there are faults, all of which are noted. */
    static Optional<Order> order(Json json, TaskRules rules, Instant now, List<Violation> faults) {
        return order(Members.ofRoot(json.root(), faults), json.data(), rules, now).filter(order -> faults.isEmpty());
    }

    /** As {@link #order(Json, TaskRules, Instant, List)}; what it notes does not keep it from giving what it could read. */
    static Optional<Order> order(Members root, Optional<String> data, TaskRules rules, Instant now) {
        Optional<Action> action = action(root, data, rules);
        Optional<RunAt.Times> times = RunAt.read(root, now);
        Optional<Precision> precision = root.has("precision")
                ? root.text("precision").flatMap(word -> precision(root, word))
                : Optional.of(rules.usual());
        Optional<RetryPolicy> retry = root.has("retry")
                ? root.object("retry").flatMap(TaskRequest::retry)
                : Optional.of(RetryPolicy.DEFAULT);
        Map<String, String> labels = root.object("labels").map(TaskRequest::labels).orElse(Map.of());
        boolean redact = root.flag("redact").orElse(false);
        root.refuseUnknown();
        return action.flatMap(a -> times
                .flatMap(t -> precision.flatMap(
                        p -> retry.map(r -> new Order(a, t.runAt(), p, t.expiresAt(), r, labels, redact)))));
    }

    private static Optional<Precision> precision(Members root, String word) {
        return switch (word) {
            case "second" -> Optional.of(Precision.SECOND);
            case "minute" -> Optional.of(Precision.MINUTE);
            default -> {
                root.fault("precision", "must be second or minute");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Action> action(Members root, Optional<String> data, TaskRules rules) {
        root.required("action", "webhook");
        root.required("payload", "what to send where");
        Optional<String> kind = root.text("action");
        if (kind.isPresent() && !kind.get().equals("webhook")) {
            root.fault("action", "is not known; known are: webhook");
        }
        // Also when the action is missing: there is one kind, and its faults are worth telling.
        return root.object("payload").flatMap(payload -> WebhookMembers.read(payload, data, rules.destinations()));
    }

    static Optional<RetryPolicy> retry(Members retry) {
        RetryPolicy usual = RetryPolicy.DEFAULT;
        Optional<Integer> attempts = retry.has("max_attempts")
                ? retry.integer("max_attempts", 1, RetryPolicy.MOST_ATTEMPTS)
                : Optional.of(usual.maxAttempts());
        Optional<Duration> initial = delay(retry, "initial_delay_seconds", usual.initialDelay());
        Optional<Duration> max = delay(retry, "max_delay_seconds", usual.maxDelay());
        Optional<Double> rate = retry.has("backoff_rate")
                ? retry.number("backoff_rate", BigDecimal.valueOf(RetryPolicy.MIN_RATE),
                        BigDecimal.valueOf(RetryPolicy.MAX_RATE)).map(BigDecimal::doubleValue)
                : Optional.of(usual.backoffRate());
        retry.refuseUnknown();
        return attempts.flatMap(a -> initial
                .flatMap(i -> rate.flatMap(b -> max.map(m -> new RetryPolicy(a, i, b, m)))));
    }

    private static Optional<Duration> delay(Members retry, String name, Duration usual) {
        return retry.has(name)
                ? retry.integer(name, (int) RetryPolicy.MIN_DELAY.toSeconds(), (int) RetryPolicy.MAX_DELAY.toSeconds())
                        .map(Duration::ofSeconds)
                : Optional.of(usual);
    }

    static Map<String, String> labels(Members members) {
        Map<String, String> labels = members.texts();
        if (labels.size() > MOST_LABELS) {
            members.fault("", "must be at most 10");
        }
        labels.forEach((key, value) -> {
            if (!LABEL_KEY.matcher(key).matches()) {
                members.fault(key, "is not a label's key: 1 to 64 of A-Z a-z 0-9 _ . -");
            }
            if (value.codePointCount(0, value.length()) > LONGEST_LABEL) {
                members.fault(key, "must have a value of at most 256 characters");
            }
        });
        return labels;
    }
}
