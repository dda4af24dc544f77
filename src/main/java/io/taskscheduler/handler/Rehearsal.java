package io.taskscheduler.handler;

import io.taskscheduler.handler.http.JsonText;
import io.taskscheduler.handler.http.JsonTree;
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
import tools.jackson.databind.JsonNode;

/**
 * Goes through a task's life with the handlers that a deployed function has and all that stands behind them, against a {@link StandIn}: a near
 * task is scheduled, shown, woken and carried out, a far one scheduled, a bad one refused. Nobody else is called, and nothing of it is left but
 * classes and compiled code. Nothing is logged and no metric written.
 */
final class Rehearsal implements AutoCloseable {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:rehearsal";

    private final Components components;
    private final ScheduleTaskHandler scheduleTask;
    private final ExecuteTaskHandler executeTask;
    private final String receiver;

    Rehearsal(Components deployed, URI standIn) {
        this.components = deployed.rehearsing(standIn);
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
        String id = JsonTree.read(expect(201, schedule("PT0S"))).path("task_id").asString();
        expect(200, show(id));
        execute(id);
        if (!expect(200, show(id)).contains("\"completed\"")) {
            throw new IllegalStateException("a task was not carried out");
        }
        expect(201, schedule("P1D"));
        expect(400, schedule("yesterday"));
    }

    @Override
    public void close() {
        components.close();
    }

    private String schedule(String delay) {
        String body = "{\"action\":\"webhook\",\"labels\":{\"order\":\"4711\"},\"delay\":\"" + delay
                + "\",\"payload\":{\"url\":\"" + receiver
                + "\",\"headers\":{\"x-token\":\"{{secret:rehearsal}}\"},\"data\":{\"message\":\"rehearsal\"}}}";
        return event("POST", "/schedule-task", "/schedule-task", Map.of(), body);
    }

    private static String show(String id) {
        return event("GET", "/tasks/{task_id}", "/tasks/" + id, Map.of("task_id", id), "");
    }

    private static String event(String method, String route, String path, Map<String, String> parameters, String body) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("routeKey", method + " " + route);
            json.writeStringProperty("rawPath", path);
            json.writeObjectPropertyStart("headers");
            json.writeStringProperty("content-type", "application/json");
            json.writeEndObject();
            json.writeObjectPropertyStart("pathParameters");
            JsonText.writeMembers(json, parameters);
            json.writeEndObject();
            json.writeObjectPropertyStart("requestContext");
            json.writeStringProperty("requestId", "rehearsal");
            json.writeObjectPropertyStart("http");
            json.writeStringProperty("method", method);
            json.writeEndObject();
            json.writeEndObject();
            json.writeStringProperty("body", body);
            json.writeEndObject();
        });
    }

    private String expect(int status, String event) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        scheduleTask.handleRequest(input(event), output, new NoInvocation());
        JsonNode answer = JsonTree.read(output.toString(StandardCharsets.UTF_8));
        if (answer.path("statusCode").asInt() != status) {
            throw new IllegalStateException(status + " was expected, not " + answer.path("statusCode"));
        }
        return answer.path("body").asString();
    }

    private static ByteArrayInputStream input(String event) {
        return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
    }

    private void execute(String id) throws IOException {
        String message = "{\\\"source\\\":\\\"custom.timer\\\",\\\"detail\\\":{\\\"taskId\\\":\\\"" + id
                + "\\\",\\\"wakeUp\\\":1}}";
        String event = "{\"Records\":[{\"messageId\":\"rehearsal\",\"body\":\"" + message
                + "\",\"eventSourceARN\":\"" + QUEUE + "\"}]}";
        executeTask.handleRequest(input(event), new ByteArrayOutputStream(), new NoInvocation());
    }
}
