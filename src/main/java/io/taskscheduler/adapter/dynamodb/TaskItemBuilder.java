package io.taskscheduler.adapter.dynamodb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects a row's attributes in whatever order the Enhanced Client reads them. A row that lacks one is refused by the name of it. */
final class TaskItemBuilder {

    private @Nullable String taskId;
    private @Nullable Integer schema;
    private @Nullable Long version;
    private @Nullable String status;
    private @Nullable Document state;
    private @Nullable String action;
    private @Nullable Document payload;
    private @Nullable Document retry;
    private @Nullable Map<String, String> labels;
    private @Nullable String runAt;
    private @Nullable String precision;
    private @Nullable String createdAt;
    private @Nullable String updatedAt;
    private @Nullable Integer attempts;
    private @Nullable List<Document> history;
    private @Nullable String timePartition;
    private @Nullable String time;
    private @Nullable String expiresAt;
    private @Nullable Boolean redact;
    private @Nullable String requestHash;
    private @Nullable Long latenessMs;
    private @Nullable Long deleteAt;

    void taskId(@Nullable String value) {
        this.taskId = value;
    }

    void schema(@Nullable Integer value) {
        this.schema = value;
    }

    void version(@Nullable Long value) {
        this.version = value;
    }

    void status(@Nullable String value) {
        this.status = value;
    }

    void state(@Nullable Document value) {
        this.state = value;
    }

    void action(@Nullable String value) {
        this.action = value;
    }

    void payload(@Nullable Document value) {
        this.payload = value;
    }

    void retry(@Nullable Document value) {
        this.retry = value;
    }

    void labels(@Nullable Map<String, String> value) {
        this.labels = value;
    }

    void runAt(@Nullable String value) {
        this.runAt = value;
    }

    void precision(@Nullable String value) {
        this.precision = value;
    }

    void createdAt(@Nullable String value) {
        this.createdAt = value;
    }

    void updatedAt(@Nullable String value) {
        this.updatedAt = value;
    }

    void attempts(@Nullable Integer value) {
        this.attempts = value;
    }

    void history(@Nullable List<Document> value) {
        this.history = value;
    }

    void timePartition(@Nullable String value) {
        this.timePartition = value;
    }

    void time(@Nullable String value) {
        this.time = value;
    }

    void expiresAt(@Nullable String value) {
        this.expiresAt = value;
    }

    void redact(@Nullable Boolean value) {
        this.redact = value;
    }

    void requestHash(@Nullable String value) {
        this.requestHash = value;
    }

    void latenessMs(@Nullable Long value) {
        this.latenessMs = value;
    }

    void deleteAt(@Nullable Long value) {
        this.deleteAt = value;
    }

    TaskItem build() {
        return new TaskItem(present("taskId", taskId), present("schema", schema), present("version", version),
                present("status", status), present("state", state), present("action", action),
                present("payload", payload), present("retry", retry), present("labels", labels),
                present("runAt", runAt), precision, present("createdAt", createdAt), present("updatedAt", updatedAt),
                present("attempts", attempts), present("history", history), present("timePartition", timePartition),
                present("time", time), expiresAt, redact, requestHash, latenessMs, deleteAt);
    }

    private static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the stored task has no " + name);
        }
        return value;
    }
}
