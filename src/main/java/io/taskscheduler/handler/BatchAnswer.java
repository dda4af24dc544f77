package io.taskscheduler.handler;

import io.taskscheduler.handler.http.JsonText;
import java.util.List;

/** What Lambda is told of a batch: which of its items failed, and only those come again. */
final class BatchAnswer {

    private BatchAnswer() {}

    static String json(List<String> failed) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("batchItemFailures");
            failed.forEach(item -> {
                json.writeStartObject();
                json.writeStringProperty("itemIdentifier", item);
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
