package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.FailReason;
import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.TaskState;
import io.taskscheduler.domain.TaskState.Cancelled;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;

/** Where a task stands, as the table holds it: the word for the state beside a map of what is true there. */
final class StoredState {

    private StoredState() {}

    static String word(TaskState state) {
        return switch (state) {
            case Scheduled s -> "scheduled";
            case Running r -> "running";
            case Completed c -> "completed";
            case Failed f -> "failed";
            case Cancelled c -> "cancelled";
            case Expired e -> "expired";
        };
    }

    static Document write(TaskState state) {
        return switch (state) {
            case Scheduled s -> {
                Document.Writer facts = Document.write().time("due_at", s.dueAt());
                s.wakeUp().ifPresent(lease -> facts.text("wake_up_holder", lease.holder()).time("wake_up_until",
                        lease.until()));
                yield facts.done();
            }
            case Running r -> Document.write().time("due_at", r.dueAt()).text("lease_holder", r.lease().holder())
                    .time("lease_until", r.lease().until()).done();
            case Completed c -> Document.write().time("finished_at", c.finishedAt()).done();
            case Failed f ->
                Document.write().time("finished_at", f.finishedAt()).text("reason", f.reason().name()).done();
            case Cancelled c -> Document.write().time("finished_at", c.finishedAt()).done();
            case Expired e -> Document.write().time("finished_at", e.finishedAt()).done();
        };
    }

    static TaskState read(String word, Document facts) {
        return switch (word) {
            case "scheduled" -> new Scheduled(facts.time("due_at"), facts.optionalText("wake_up_holder")
                    .map(holder -> new Lease(holder, facts.time("wake_up_until"))));
            case "running" -> new Running(facts.time("due_at"),
                    new Lease(facts.text("lease_holder"), facts.time("lease_until")));
            case "completed" -> new Completed(facts.time("finished_at"));
            case "failed" -> new Failed(facts.time("finished_at"), FailReason.valueOf(facts.text("reason")));
            case "cancelled" -> new Cancelled(facts.time("finished_at"));
            case "expired" -> new Expired(facts.time("finished_at"));
            default -> throw new IllegalStateException("unknown stored status");
        };
    }
}
