package io.taskscheduler.app;

import io.taskscheduler.app.ChangeTask.Outcome;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps a task under a name of its caller's: makes it when there is none, and takes the place of one that waits. */
public final class PutTask {

    private final ScheduleTask scheduleTask;
    private final ChangeTask changeTask;

    public PutTask(ScheduleTask scheduleTask, ChangeTask changeTask) {
        this.scheduleTask = scheduleTask;
        this.changeTask = changeTask;
    }

    /**
     * What is to stand under the name.
     *
     * @param patience  how long after the first of several requests a task that waits may be put off at most
     * @param startAnew whether a task that has come to its end gives its place to a new one
     */
    public record Wish(Order order, Optional<Duration> patience, boolean startAnew) {}

    /** Done as {@link ScheduleTask} does it for a new task, and as {@link ChangeTask} does it for one that is there. */
    public Outcome put(TaskId name, Precondition condition, Wish wish, Caller by, Instant now) {
        while (true) {
            Outcome outcome = changeTask.change(name, condition, now, (task, at) -> wish.startAnew()
                    ? task.replaceOrStartAnew(wish.order(), wish.patience(), by, at)
                    : task.replace(wish.order(), wish.patience(), by, at));
            if (!(outcome instanceof Outcome.NoSuchTask)) {
                return outcome;
            }
            if (!condition.holds(Optional.empty())) {
                return new Outcome.PreconditionFailed();
            }
            // When another call has made it meanwhile there is something to replace.
            Optional<ScheduleTask.Outcome.OfNewTask> made = scheduleTask.schedule(name, wish.order(), by, now);
            if (made.isPresent()) {
                return switch (made.get()) {
                    case ScheduleTask.Outcome.Accepted(Task task) -> new Outcome.Created(task);
                    case ScheduleTask.Outcome.NotAccepted(var cause) -> new Outcome.NotAccepted(cause);
                };
            }
        }
    }
}
