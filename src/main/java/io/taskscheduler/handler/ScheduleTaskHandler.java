package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.CheckInvariant;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.MeasureLateness;
import io.taskscheduler.app.RequestKey;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.InvariantView;
import io.taskscheduler.handler.http.LatenessView;
import io.taskscheduler.handler.http.OpenApiDocument;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRequest;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.wiring.Components;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP API, behind API Gateway in payload format 2.0. One function answers all routes: they share every class they load, so a second one
 * would only start cold more often.
 */
public final class ScheduleTaskHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    /** The routes that the template deploys beside {@code $default}, with the method that each path takes. */
    private static final String SCHEDULE = "POST /schedule-task";
    private static final String FIND = "GET /tasks/{task_id}";
    private static final String LIST = "GET /tasks";
    private static final String CHECK = "GET /invariant";
    private static final String MEASURE = "GET /lateness";
    private static final String DESCRIBE = "GET /openapi.yaml";

    private static final Set<String> READ_ONLY = Set.of("/tasks", "/invariant", "/lateness", "/openapi.yaml");

    private final ScheduleTask scheduleTask;
    private final FindTask findTask;
    private final TaskPages taskPages;
    private final CheckInvariant checkInvariant;
    private final MeasureLateness measureLateness;
    private final String openApi;
    private final Precision precision;
    private final InstantSource clock;
    private final Log log;

    /** What Lambda calls. */
    public ScheduleTaskHandler() {
        this(Components.ofEnvironment());
    }

    public ScheduleTaskHandler(Components components) {
        this(components.scheduleTask(), components.findTask(), TaskPages.of(components),
                components.checkInvariant(),
                components.measureLateness(),
                OpenApiDocument.inForce(components.settings().apiAuth()), components.settings().precision(),
                components.clock(),
                new Log(components.clock(), System.out));
    }

    ScheduleTaskHandler(ScheduleTask scheduleTask, FindTask findTask, TaskPages taskPages,
            CheckInvariant checkInvariant, MeasureLateness measureLateness, String openApi, Precision precision,
            InstantSource clock, Log log) {
        this.scheduleTask = scheduleTask;
        this.findTask = findTask;
        this.taskPages = taskPages;
        this.checkInvariant = checkInvariant;
        this.measureLateness = measureLateness;
        this.openApi = openApi;
        this.precision = precision;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        String requestId = event.getRequestContext().getRequestId();
        APIGatewayV2HTTPResponse answer = answer(event, requestId);
        log.info("request answered",
                Map.of("route", event.getRouteKey(), "status", answer.getStatusCode(), "request_id", requestId));
        return answer;
    }

    private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event, String requestId) {
        try {
            Optional<Problem> refused = refuseParameters(event);
            if (refused.isPresent()) {
                return Answers.problem(refused.get(), requestId);
            }
            return switch (event.getRouteKey()) {
                case SCHEDULE -> schedule(event, requestId);
                case FIND -> find(event.getPathParameters().getOrDefault("task_id", ""), requestId);
                case LIST -> taskPages.answer(event, requestId);
                case CHECK -> Answers.json(InvariantView.json(checkInvariant.check()));
                case MEASURE -> Answers.json(LatenessView.json(measureLateness.measure()));
                case DESCRIBE -> Answers.text("application/yaml", openApi);
                default -> Answers.problem(otherwise(event.getRawPath()), requestId);
            };
        } catch (Unavailable e) {
            log.error("a needed service did not answer", Map.of("request_id", requestId), e);
            return Answers.problem(Problem.unavailable(), requestId);
        } catch (RuntimeException e) {
            log.error("the request failed", Map.of("request_id", requestId), e);
            return Answers.problem(Problem.internal(), requestId);
        }
    }

    private APIGatewayV2HTTPResponse schedule(APIGatewayV2HTTPEvent event, String requestId) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return switch (TaskRequest.read(event, precision, now)) {
            case TaskRequest.Reading.Refused(Problem problem, Optional<RequestKey> key) ->
                // What was valid when it first came may have its time behind it by now.
                key.flatMap(request -> scheduleTask.recall(request, now)).map(task -> repeated(task, requestId))
                        .orElseGet(() -> Answers.problem(problem, requestId));
            case TaskRequest.Reading.Valid(Order order, Optional<RequestKey> key) ->
                answer(key.map(request -> scheduleTask.schedule(order, request, now))
                        .orElseGet(() -> scheduleTask.schedule(order, now)), requestId);
        };
    }

    private APIGatewayV2HTTPResponse answer(ScheduleTask.Outcome outcome, String requestId) {
        return switch (outcome) {
            case ScheduleTask.Outcome.Accepted(Task task) -> {
                log.info("task scheduled", Map.of("task_id", task.id(), "request_id", requestId));
                yield Answers.view(201, task, place(task));
            }
            case ScheduleTask.Outcome.Repeated(Task task) -> repeated(task, requestId);
            case ScheduleTask.Outcome.KeyReused() -> Answers.problem(Problem.keyReused(), requestId);
            case ScheduleTask.Outcome.NotAccepted(Unavailable cause) -> {
                log.error("task not accepted", Map.of("request_id", requestId), cause);
                yield Answers.problem(Problem.unavailable(), requestId);
            }
        };
    }

    private APIGatewayV2HTTPResponse repeated(Task task, String requestId) {
        log.info("task found by its key", Map.of("task_id", task.id(), "request_id", requestId));
        return Answers.view(200, task, place(task));
    }

    private static Map<String, String> place(Task task) {
        return Map.of("Location", "/tasks/" + task.id());
    }

    private APIGatewayV2HTTPResponse find(String id, String requestId) {
        Optional<Task> task = TaskId.isValid(id) ? findTask.find(new TaskId(id)) : Optional.empty();
        return task.map(found -> Answers.view(200, found, Map.of()))
                .orElseGet(() -> Answers.problem(Problem.noSuchTask(), requestId));
    }

    /** No route but the list takes a query parameter; one that is ignored would be a wish that is lost. */
    private static Optional<Problem> refuseParameters(APIGatewayV2HTTPEvent event) {
        Map<String, String> parameters = event.getQueryStringParameters();
        if (parameters == null || parameters.isEmpty() || event.getRouteKey().equals(LIST)) {
            return Optional.empty();
        }
        List<Violation> violations = parameters.keySet().stream().sorted()
                .map(name -> new Violation("query." + name, "is not known here; this path takes no parameters"))
                .toList();
        return Optional.of(Problem.validation(violations));
    }

    private static Problem otherwise(String path) {
        if (path.equals("/schedule-task")) {
            return Problem.methodNotAllowed("POST");
        }
        if (READ_ONLY.contains(path) || path.matches("/tasks/[^/]+")) {
            return Problem.methodNotAllowed("GET");
        }
        return Problem.noSuchRoute();
    }
}
