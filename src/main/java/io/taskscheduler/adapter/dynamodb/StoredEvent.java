package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.FailReason;
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
import io.taskscheduler.domain.WokenBy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A line of the history, as the table holds it: a map whose {@code type} is the API's word for the event. */
final class StoredEvent {

    private StoredEvent() {}

    static Document write(TaskEvent event) {
        return switch (event) {
            case TaskScheduled e -> by(head("task_scheduled", e), e.by()).done();
            case AttemptStarted e -> by(head("attempt_started", e).number("attempt", e.attempt()), e.by()).done();
            case AttemptSucceeded e -> head("attempt_succeeded", e).number("attempt", e.attempt())
                    .document("result", write(e.result())).done();
            case AttemptFailed e -> head("attempt_failed", e).number("attempt", e.attempt())
                    .document("result", write(e.result())).done();
            case AttemptLost e -> {
                Document.Writer line = by(head("attempt_lost", e).number("attempt", e.attempt()), e.by());
                e.lateResult().ifPresent(result -> line.document("result", write(result)));
                yield line.done();
            }
            case RetryScheduled e -> {
                Document.Writer line = head("retry_scheduled", e).time("next_attempt_at", e.nextAttemptAt());
                e.by().ifPresent(caller -> by(line.text("wanted", "now"), caller));
                yield line.done();
            }
            case TaskCompleted e -> head("task_completed", e).done();
            case TaskFailed e -> {
                Document.Writer line = head("task_failed", e).text("reason", e.reason().name());
                if (!e.violations().isEmpty()) {
                    line.documents("violations", StoredViolations.write(e.violations()));
                }
                yield line.done();
            }
            case TaskExpired e -> by(head("task_expired", e), e.by()).done();
            case TaskCancelled e -> by(head("task_cancelled", e), e.by()).done();
            case TaskRescheduled e -> by(head("task_rescheduled", e).time("next_attempt_at", e.nextAttemptAt()), e.by())
                    .done();
            case TaskEdited e -> by(head("task_edited", e).text("changed", String.join(",", e.members())), e.by())
                    .done();
            case TaskRunAgain e -> by(head("task_run_again", e), e.by()).done();
            case HistoryCut e -> head("history_cut", e).number("lines", e.lines()).number("failed", e.failed()).done();
        };
    }

    static TaskEvent read(Document event) {
        Instant at = event.time("at");
        return switch (event.text("type")) {
            case "task_scheduled" -> new TaskScheduled(at, caller(event));
            case "attempt_started" -> new AttemptStarted(at, attempt(event), wokenBy(event));
            case "attempt_succeeded" -> new AttemptSucceeded(at, attempt(event), theResult(event));
            case "attempt_failed" -> new AttemptFailed(at, attempt(event), theResult(event));
            case "attempt_lost" -> new AttemptLost(at, attempt(event), wokenBy(event),
                    event.document("result").map(StoredEvent::result));
            case "retry_scheduled" -> new RetryScheduled(at, event.time("next_attempt_at"),
                    event.optionalText("wanted").map(now -> caller(event)));
            case "task_completed" -> new TaskCompleted(at);
            case "task_failed" -> new TaskFailed(at, FailReason.valueOf(event.text("reason")),
                    StoredViolations.read(event.documents("violations")));
            case "task_expired" -> new TaskExpired(at, wokenBy(event));
            case "task_cancelled" -> new TaskCancelled(at, caller(event));
            case "task_rescheduled" -> new TaskRescheduled(at, event.time("next_attempt_at"), caller(event));
            case "task_edited" -> new TaskEdited(at, List.of(event.text("changed").split(",")), caller(event));
            case "task_run_again" -> new TaskRunAgain(at, caller(event));
            case "history_cut" -> new HistoryCut(at, Math.toIntExact(event.number("lines")),
                    Math.toIntExact(event.number("failed")));
            default -> throw new IllegalStateException("unknown stored event");
        };
    }

    private static Document.Writer head(String type, TaskEvent event) {
        return Document.write().text("type", type).time("at", event.at());
    }

    // The usual case is left out: every byte of a task is paid with each of its moves.
    private static Document.Writer by(Document.Writer line, WokenBy by) {
        return by == WokenBy.TIMER ? line : line.text("by", by.name());
    }

    private static WokenBy wokenBy(Document event) {
        return event.optionalText("by").map(WokenBy::valueOf).orElse(WokenBy.TIMER);
    }

    private static Document.Writer by(Document.Writer line, Caller by) {
        by.traceparent().ifPresent(traceparent -> line.text("traceparent", traceparent));
        return by.name().equals(Caller.ANONYMOUS.name()) ? line : line.text("by", by.name());
    }

    private static Caller caller(Document event) {
        return new Caller(event.optionalText("by").orElse(Caller.ANONYMOUS.name()), event.optionalText("traceparent"));
    }

    private static int attempt(Document event) {
        return Math.toIntExact(event.number("attempt"));
    }

    private static Document write(AttemptResult result) {
        Document.Writer written = Document.write().time("started_at", result.startedAt()).number("duration_ms",
                result.duration().toMillis());
        switch (result) {
            case Response r -> {
                written.number("status_code", r.statusCode()).text("body", r.body());
                r.retryAfter().ifPresent(wish -> written.number("retry_after_ms", wish.toMillis()));
            }
            case Failure f -> written.text("error", f.kind().name()).text("message", f.message());
        }
        return written.done();
    }

    private static AttemptResult theResult(Document event) {
        return result(event.document("result").orElseThrow(() -> new IllegalStateException("no stored result")));
    }

    private static AttemptResult result(Document result) {
        Optional<String> error = result.optionalText("error");
        if (error.isPresent()) {
            return new Failure(result.time("started_at"), result.millis("duration_ms"),
                    FailureKind.valueOf(error.get()), result.text("message"));
        }
        return new Response(result.time("started_at"), result.millis("duration_ms"),
                Math.toIntExact(result.number("status_code")), result.text("body"),
                result.members().containsKey("retry_after_ms")
                        ? Optional.of(result.millis("retry_after_ms"))
                        : Optional.empty());
    }
}
