package io.taskscheduler.app.port;

import io.taskscheduler.domain.TaskId;
import java.time.Instant;

/** Where ids of new tasks come from. */
public interface TaskIds {

    /** An id that nobody else was or will be given; ids of later milliseconds sort after it. */
    TaskId next(Instant now);

    /** The id that this key has always had and will have; no other key has it, and {@link #next} does not give it. It tells nothing of a time. */
    TaskId of(String key);
}
