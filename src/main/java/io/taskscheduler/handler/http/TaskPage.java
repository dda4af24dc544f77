package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The views of one page, as many as one answer can hold. */
public final class TaskPage {

    /**
     * The most that the views of a page may have together. Lambda passes 6 MB on as an answer, in which the body is a JSON text, and so every
     * quotation mark of it two characters: in the worst case it has twice this size. For the same reason a character beyond the 65,536 first
     * counts 6 bytes and not 4: there it may be written as two escapes of 6 characters.
     */
    static final int MOST_BYTES = 5 * 1_024 * 1_024 / 2;

    private final List<String> views = new ArrayList<>();
    private int bytes;

    /** {@code false} when there is no room for the task; there always is for the first. */
    public boolean add(Task task) {
        String view = TaskView.json(task);
        int size = size(view);
        if (!views.isEmpty() && bytes + size > MOST_BYTES) {
            return false;
        }
        views.add(view);
        bytes += size;
        return true;
    }

    static int size(String json) {
        return json.chars().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    }

    /** The whole answer. */
    public String json(Optional<String> nextToken) {
        return JsonText.write(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("tasks");
            views.forEach(json::writeRawValue);
            json.writeEndArray();
            nextToken.ifPresent(token -> json.writeStringProperty("next_token", token));
            json.writeEndObject();
        });
    }
}
