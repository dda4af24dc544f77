package io.taskscheduler.app.port;

import io.taskscheduler.domain.TaskId;
import java.time.Instant;

/** Where ids of new tasks come from. */
public interface TaskIds {

    /** An id that nobody else was or will be given; ids of later milliseconds sort after it. */
    TaskId next(Instant now);
}
