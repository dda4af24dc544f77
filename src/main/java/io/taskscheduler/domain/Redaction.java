package io.taskscheduler.domain;

import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.AttemptSucceeded;
import io.taskscheduler.domain.TaskEvent.HistoryCut;
import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCancelled;
import io.taskscheduler.domain.TaskEvent.TaskCompleted;
import io.taskscheduler.domain.TaskEvent.TaskEdited;
import io.taskscheduler.domain.TaskEvent.TaskExpired;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskEvent.TaskRescheduled;
import io.taskscheduler.domain.TaskEvent.TaskRunAgain;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import io.taskscheduler.domain.TaskState.Finished;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is left of a task that must not keep what it carried. Gone are the data, the values of the headers, the URL's query, and every text that
 * came from a receiver or may quote one. What stays: the URL up to its query, the method, the headers' names, the labels, and of each attempt
 * its times, its status code or kind of error. To redact again changes nothing.
 */
final class Redaction {

    private static final String REMOVED = "";

    private Redaction() {}

    /** Whether a task in that state must not have any of it. */
    static boolean isDue(Order order, TaskState state) {
        return order.redact() && state instanceof Finished;
    }

    static Order of(Order order) {
        return new Order(of(order.action()), order.runAt(), order.precision(), order.expiresAt(), order.retry(),
                order.labels(), order.redact());
    }

    static List<TaskEvent> of(List<TaskEvent> history) {
        return history.stream().map(Redaction::of).toList();
    }

    private static Action of(Action action) {
        return switch (action) {
            case Webhook w -> {
                Map<String, String> names = w.headers().keySet().stream()
                        .collect(Collectors.toMap(name -> name, name -> REMOVED));
                yield new Webhook(URI.create(w.url().toString().replaceFirst("[?#].*", "")), w.method(), names,
                        Optional.empty(), w.timeout());
            }
            case Unusable u -> new Unusable(u.kind(), REMOVED, u.violations());
        };
    }

    private static TaskEvent of(TaskEvent event) {
        return switch (event) {
            case AttemptSucceeded e -> new AttemptSucceeded(e.at(), e.attempt(), of(e.result()));
            case AttemptFailed e -> new AttemptFailed(e.at(), e.attempt(), of(e.result()));
            case AttemptLost e -> new AttemptLost(e.at(), e.attempt(), e.by(), e.lateResult().map(Redaction::of));
            case TaskScheduled e -> e;
            case AttemptStarted e -> e;
            case RetryScheduled e -> e;
            case TaskCompleted e -> e;
            case TaskFailed e -> e;
            case TaskExpired e -> e;
            case TaskCancelled e -> e;
            case TaskRescheduled e -> e;
            case TaskEdited e -> e;
            case TaskRunAgain e -> e;
            case HistoryCut e -> e;
        };
    }

    private static AttemptResult of(AttemptResult result) {
        return switch (result) {
            case Response r -> new Response(r.startedAt(), r.duration(), r.statusCode(), REMOVED, r.retryAfter());
            case Failure f -> new Failure(f.startedAt(), f.duration(), f.kind(), REMOVED);
        };
    }
}
