package io.taskscheduler.handler;

import io.taskscheduler.handler.http.JsonText;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/**
 * Numbers for CloudWatch, as one log line in its embedded metric format: no call, and nothing to pay but the line. All of them stand in the
 * namespace {@value #NAMESPACE} under the table's name, some of them divided further.
 */
final class Metrics {

    static final String NAMESPACE = "TaskScheduler";
    static final String DIMENSION = "TableName";

    private final String table;
    private final InstantSource clock;
    private final PrintStream out;

    Metrics(String table, InstantSource clock, PrintStream out) {
        this.table = table;
        this.clock = clock;
        this.out = out;
    }

    /** @param unit CloudWatch's word for what is counted, such as {@code Count} */
    record Value(long number, String unit) {

        static Value count(long number) {
            return new Value(number, "Count");
        }

        static Value seconds(long number) {
            return new Value(number, "Seconds");
        }

        static Value milliseconds(long number) {
            return new Value(number, "Milliseconds");
        }
    }

    void put(Map<String, Value> values) {
        put(Map.of(), values);
    }

    /** @param divided dimensions beside the table */
    void put(Map<String, String> divided, Map<String, Value> values) {
        out.println(JsonText.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("_aws");
            json.writeNumberProperty("Timestamp", clock.millis());
            json.writeArrayPropertyStart("CloudWatchMetrics");
            json.writeStartObject();
            json.writeStringProperty("Namespace", NAMESPACE);
            json.writeArrayPropertyStart("Dimensions");
            json.writeStartArray();
            json.writeString(DIMENSION);
            divided.keySet().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndArray();
            json.writeArrayPropertyStart("Metrics");
            values.forEach((name, value) -> {
                json.writeStartObject();
                json.writeStringProperty("Name", name);
                json.writeStringProperty("Unit", value.unit());
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeStringProperty(DIMENSION, table);
            divided.forEach(json::writeStringProperty);
            values.forEach((name, value) -> json.writeNumberProperty(name, value.number()));
            json.writeEndObject();
        }));
    }
}
