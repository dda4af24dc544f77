package io.taskscheduler.local.scheduler;

import java.util.ArrayList;
import java.util.List;

/** The broken constraints of one request, refused together in AWS's words. */
final class Faults {

    private final List<String> found = new ArrayList<>();

    void add(String path, String value, String constraint) {
        var shown = value.length() > 200 ? value.substring(0, 200) + "…" : value;
        found.add("Value '" + shown + "' at '" + path + "' failed to satisfy constraint: " + constraint);
    }

    void refuseIfAny() {
        if (!found.isEmpty()) {
            throw Refusal.invalid(found.size() + (found.size() == 1 ? " validation error" : " validation errors")
                    + " detected: " + String
                            .join("; ", found));
        }
    }
}
