package io.taskscheduler.local.sources;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change of a table as Lambda hands it to a function.
 *
 * @param created
 *            when it was made, on the virtual clock; DynamoDB Local gives it to the minute
 */
record StreamRecord(String sequenceNumber, Instant created, JsonNode json) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * @param ahead
     *            how far the virtual clock is ahead of the one that DynamoDB Local goes by
     */
    static StreamRecord of(Record record, String streamArn, Duration ahead) {
        Instant created = record.dynamodb().approximateCreationDateTime().plus(ahead);
        ObjectNode json = JSON.createObjectNode().put("eventID", record.eventID())
                .put("eventName", record.eventNameAsString()).put("eventVersion", record.eventVersion())
                .put("eventSource", "aws:dynamodb").put("awsRegion", streamArn.split(":", -1)[3]);
        ObjectNode change = json.putObject("dynamodb").put("ApproximateCreationDateTime", created.getEpochSecond());
        change.set("Keys", item(record.dynamodb().keys()));
        if (record.dynamodb().hasNewImage()) {
            change.set("NewImage", item(record.dynamodb().newImage()));
        }
        if (record.dynamodb().hasOldImage()) {
            change.set("OldImage", item(record.dynamodb().oldImage()));
        }
        change.put("SequenceNumber", record.dynamodb().sequenceNumber()).put("SizeBytes", record.dynamodb().sizeBytes())
                .put("StreamViewType", record.dynamodb().streamViewTypeAsString());
        return new StreamRecord(record.dynamodb().sequenceNumber(), created, json.put("eventSourceARN", streamArn));
    }

    static byte[] event(List<StreamRecord> records) {
        ObjectNode event = JSON.createObjectNode();
        var all = event.putArray("Records");
        records.forEach(record -> all.add(record.json()));
        return JSON.writeValueAsBytes(event);
    }

    private static ObjectNode item(Map<String, AttributeValue> item) {
        ObjectNode json = JSON.createObjectNode();
        item.forEach((name, value) -> json.set(name, value(value)));
        return json;
    }

    private static ObjectNode value(AttributeValue value) {
        ObjectNode json = JSON.createObjectNode();
        return switch (value.type()) {
            case S -> json.put("S", value.s());
            case N -> json.put("N", value.n());
            case B -> json.put("B", base64(value.b()));
            case BOOL -> json.put("BOOL", value.bool());
            case NUL -> json.put("NULL", true);
            case M -> json.set("M", item(value.m()));
            case L -> json.set("L", list(value.l().stream().map(StreamRecord::value).toList()));
            case SS -> json.set("SS", list(value.ss().stream().map(NODES::stringNode).toList()));
            case NS -> json.set("NS", list(value.ns().stream().map(NODES::stringNode).toList()));
            case BS -> json.set("BS", list(value.bs().stream().map(b -> NODES.stringNode(base64(b))).toList()));
            // DynamoDB Local's stream leaves out what is empty, its type too; a map is the likelier one.
            case UNKNOWN_TO_SDK_VERSION -> json.set("M", JSON.createObjectNode());
        };
    }

    private static JsonNode list(List<? extends JsonNode> items) {
        return NODES.arrayNode().addAll(items);
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArray());
    }
}
