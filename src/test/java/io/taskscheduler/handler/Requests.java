package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.net.URLDecoder;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.DescribedAnswers;
import io.taskscheduler.fixture.DescribedAnswers.Answer;
import io.taskscheduler.fixture.NoContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests as API Gateway hands them over. */
final class Requests {

    private Requests() {}

    static APIGatewayV2HTTPEvent schedule(String body) {
        return schedule(body, Map.of("content-type", "application/json"));
    }

    static APIGatewayV2HTTPEvent schedule(String body, Map<String, String> headers) {
        return event("POST /schedule-task", "/schedule-task").withHeaders(headers).withBody(body).build();
    }

    static APIGatewayV2HTTPEvent schedule(String body, String key) {
        return schedule(body, Map.of("content-type", "application/json", "idempotency-key", key));
    }

    static APIGatewayV2HTTPEvent scheduleBytes(byte[] body) {
        return event("POST /schedule-task", "/schedule-task").withHeaders(Map.of("content-type", "application/json"))
                .withBody(Base64.getEncoder().encodeToString(body)).withIsBase64Encoded(true).build();
    }

    static APIGatewayV2HTTPEvent find(String id) {
        return event("GET /tasks/{task_id}", "/tasks/" + id).withPathParameters(Map.of("task_id", id)).build();
    }

    /** {@code GET /tasks}, its parameters decoded and joined as API Gateway does. */
    static APIGatewayV2HTTPEvent list(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                parameters.merge(decoded(parts[0]), decoded(parts[1]), (first, second) -> first + "," + second);
            }
        }
        return event("GET /tasks", "/tasks").withRawQueryString(query)
                .withQueryStringParameters(parameters.isEmpty() ? null : parameters).build();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** One that API Gateway has no route for. */
    static APIGatewayV2HTTPEvent other(String method, String path) {
        return event("$default", method, path).build();
    }

    /** What a path can do, asked over this route. */
    static APIGatewayV2HTTPEvent options(String routeKey, String path) {
        return event(routeKey, "OPTIONS", path).build();
    }

    /** Of the task; {@code suffix} follows the id in the path. */
    static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder ofTask(String method, String id, String suffix) {
        return event(method + " /tasks/{task_id}" + suffix, method, "/tasks/" + id + suffix)
                .withHeaders(Map.of("content-type", "application/json")).withPathParameters(Map.of("task_id", id));
    }

    static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event(String routeKey, String path) {
        return event(routeKey, routeKey.contains(" ") ? routeKey.substring(0, routeKey.indexOf(' ')) : "PURGE", path);
    }

    private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event(String routeKey, String method,
            String path) {
        return APIGatewayV2HTTPEvent.builder().withRouteKey(routeKey).withRawPath(path)
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder().withRequestId("request-1")
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod(method).withPath(path)
                                .build())
                        .build());
    }

    /** What the handler answers, after it was held to the API's document. */
    static APIGatewayV2HTTPResponse answer(ScheduleTaskHandler handler, APIGatewayV2HTTPEvent event) {
        APIGatewayV2HTTPResponse answer = handler.answer(event);
        DescribedAnswers.expectDescribed(new Answer(event.getRequestContext().getHttp().getMethod(), event.getRawPath(),
                answer.getStatusCode(), answer.getHeaders(), answer.getBody()));
        return answer;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
