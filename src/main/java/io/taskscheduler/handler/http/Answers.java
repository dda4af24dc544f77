package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.domain.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** The API's answers, in API Gateway's form. */
public final class Answers {

    /** Prefix of every problem's {@code type}: a name, not an address that must answer. */
    private static final String PROBLEMS = "https://taskscheduler.io/problems/";

    private Answers() {}

    /** A task as it stands, its version in the {@code ETag}. */
    public static APIGatewayV2HTTPResponse view(int status, Task task, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("ETag", EntityTag.of(task));
        return answer(status, "application/json", TaskView.json(task), all);
    }

    /** The caller has the task as it stands. */
    public static APIGatewayV2HTTPResponse notModified(Task task) {
        return empty(304, Map.of("ETag", EntityTag.of(task)));
    }

    /** An answer without a body. */
    public static APIGatewayV2HTTPResponse empty(int status, Map<String, String> headers) {
        return APIGatewayV2HTTPResponse.builder().withStatusCode(status).withHeaders(headers).withBody("")
                .withIsBase64Encoded(false).build();
    }

    /** The same without its body, whose length in bytes stands in {@code Content-Length} nevertheless. */
    public static APIGatewayV2HTTPResponse headOf(APIGatewayV2HTTPResponse answer) {
        Map<String, String> headers = new HashMap<>(answer.getHeaders());
        if (!answer.getBody().isEmpty()) {
            headers.put("Content-Length",
                    Integer.toString(answer.getBody().getBytes(StandardCharsets.UTF_8).length));
        }
        return empty(answer.getStatusCode(), headers);
    }

    public static APIGatewayV2HTTPResponse json(String json) {
        return answer(200, "application/json", json, Map.of());
    }

    public static APIGatewayV2HTTPResponse text(String contentType, String text) {
        return answer(200, contentType, text, Map.of());
    }

    /** One of the results of a request for several tasks: its own status with its view or its problem. */
    public sealed interface Result {

        record Shown(int status, Task task) implements Result {}

        record Refused(Problem problem) implements Result {}
    }

    /** The results, in order. What is beyond {@link TaskPage#MOST_BYTES} is told in short: a task by its id, a problem without its violations. */
    public static APIGatewayV2HTTPResponse results(List<Result> results, String requestId) {
        List<String> told = new ArrayList<>();
        int bytes = 0;
        for (Result result : results) {
            String whole = JsonText.write(json -> write(json, result, requestId));
            int size = TaskPage.size(whole);
            boolean fits = bytes + size <= TaskPage.MOST_BYTES;
            told.add(fits ? whole : JsonText.write(json -> writeInShort(json, result, requestId)));
            bytes += fits ? size : 0;
        }
        return json("{\"results\":[" + String.join(",", told) + "]}");
    }

    private static void write(JsonGenerator json, Result result, String requestId) {
        json.writeStartObject();
        switch (result) {
            case Result.Shown(int status, Task task) -> {
                json.writeNumberProperty("status", status);
                json.writeName("task");
                TaskView.write(json, task);
            }
            case Result.Refused(Problem problem) -> {
                json.writeNumberProperty("status", problem.status());
                json.writeName("problem");
                write(json, problem, requestId);
            }
        }
        json.writeEndObject();
    }

    private static void writeInShort(JsonGenerator json, Result result, String requestId) {
        switch (result) {
            case Result.Shown(int status, Task task) -> {
                json.writeStartObject();
                json.writeNumberProperty("status", status);
                json.writeStringProperty("task_id", task.id().value());
                json.writeEndObject();
            }
            case Result.Refused(Problem problem) ->
                write(json, new Result.Refused(problem.withoutViolations()), requestId);
        }
    }

    public static APIGatewayV2HTTPResponse problem(Problem problem, String requestId) {
        String body = JsonText.write(json -> write(json, problem, requestId));
        return answer(problem.status(), "application/problem+json", body, problem.headers());
    }

    private static void write(JsonGenerator json, Problem problem, String requestId) {
        json.writeStartObject();
        json.writeStringProperty("type", PROBLEMS + problem.kind());
        json.writeStringProperty("title", problem.title());
        json.writeNumberProperty("status", problem.status());
        json.writeStringProperty("detail", problem.detail());
        problem.members().forEach(json::writeStringProperty);
        TaskView.writeViolations(json, problem.violations());
        json.writeStringProperty("request_id", requestId);
        json.writeEndObject();
    }

    private static APIGatewayV2HTTPResponse answer(int status, String contentType, String body,
            Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", contentType);
        return APIGatewayV2HTTPResponse.builder().withStatusCode(status).withHeaders(all).withBody(body)
                .withIsBase64Encoded(false).build();
    }
}
