package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.util.Optional;

/** Shows a task as it stands now. */
public final class FindTask {

    private final TaskStore store;

    public FindTask(TaskStore store) {
        this.store = store;
    }

    public Optional<Task> find(TaskId id) {
        return store.find(id);
    }
}
