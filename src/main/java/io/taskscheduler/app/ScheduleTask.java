package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import java.time.Instant;

/**
 * Accepts a task: store, then timer. The store comes first because a timer without a task wakes nobody, while a task without a timer can
 * be found. When the timer cannot be set the task is taken back, so that a refused caller may try again without a second task running.
 *
 * <p>Not promised: when this process dies between the two writes, or the store falls silent after the first, a stored task without a timer
 * may stay behind. It is a whole task: {@link ReconcileTasks} wakes it when it is overdue.
 */
public final class ScheduleTask {

    private final TaskStore store;
    private final Timers timers;
    private final TaskIds ids;

    public ScheduleTask(TaskStore store, Timers timers, TaskIds ids) {
        this.store = store;
        this.timers = timers;
        this.ids = ids;
    }

    /** What became of a request. */
    public sealed interface Outcome {

        record Accepted(Task task) implements Outcome {}

        /** A service did not answer. No task is left behind, unless the store did not answer its removal either. */
        record NotAccepted(Unavailable cause) implements Outcome {}
    }

    /**
     * Keeps the task and sets its timer.
     *
     * @param now when the order was read: what its delay was counted from
     */
    public Outcome schedule(Order order, Instant now) {
        Task task = Task.schedule(ids.next(now), 1, order, now);
        try {
            store.add(task);
            timers.set(task.id(), task.version(), order.runAt());
            return new Outcome.Accepted(task);
        } catch (Unavailable cause) {
            return takeBack(task, cause);
        }
    }

    private Outcome takeBack(Task task, Unavailable cause) {
        try {
            if (store.takeBack(task)) {
                return new Outcome.NotAccepted(cause);
            }
            // The timer was set after all, and has already woken the task.
            return store.find(task.id()).<Outcome>map(Outcome.Accepted::new)
                    .orElseGet(() -> new Outcome.NotAccepted(cause));
        } catch (Unavailable alsoSilent) {
            cause.addSuppressed(alsoSilent);
            return new Outcome.NotAccepted(cause);
        }
    }
}
