package io.taskscheduler.handler;

import java.nio.charset.StandardCharsets;

/** What the functions are asked. */
final class PrimedRequests {

    private PrimedRequests() {}

    /** @return an event of API Gateway */
    static byte[] schedule(String url, String delay) {
        String body = "{\"action\":\"webhook\",\"payload\":{\"url\":\"" + url
                + "\",\"data\":{\"message\":\"Task executed!\"}},\"delay\":\"" + delay
                + "\",\"labels\":{\"order\":\"4711\"}}";
        return bytes(
                "{\"version\":\"2.0\",\"routeKey\":\"POST /schedule-task\",\"rawPath\":\"/schedule-task\",\"rawQueryString\":\"\","
                        + "\"headers\":{\"content-type\":\"application/json\"},\"requestContext\":{\"requestId\":\"JKJaXmPLvHcESHA=\","
                        + "\"http\":{\"method\":\"POST\",\"path\":\"/schedule-task\"}},\"body\":\""
                        + body.replace("\"", "\\\"")
                        + "\",\"isBase64Encoded\":false}");
    }

    /** @return an event of the timers' queue */
    static byte[] wakeUp() {
        return bytes(
                "{\"Records\":[{\"messageId\":\"m\",\"body\":\"{\\\"source\\\":\\\"custom.timer\\\",\\\"detail\\\":"
                        + "{\\\"taskId\\\":\\\"01K0000000000000000000000A\\\",\\\"wakeUp\\\":1}}\","
                        + "\"eventSourceARN\":\"arn:aws:sqs:us-east-1:123456789012:timers\"}]}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
