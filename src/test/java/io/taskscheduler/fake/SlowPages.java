package io.taskscheduler.fake;

import io.taskscheduler.app.port.OpenTasks;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;
import java.util.List;

/**
 * Open tasks that take their time to be read.
 *
 * @param whenRead runs with each page
 */
public record SlowPages(OpenTasks open, Runnable whenRead) implements OpenTasks {

    @Override
    public List<TaskId> dueBefore(Instant time, int limit) {
        return open.dueBefore(time, limit);
    }

    @Override
    public long countDueBefore(Instant time, long most) {
        return open.countDueBefore(time, most);
    }

    @Override
    public List<Task> read(List<TaskId> ids) {
        whenRead.run();
        return open.read(ids);
    }
}
