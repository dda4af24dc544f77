package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Task;
import java.time.Instant;
import java.util.Map;

/**
 * Accepts a task: store, then timer. The store comes first because a timer without a task wakes nobody, while a task without a timer can
 * be found. When the timer cannot be set the task is taken back, so that a refused caller may try again without a second task running.
 *
 * <p>Not promised: when this process dies between the two writes, or the store falls silent after the first, a stored task without a timer
 * may stay behind.
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

    /** A request whose every part is valid. */
    public record Request(Action action, Instant runAt, RetryPolicy retry, Map<String, String> labels) {}

    /** What became of a request. */
    public sealed interface Outcome {

        record Accepted(Task task) implements Outcome {}

        /** A service did not answer. No task is left behind, unless the store did not answer its removal either. */
        record NotAccepted(Unavailable cause) implements Outcome {}
    }

    /**
     * Keeps the task and sets its timer.
     *
     * @param now when the request was read: what its delay was counted from
     */
    public Outcome schedule(Request request, Instant now) {
        Task task = Task.schedule(ids.next(now), request.action(), request.retry(), request.labels(), request.runAt(),
                now);
        try {
            store.add(task);
            timers.set(task.id(), task.version(), request.runAt());
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
