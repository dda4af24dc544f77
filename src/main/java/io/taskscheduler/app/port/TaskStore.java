package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Transition;
import java.util.Optional;

/**
 * Where tasks are kept. Each call is one atomic write or one strongly consistent read; when the store does not answer, all throw
 * {@link Unavailable}, and a write may then have taken effect or not.
 */
public interface TaskStore {

    /**
     * Keeps a new task. Repeating it with the same task changes nothing.
     *
     * @return the task that has this id already, which stays as it is; empty when the new one was kept
     */
    Optional<Task> add(Task task);

    Optional<Task> find(TaskId id);

    /**
     * Stores the task after the move if the stored one still has the version that the move was decided on.
     *
     * @return whether the task is now as the move wants it: {@code false} when another move came first. An answer of its own earlier try
     *         that got lost on the way is recognised and is {@code true}.
     */
    boolean commit(Transition transition);

    /**
     * Takes a task out again that was added and has not moved since.
     *
     * @return whether no such task is there now; {@code false} when it has moved on and stays
     */
    boolean takeBack(Task task);
}
