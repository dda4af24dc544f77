package io.taskscheduler.local.lambda;

import java.time.Instant;
import java.util.Map;

import io.taskscheduler.local.template.FunctionResource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Lambda tells a destination about an event it is done with, in Lambda's own shape. */
final class AsyncRecord {
    private static final JsonMapper JSON = new JsonMapper();

    private final FunctionResource function;
    private final AsyncEvent event;

    AsyncRecord(FunctionResource function, AsyncEvent event) {
        this.function = function;
        this.event = event;
    }

    /** Of a run that succeeded. */
    String success(Instant now, byte[] answer) {
        return record(now, "Success", event.attempts() + 1, answer, false);
    }

    /** Of an event given up; the last failure is Lambda's report of it. */
    String failure(Instant now, String condition, byte[] lastFailure) {
        return record(now, condition, event.attempts(), lastFailure, true);
    }

    /** The attributes beside the bare event in a dead-letter queue. */
    Map<String, String> deadLetterAttributes(byte[] lastFailure) {
        return Map.of("RequestID", event.requestId(), "ErrorCode", "200", "ErrorMessage",
                value(lastFailure).path("errorMessage").asString("no message"));
    }

    private String record(Instant now, String condition, int invocations, byte[] response, boolean failed) {
        ObjectNode record = JSON.createObjectNode();
        record.put("version", "1.0");
        record.put("timestamp", now.toString());
        record.putObject("requestContext").put("requestId", event.requestId())
                .put("functionArn", function.arn() + ":$LATEST")
                .put("condition", condition).put("approximateInvokeCount", invocations);
        record.set("requestPayload", value(event.payload().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        ObjectNode context = record.putObject("responseContext").put("statusCode", 200).put("executedVersion",
                "$LATEST");
        if (failed) {
            context.put("functionError", "Unhandled");
        }
        record.set("responsePayload", value(response));
        return JSON.writeValueAsString(record);
    }

    private static JsonNode value(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException notJson) {
            return JSON.getNodeFactory().stringNode(new String(json, java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
