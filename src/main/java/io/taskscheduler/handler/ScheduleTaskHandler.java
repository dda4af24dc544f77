package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.GatewayEvents;
import io.taskscheduler.handler.http.InvariantView;
import io.taskscheduler.handler.http.LatenessView;
import io.taskscheduler.handler.http.OpenApiDocument;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRules;
import io.taskscheduler.wiring.Components;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The HTTP API, behind API Gateway in payload format 2.0. One function answers all routes: they share every class they load, so a second one
 * would only start cold more often.
 */
public final class ScheduleTaskHandler implements RequestStreamHandler {

    private final Routes routes;
    private final InstantSource clock;
    private final Log log;

    /** What Lambda calls. */
    public ScheduleTaskHandler() {
        this(Snapshot.warm(Components.ofEnvironment()));
    }

    public ScheduleTaskHandler(Components components) {
        this(UseCases.of(components),
                OpenApiDocument.inForce(components.settings().apiAuth(), components.settings().apiScopes()),
                new TaskRules(components.settings().precision(), components.settings().destinations()),
                components.clock(), new Log(components.clock(), System.out));
    }

    ScheduleTaskHandler(UseCases useCases, String openApi, TaskRules rules, InstantSource clock, Log log) {
        List<Route> all = new ArrayList<>(new NewTaskRoutes(useCases, rules, log).all());
        all.addAll(new TaskRoutes(useCases, rules, log).all());
        all.add(Route.withParameters("GET /tasks", Right.READ, useCases.taskPages()::answer));
        all.add(new Route("GET /invariant", Right.OPERATE,
                call -> Answers.json(InvariantView.json(useCases.checkInvariant().check()))));
        all.add(new Route("GET /lateness", Right.OPERATE,
                call -> Answers.json(LatenessView.json(useCases.measureLateness().measure()))));
        all.add(new Route("GET /openapi.yaml", Right.READ, call -> Answers.text("application/yaml", openApi)));
        this.routes = new Routes(all);
        this.clock = clock;
        this.log = log;
    }

    /** The keys of the routes that are answered beside {@code $default}. */
    List<String> routes() {
        return routes.all().stream().map(Route::key).toList();
    }

    /** What a caller must be allowed to do to be answered, by the route's key. */
    Map<String, Right> rights() {
        return routes.all().stream().collect(Collectors.toMap(Route::key, Route::right));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        output.write(GatewayEvents.write(answer(GatewayEvents.read(input))).getBytes(StandardCharsets.UTF_8));
    }

    APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event) {
        String requestId = event.getRequestContext().getRequestId();
        APIGatewayV2HTTPResponse answer = answer(event, requestId);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("route", event.getRouteKey());
        said.put("status", answer.getStatusCode());
        said.put("request_id", requestId);
        // One line for each request: with a second one for the task each new task would pay for two.
        TaskRoutes.placed(answer).ifPresent(task -> said.put("task_id", task));
        log.info("request answered", said);
        return answer;
    }

    private APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event, String requestId) {
        try {
            return routes.answer(event, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (Unavailable e) {
            log.error("a needed service did not answer", Map.of("request_id", requestId), e);
            return Answers.problem(Problem.unavailable(), requestId);
        } catch (RuntimeException | StackOverflowError e) {
            log.error("the request failed", Map.of("request_id", requestId), e);
            return Answers.problem(Problem.internal(), requestId);
        }
    }
}
