package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.DescribedAnswers;
import io.taskscheduler.fixture.DescribedAnswers.Answer;
import io.taskscheduler.fixture.NoContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

    static APIGatewayV2HTTPEvent other(String path) {
        return event("$default", path).build();
    }

    static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event(String routeKey, String path) {
        return APIGatewayV2HTTPEvent.builder().withRouteKey(routeKey).withRawPath(path).withRequestContext(
                APIGatewayV2HTTPEvent.RequestContext.builder().withRequestId("request-1").build());
    }

    /** What the handler answers, after it was held to the API's document. */
    static APIGatewayV2HTTPResponse answer(ScheduleTaskHandler handler, APIGatewayV2HTTPEvent event) {
        APIGatewayV2HTTPResponse answer = handler.handleRequest(event, new NoContext());
        String route = event.getRouteKey();
        DescribedAnswers.expectDescribed(new Answer(route.replaceFirst(" .*", ""), event.getRawPath(),
                answer.getStatusCode(), answer.getHeaders(), answer.getBody()));
        return answer;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
