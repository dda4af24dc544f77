package io.taskscheduler.local.sources;

import java.util.Base64;
import java.util.List;

import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Messages as Lambda hands them to a function. */
final class SqsEvent {
    private static final JsonMapper JSON = new JsonMapper();

    private SqsEvent() {}

    static byte[] of(List<Message> messages, String queueArn) {
        ObjectNode event = JSON.createObjectNode();
        var records = event.putArray("Records");
        messages.forEach(message -> records.add(record(message, queueArn)));
        return JSON.writeValueAsBytes(event);
    }

    private static ObjectNode record(Message message, String queueArn) {
        ObjectNode record = JSON.createObjectNode();
        record.put("messageId", message.messageId()).put("receiptHandle", message.receiptHandle()).put("body",
                message.body());
        ObjectNode attributes = record.putObject("attributes");
        message.attributesAsStrings().forEach(attributes::put);
        ObjectNode own = record.putObject("messageAttributes");
        message.messageAttributes().forEach((name, value) -> own.set(name, attribute(value)));
        record.put("md5OfBody", message.md5OfBody());
        if (!message.messageAttributes().isEmpty()) {
            record.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
        }
        return record.put("eventSource", "aws:sqs").put("eventSourceARN", queueArn).put("awsRegion",
                queueArn.split(":", -1)[3]);
    }

    private static ObjectNode attribute(MessageAttributeValue value) {
        ObjectNode attribute = JSON.createObjectNode();
        if (value.binaryValue() == null) {
            attribute.put("stringValue", value.stringValue());
        } else {
            attribute.put("binaryValue", Base64.getEncoder().encodeToString(value.binaryValue().asByteArray()));
        }
        attribute.putArray("stringListValues");
        attribute.putArray("binaryListValues");
        return attribute.put("dataType", value.dataType());
    }
}
