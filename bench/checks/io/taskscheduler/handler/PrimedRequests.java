package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.HashMap;
import java.util.Map;

/** What the functions are asked. */
final class PrimedRequests {

    private PrimedRequests() {}

    static APIGatewayV2HTTPEvent schedule(String url, String delay) {
        return APIGatewayV2HTTPEvent.builder().withRouteKey("POST /schedule-task").withRawPath("/schedule-task")
                .withHeaders(new HashMap<>(Map.of("content-type", "application/json")))
                .withBody("{\"action\":\"webhook\",\"payload\":{\"url\":\"" + url
                        + "\",\"data\":{\"message\":\"Task executed!\"}},\"delay\":\"" + delay
                        + "\",\"labels\":{\"order\":\"4711\"}}")
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder().withRequestId("JKJaXmPLvHcESHA=")
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod("POST")
                                .withPath("/schedule-task").build())
                        .build())
                .build();
    }

    static String wakeUp() {
        return "{\"Records\":[{\"messageId\":\"m\",\"body\":\"{\\\"source\\\":\\\"custom.timer\\\",\\\"detail\\\":"
                + "{\\\"taskId\\\":\\\"01K0000000000000000000000A\\\",\\\"wakeUp\\\":1}}\","
                + "\"eventSourceARN\":\"arn:aws:sqs:us-east-1:123456789012:timers\"}]}";
    }
}
