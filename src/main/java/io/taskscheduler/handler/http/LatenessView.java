package io.taskscheduler.handler.http;

import io.taskscheduler.app.MeasureLateness;
import io.taskscheduler.app.MeasureLateness.Lateness;
import java.util.List;

/** {@code GET /lateness}: milliseconds in whole numbers, and {@code null} for each of them when nothing was measured. */
public final class LatenessView {

    private LatenessView() {}

    public static String json(Lateness lateness) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("window", MeasureLateness.WINDOW.toString());
            switch (lateness) {
                case Lateness.Unknown() -> {
                    json.writeNumberProperty("count", 0);
                    List.of("p50_ms", "p90_ms", "p99_ms", "max_ms").forEach(json::writeNullProperty);
                }
                case Lateness.Known(var count, var p50, var p90, var p99, var max) -> {
                    json.writeNumberProperty("count", count);
                    json.writeNumberProperty("p50_ms", p50.toMillis());
                    json.writeNumberProperty("p90_ms", p90.toMillis());
                    json.writeNumberProperty("p99_ms", p99.toMillis());
                    json.writeNumberProperty("max_ms", max.toMillis());
                }
            }
            json.writeEndObject();
        });
    }
}
