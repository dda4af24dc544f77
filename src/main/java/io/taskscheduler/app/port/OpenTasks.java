package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;
import java.util.List;

/**
 * The tasks that have not come to their end, by the time they are due. What was stored in the last second or so may be missing. Throws
 * {@link Unavailable} when the store does not answer.
 */
public interface OpenTasks {

    /** At most this many can be read with one {@link #read}. */
    int PAGE = 100;

    /** Those that are due before the time, the longest due first, at most {@code limit}. The cost does not depend on those that are not due. */
    List<TaskId> dueBefore(Instant time, int limit);

    /** How many are due before the time; {@code most} when there are as many or more. The cost grows with the number. */
    long countDueBefore(Instant time, long most);

    /** The tasks themselves, in the order of the ids; those that are gone are left out. At most {@link #PAGE}. */
    List<Task> read(List<TaskId> ids);
}
