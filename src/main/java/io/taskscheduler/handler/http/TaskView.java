package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
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
import io.taskscheduler.domain.TaskState.Cancelled;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.domain.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * A task as callers see it: what is in force, defaults filled in, and what happened. Values of the caller's headers are masked where there are
 * any, data is shown as the text that was given.
 */
public final class TaskView {

    private static final String MASK = "***";

    private TaskView() {}

    public static String json(Task task) {
        return JsonText.write(json -> write(json, task));
    }

    /** The API's word for where a task stands. */
    public static String status(Task task) {
        return switch (task.state()) {
            case Scheduled s -> "scheduled";
            case Running r -> "running";
            case Completed c -> "completed";
            case Failed f -> "failed";
            case Cancelled c -> "cancelled";
            case Expired e -> "expired";
        };
    }

    /** How long after its time the first attempt started; empty before. */
    public static Optional<Long> lateByMillis(Task task) {
        return task.startedAt().map(started -> Duration.between(task.runAt(), started).toMillis());
    }

    static void write(JsonGenerator json, Task task) {
        json.writeStartObject();
        json.writeStringProperty("task_id", task.id().value());
        json.writeStringProperty("status", status(task));
        writeAction(json, task.action());
        time(json, "run_at", task.runAt());
        json.writeStringProperty("precision", word(task.order().precision()));
        task.order().expiresAt().ifPresent(at -> time(json, "expires_at", at));
        if (task.order().redact()) {
            json.writeBooleanProperty("redact", true);
        }
        if (task.state() instanceof Scheduled scheduled) {
            time(json, "next_attempt_at", scheduled.dueAt());
        }
        json.writeNumberProperty("attempts", task.attempts());
        writeRetry(json, task.order().retry());
        json.writeObjectPropertyStart("labels");
        task.order().labels().forEach(json::writeStringProperty);
        json.writeEndObject();
        time(json, "created_at", task.createdAt());
        time(json, "updated_at", task.updatedAt());
        task.startedAt().ifPresent(at -> time(json, "started_at", at));
        task.finishedAt().ifPresent(at -> time(json, "finished_at", at));
        lateByMillis(task).ifPresent(late -> json.writeNumberProperty("late_by_ms", late));
        task.lastResult().ifPresent(result -> writeResult(json, "last_result", result));
        json.writeArrayPropertyStart("history");
        task.history().forEach(event -> writeEvent(json, event));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeAction(JsonGenerator json, Action action) {
        switch (action) {
            case Webhook webhook -> {
                json.writeStringProperty("action", "webhook");
                json.writeObjectPropertyStart("payload");
                json.writeStringProperty("url", webhook.url().toString());
                webhook.body().ifPresent(data -> {
                    json.writeName("data");
                    json.writeRawValue(data);
                });
                json.writeStringProperty("method", webhook.method().name());
                json.writeObjectPropertyStart("headers");
                webhook.headers().forEach(
                        (name, value) -> json.writeStringProperty(name, value.isEmpty() ? value : MASK));
                json.writeEndObject();
                json.writeNumberProperty("timeout_seconds", webhook.timeout().toSeconds());
                json.writeEndObject();
            }
            // Nobody knows which part of it is a credential.
            case Unusable unusable -> json.writeStringProperty("action", unusable.kind());
        }
    }

    private static void writeRetry(JsonGenerator json, RetryPolicy retry) {
        json.writeObjectPropertyStart("retry");
        json.writeNumberProperty("max_attempts", retry.maxAttempts());
        json.writeNumberProperty("initial_delay_seconds", retry.initialDelay().toSeconds());
        json.writeNumberProperty("backoff_rate", retry.backoffRate());
        json.writeNumberProperty("max_delay_seconds", retry.maxDelay().toSeconds());
        json.writeEndObject();
    }

    private static void writeEvent(JsonGenerator json, TaskEvent event) {
        json.writeStartObject();
        json.writeStringProperty("type", type(event));
        time(json, "at", event.at());
        switch (event) {
            case TaskScheduled e -> writeCaller(json, e.by());
            case AttemptStarted e -> {
                json.writeNumberProperty("attempt", e.attempt());
                json.writeStringProperty("by", word(e.by()));
            }
            case AttemptSucceeded e -> writeAttempt(json, e.attempt(), e.result());
            case AttemptFailed e -> writeAttempt(json, e.attempt(), e.result());
            case AttemptLost e -> {
                json.writeNumberProperty("attempt", e.attempt());
                json.writeStringProperty("by", word(e.by()));
                e.lateResult().ifPresent(result -> writeResult(json, "result", result));
            }
            case RetryScheduled e -> {
                time(json, "next_attempt_at", e.nextAttemptAt());
                e.by().ifPresent(caller -> writeCaller(json, caller));
            }
            case TaskCompleted e -> {
            }
            case TaskFailed e -> {
                json.writeStringProperty("reason", word(e.reason()));
                writeViolations(json, e.violations());
            }
            case TaskExpired e -> json.writeStringProperty("by", word(e.by()));
            case TaskCancelled e -> writeCaller(json, e.by());
            case TaskRescheduled e -> {
                time(json, "next_attempt_at", e.nextAttemptAt());
                writeCaller(json, e.by());
            }
            case TaskEdited e -> {
                json.writeArrayPropertyStart("changed");
                e.members().forEach(json::writeString);
                json.writeEndArray();
                writeCaller(json, e.by());
            }
            case TaskRunAgain e -> writeCaller(json, e.by());
            case HistoryCut e -> {
                json.writeNumberProperty("lines", e.lines());
                json.writeNumberProperty("failed_attempts", e.failed());
            }
        }
        json.writeEndObject();
    }

    private static void writeCaller(JsonGenerator json, Caller by) {
        json.writeStringProperty("by", by.name());
        by.traceparent().ifPresent(traceparent -> json.writeStringProperty("traceparent", traceparent));
    }

    private static String type(TaskEvent event) {
        return switch (event) {
            case TaskScheduled e -> "task_scheduled";
            case AttemptStarted e -> "attempt_started";
            case AttemptSucceeded e -> "attempt_succeeded";
            case AttemptFailed e -> "attempt_failed";
            case AttemptLost e -> "attempt_lost";
            case RetryScheduled e -> "retry_scheduled";
            case TaskCompleted e -> "task_completed";
            case TaskFailed e -> "task_failed";
            case TaskExpired e -> "task_expired";
            case TaskCancelled e -> "task_cancelled";
            case TaskRescheduled e -> "task_rescheduled";
            case TaskEdited e -> "task_edited";
            case TaskRunAgain e -> "task_run_again";
            case HistoryCut e -> "history_cut";
        };
    }

    /** Every fault that was found; nothing when there is none. */
    static void writeViolations(JsonGenerator json, List<Violation> violations) {
        if (violations.isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("violations");
        for (Violation violation : violations) {
            json.writeStartObject();
            json.writeStringProperty("member", violation.member());
            json.writeStringProperty("problem", violation.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeAttempt(JsonGenerator json, int attempt, AttemptResult result) {
        json.writeNumberProperty("attempt", attempt);
        writeResult(json, "result", result);
    }

    private static void writeResult(JsonGenerator json, String name, AttemptResult result) {
        json.writeObjectPropertyStart(name);
        switch (result) {
            case Response r -> {
                json.writeStringProperty("kind", "response");
                json.writeNumberProperty("status_code", r.statusCode());
                json.writeNumberProperty("duration_ms", r.duration().toMillis());
                json.writeStringProperty("body", r.body());
            }
            case Failure f -> {
                json.writeStringProperty("kind", "error");
                json.writeStringProperty("error", error(f));
                json.writeNumberProperty("duration_ms", f.duration().toMillis());
                json.writeStringProperty("message", f.message());
            }
        }
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, String name, Instant at) {
        json.writeStringProperty(name, at.toString());
    }

    /** The API's word for why there was no answer. */
    public static String error(AttemptResult.Failure failure) {
        return word(failure.kind());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
