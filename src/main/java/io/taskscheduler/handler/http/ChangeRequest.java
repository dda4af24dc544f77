package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.Precondition;
import io.taskscheduler.app.PutTask.Wish;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Edit;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads requests that change a task that may be there. All faults of a request are found and told together. */
public final class ChangeRequest {

    private static final List<String> CHANGEABLE = List.of("run_at", "delay", "expires_at", "payload", "retry",
            "labels");

    private ChangeRequest() {}

    /** What a request turned out to be. */
    public sealed interface Reading<T> {

        record Valid<T>(T wish, Precondition condition) implements Reading<T> {}

        record Refused<T>(Problem problem) implements Reading<T> {}
    }

    /** Where a body's faults are noted and what they leave of it. */
    private interface BodyReader<T> {

        Optional<T> read(Json json, List<Violation> faults);
    }

    /**
     * {@code PATCH /tasks/{task_id}}.
     *
     * @param rules the operator's
     */
    public static Reading<Edit> edit(APIGatewayV2HTTPEvent event, TaskRules rules, Instant now) {
        return read(event, new ArrayList<>(),
                (json, faults) -> edit(Members.ofRoot(json.root(), faults), json.data(), rules, now));
    }

    /**
     * {@code PUT /tasks/{task_id}}.
     *
     * @param rules the operator's
     */
    public static Reading<Wish> put(APIGatewayV2HTTPEvent event, String name, TaskRules rules, Instant now) {
        List<Violation> faults = new ArrayList<>();
        if (!TaskId.isValid(name) || name.matches("\\.{1,2}")) {
            faults.add(new Violation("task_id", TaskId.RULE + ", and not . or .. alone"));
        } else if (new TaskId(name).isUlid()) {
            faults.add(new Violation("task_id",
                    "must not be in the form of a ULID: those are given by POST /schedule-task"));
        }
        return read(event, faults, (json, all) -> wish(Members.ofRoot(json.root(), all), json.data(), rules, now));
    }

    /** A change without a body. */
    public static Reading<Boolean> bare(APIGatewayV2HTTPEvent event) {
        if (!Body.isEmptyOrEmptyObject(event)) {
            return new Reading.Refused<>(Problem.malformed("This path takes no body."));
        }
        List<Violation> faults = new ArrayList<>();
        Precondition condition = precondition(event, faults);
        return faults.isEmpty()
                ? new Reading.Valid<>(true, condition)
                : new Reading.Refused<>(Problem.validation(faults));
    }

    private static <T> Reading<T> read(APIGatewayV2HTTPEvent event, List<Violation> faults, BodyReader<T> reader) {
        return switch (Body.of(event)) {
            case Body.Content.Refused(Problem problem) -> new Reading.Refused<>(problem);
            case Body.Content.Text(String text) -> switch (Json.read(text)) {
                case Json.Reading.Malformed(String why) -> new Reading.Refused<>(Problem.malformed(why));
                case Json.Reading.Read(Json json) when !json.root().isObject() ->
                    new Reading.Refused<>(Problem.malformed("The body must be a JSON object."));
                case Json.Reading.Read(Json json) -> {
                    Precondition condition = precondition(event, faults);
                    Optional<T> wish = reader.read(json, faults);
                    yield wish.filter(valid -> faults.isEmpty()).<Reading<T>>map(
                            valid -> new Reading.Valid<>(valid, condition))
                            .orElseGet(() -> new Reading.Refused<>(Problem.validation(faults)));
                }
            };
        };
    }

    private static Precondition precondition(APIGatewayV2HTTPEvent event, List<Violation> faults) {
        return EntityTag.precondition(Body.header(event, "if-match"), Body.header(event, "if-none-match"), faults);
    }

    private static Optional<Edit> edit(Members root, Optional<String> data, TaskRules rules, Instant now) {
        if (CHANGEABLE.stream().noneMatch(root::has)) {
            root.fault("", "must name at least one of " + String.join(", ", CHANGEABLE));
        }
        Optional<RunAt.Given> times = RunAt.readGiven(root, now);
        Optional<Action> action = root.object("payload")
                .flatMap(payload -> WebhookMembers.read(payload, data, rules.destinations()));
        Optional<RetryPolicy> retry = root.object("retry").flatMap(TaskRequest::retry);
        Optional<Map<String, String>> labels = root.object("labels").map(TaskRequest::labels);
        root.refuseUnknown();
        return times.map(given -> new Edit(given.runAt(), given.expiresAt(), action, retry, labels));
    }

    private static Optional<Wish> wish(Members root, Optional<String> data, TaskRules rules, Instant now) {
        boolean hasPatience = root.has("max_delay");
        if (hasPatience && !root.has("delay")) {
            root.fault("max_delay", "goes with delay only");
        }
        Optional<Duration> patience = root.text("max_delay").flatMap(text -> patience(root, text));
        boolean startAnew = root.text("if_finished").map(word -> startAnew(root, word)).orElse(false);
        Optional<Order> order = TaskRequest.order(root, data, rules, now);
        if (order.isPresent() && root.has("delay")
                && patience.filter(most -> now.plus(most).isBefore(order.get().runAt())).isPresent()) {
            root.fault("max_delay", "must not be shorter than delay");
        }
        return order.map(wanted -> new Wish(wanted, patience, startAnew));
    }

    private static Optional<Duration> patience(Members root, String text) {
        Optional<Duration> patience = RunAt.duration(text);
        if (patience.isEmpty()) {
            root.fault("max_delay", RunAt.DURATIONS);
        } else if (patience.get().compareTo(RunAt.LONGEST) > 0) {
            root.fault("max_delay", "must be at most 5 years");
        }
        return patience;
    }

    private static boolean startAnew(Members root, String word) {
        if (!word.equals("replace") && !word.equals("refuse")) {
            root.fault("if_finished", "must be replace or refuse");
        }
        return word.equals("replace");
    }
}
