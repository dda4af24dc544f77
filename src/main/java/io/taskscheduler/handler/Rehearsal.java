package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.handler.http.TaskRules;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.StandIn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Goes through a task's life with the handlers that a deployed function has and all that stands behind them, against a {@link StandIn}: a near
 * task is scheduled, shown, woken and carried out, a far one scheduled, a bad one refused. Nobody else is called, and nothing of it is left but
 * classes and compiled code. Nothing is logged and no metric written.
 */
final class Rehearsal {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:rehearsal";

    private final JsonMapper mapper = new JsonMapper();
    private final ScheduleTaskHandler scheduleTask;
    private final ExecuteTaskHandler executeTask;
    private final String receiver;

    Rehearsal(Components deployed, URI standIn) {
        Components components = deployed.rehearsing(standIn);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Log log = new Log(components.clock(), nowhere);
        this.scheduleTask = new ScheduleTaskHandler(UseCases.of(components), "",
                new TaskRules(components.settings().precision(), components.settings().destinations()),
                components.clock(), log);
        this.executeTask = new ExecuteTaskHandler(components.executeTask(), QUEUE + "-dead-letters", log,
                new Metrics(components.settings().tableName(), components.clock(), nowhere));
        this.receiver = standIn + "/webhook";
    }

    /** An {@link IllegalStateException} when something came out otherwise than it does for a caller. */
    void once() throws IOException {
        String id = mapper.readTree(expect(201, schedule("PT0S", "\"labels\":{\"order\":\"4711\"},"))).path("task_id")
                .asString();
        expect(200, event("GET /tasks/{task_id}", "GET", "/tasks/" + id).withPathParameters(Map.of("task_id", id)));
        execute(id);
        if (!expect(200, event("GET /tasks/{task_id}", "GET", "/tasks/" + id)
                .withPathParameters(Map.of("task_id", id))).contains("\"completed\"")) {
            throw new IllegalStateException("a task was not carried out");
        }
        expect(201, schedule("P1D", ""));
        expect(400, schedule("yesterday", ""));
    }

    private APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder schedule(String delay, String more) {
        return event("POST /schedule-task", "POST", "/schedule-task").withBody("{\"action\":\"webhook\"," + more
                + "\"delay\":\"" + delay + "\",\"payload\":{\"url\":\"" + receiver
                + "\",\"headers\":{\"x-token\":\"{{secret:rehearsal}}\"},\"data\":{\"message\":\"rehearsal\"}}}");
    }

    private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event(String routeKey, String method,
            String path) {
        return APIGatewayV2HTTPEvent.builder().withRouteKey(routeKey).withRawPath(path)
                .withHeaders(Map.of("content-type", "application/json"))
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder().withRequestId("rehearsal")
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod(method).withPath(path)
                                .build())
                        .build());
    }

    private String expect(int status, APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event) {
        APIGatewayV2HTTPResponse answer = scheduleTask.handleRequest(event.build(), new NoInvocation());
        if (answer.getStatusCode() != status) {
            throw new IllegalStateException(status + " was expected, not " + answer.getStatusCode());
        }
        return answer.getBody();
    }

    private void execute(String id) throws IOException {
        String message = "{\\\"source\\\":\\\"custom.timer\\\",\\\"detail\\\":{\\\"taskId\\\":\\\"" + id
                + "\\\",\\\"wakeUp\\\":1}}";
        String event = "{\"Records\":[{\"messageId\":\"rehearsal\",\"body\":\"" + message
                + "\",\"eventSourceARN\":\"" + QUEUE + "\"}]}";
        executeTask.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                new ByteArrayOutputStream(), new NoInvocation());
    }
}
