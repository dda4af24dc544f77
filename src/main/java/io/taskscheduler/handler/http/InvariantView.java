package io.taskscheduler.handler.http;

import io.taskscheduler.app.CheckInvariant.Invariant;

/** {@code GET /invariant}: counts, all of them whole numbers. */
public final class InvariantView {

    private InvariantView() {}

    public static String json(Invariant invariant) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("checked_at", invariant.checkedAt().toString());
            json.writeNumberProperty("open", invariant.open());
            json.writeNumberProperty("overdue", invariant.overdue());
            json.writeNumberProperty("leased", invariant.leased());
            json.writeNumberProperty("on_their_way", invariant.onTheirWay());
            json.writeNumberProperty("violations", invariant.violations());
            json.writeNumberProperty("oldest_overdue_seconds", invariant.oldestOverdue().toSeconds());
            json.writeEndObject();
        });
    }
}
