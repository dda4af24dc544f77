package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.FailReason;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.AttemptSucceeded;
import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCompleted;
import io.taskscheduler.domain.TaskEvent.TaskExpired;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import io.taskscheduler.domain.WokenBy;
import java.time.Instant;
import java.util.Optional;

/** A line of the history, as the table holds it: a map whose {@code type} is the API's word for the event. */
final class StoredEvent {

    private StoredEvent() {}

    static Document write(TaskEvent event) {
        return switch (event) {
            case TaskScheduled e -> head("task_scheduled", e).done();
            case AttemptStarted e -> {
                Document.Writer line = head("attempt_started", e).number("attempt", e.attempt());
                // The usual case is left out: every byte of a task is paid with each of its moves.
                if (e.by() != WokenBy.TIMER) {
                    line.text("by", e.by().name());
                }
                yield line.done();
            }
            case AttemptSucceeded e -> head("attempt_succeeded", e).number("attempt", e.attempt())
                    .document("result", write(e.result())).done();
            case AttemptFailed e -> head("attempt_failed", e).number("attempt", e.attempt())
                    .document("result", write(e.result())).done();
            case AttemptLost e -> {
                Document.Writer line = head("attempt_lost", e).number("attempt", e.attempt());
                e.lateResult().ifPresent(result -> line.document("result", write(result)));
                yield line.done();
            }
            case RetryScheduled e -> head("retry_scheduled", e).time("next_attempt_at", e.nextAttemptAt()).done();
            case TaskCompleted e -> head("task_completed", e).done();
            case TaskFailed e -> {
                Document.Writer line = head("task_failed", e).text("reason", e.reason().name());
                if (!e.violations().isEmpty()) {
                    line.documents("violations", StoredViolations.write(e.violations()));
                }
                yield line.done();
            }
            case TaskExpired e -> head("task_expired", e).done();
        };
    }

    static TaskEvent read(Document event) {
        Instant at = event.time("at");
        return switch (event.text("type")) {
            case "task_scheduled" -> new TaskScheduled(at);
            case "attempt_started" -> new AttemptStarted(at, attempt(event),
                    event.optionalText("by").map(WokenBy::valueOf).orElse(WokenBy.TIMER));
            case "attempt_succeeded" -> new AttemptSucceeded(at, attempt(event), theResult(event));
            case "attempt_failed" -> new AttemptFailed(at, attempt(event), theResult(event));
            case "attempt_lost" -> new AttemptLost(at, attempt(event),
                    event.document("result").map(StoredEvent::result));
            case "retry_scheduled" -> new RetryScheduled(at, event.time("next_attempt_at"));
            case "task_completed" -> new TaskCompleted(at);
            case "task_failed" -> new TaskFailed(at, FailReason.valueOf(event.text("reason")),
                    StoredViolations.read(event.documents("violations")));
            case "task_expired" -> new TaskExpired(at);
            case String unknown -> throw new IllegalStateException("unknown stored event " + unknown);
        };
    }

    private static Document.Writer head(String type, TaskEvent event) {
        return Document.write().text("type", type).time("at", event.at());
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
