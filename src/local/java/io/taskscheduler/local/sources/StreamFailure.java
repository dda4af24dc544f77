package io.taskscheduler.local.sources;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.EventSourceResource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Lambda tells a queue about a batch of a stream that it has given up: where the records are, not what is in them. */
record StreamFailure(EventSourceResource.Stream declared, LocalFunction function, String shard) {
    private static final JsonMapper JSON = new JsonMapper();

    String record(List<StreamRecord> records, boolean exhausted, int invocations, Instant now) {
        ObjectNode record = JSON.createObjectNode();
        record.putObject("requestContext").put("requestId", UUID.randomUUID().toString())
                .put("functionArn", function.resource().arn())
                .put("condition", exhausted ? "RetryAttemptsExhausted" : "RecordAgeExceeded")
                .put("approximateInvokeCount", invocations);
        record.putObject("responseContext").put("statusCode", 200).put("executedVersion", "$LATEST")
                .put("functionError", "Unhandled");
        record.put("version", "1.0").put("timestamp", now.toString());
        record.putObject("DDBStreamBatchInfo").put("shardId", shard)
                .put("startSequenceNumber", records.getFirst().sequenceNumber())
                .put("endSequenceNumber", records.getLast().sequenceNumber())
                .put("approximateArrivalOfFirstRecord", records.getFirst().created().toString())
                .put("approximateArrivalOfLastRecord", records.getLast().created().toString())
                .put("batchSize", records.size()).put("streamArn", declared.streamArn());
        return JSON.writeValueAsString(record);
    }
}
