package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;

/** How much room tasks take in the store. */
public interface TaskSizes {

    /** By which the store counts what a write costs. */
    int bytes(Task task);
}
