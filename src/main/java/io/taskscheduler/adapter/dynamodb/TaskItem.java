package io.taskscheduler.adapter.dynamodb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One row of the table: the names and types of its attributes, and nothing else. Times are RFC 3339 texts with three digits of a second,
 * {@code delete_at} is in epoch seconds as DynamoDB's TTL wants it.
 *
 * @param schema        the shape's number; a row without one was not written by this program
 * @param timePartition key of the index {@link TimeIndex}
 * @param precision     {@code null} when the second matters
 * @param expiresAt     {@code null} when the task does not expire
 * @param redact        {@code null} when the task keeps what it carried
 * @param requestHash   {@code null} when the request that made the task had no key
 * @param latenessMs    {@code null} while the task is open, and when it counts for nothing; the index has it too
 * @param deleteAt      {@code null} while the task must stay
 */
record TaskItem(String taskId, int schema, long version, String status, Document state, String action, Document payload,
        Document retry, Map<String, String> labels, String runAt, @Nullable String precision, String createdAt,
        String updatedAt, int attempts,
        List<Document> history, String timePartition, String time, @Nullable String expiresAt,
        @Nullable Boolean redact, @Nullable String requestHash, @Nullable Long latenessMs, @Nullable Long deleteAt) {

    static final int SCHEMA = 1;

    static final String TASK_ID = "task_id";
    static final String VERSION = "version";
    static final String SCHEMA_NUMBER = "schema";
    static final String STATUS = "status";
    static final String ACTION = "action";
    static final String PAYLOAD = "payload";
    static final String RUN_AT = "run_at";
    static final String REDACT = "redact";
    static final String REQUEST_HASH = "request_hash";
    static final String LATENESS_MS = "lateness_ms";
    static final String DELETE_AT = "delete_at";

    private static final String STATE = "state";
    private static final String RETRY = "retry";
    private static final String LABELS = "labels";
    private static final String PRECISION = "precision";
    private static final String CREATED_AT = "created_at";
    private static final String UPDATED_AT = "updated_at";
    private static final String ATTEMPTS = "attempts";
    private static final String HISTORY = "history";
    private static final String EXPIRES_AT = "expires_at";

    /** What is {@code null} is left out. */
    Map<String, AttributeValue> row() {
        Document.Writer row = Document.write().text(TASK_ID, taskId).number(SCHEMA_NUMBER, schema)
                .number(VERSION, version).text(STATUS, status).document(STATE, state).text(ACTION, action)
                .document(PAYLOAD, payload).document(RETRY, retry).texts(LABELS, labels).text(RUN_AT, runAt)
                .text(CREATED_AT, createdAt).text(UPDATED_AT, updatedAt).number(ATTEMPTS, attempts)
                .documents(HISTORY, history).text(TimeIndex.PARTITION, timePartition).text(TimeIndex.TIME, time);
        if (precision != null) {
            row.text(PRECISION, precision);
        }
        if (expiresAt != null) {
            row.text(EXPIRES_AT, expiresAt);
        }
        if (redact != null) {
            row.flag(REDACT, redact);
        }
        if (requestHash != null) {
            row.text(REQUEST_HASH, requestHash);
        }
        if (latenessMs != null) {
            row.number(LATENESS_MS, latenessMs);
        }
        if (deleteAt != null) {
            row.number(DELETE_AT, deleteAt);
        }
        return row.done().members();
    }

    /** An {@link IllegalStateException} names the attribute that is missing or of another type. */
    static TaskItem of(Map<String, AttributeValue> row) {
        Document item = new Document(row);
        return new TaskItem(item.text(TASK_ID), Math.toIntExact(item.number(SCHEMA_NUMBER)), item.number(VERSION),
                item.text(STATUS), item.required(STATE), item.text(ACTION), item.required(PAYLOAD),
                item.required(RETRY), item.texts(LABELS), item.text(RUN_AT), item.optionalText(PRECISION).orElse(null),
                item.text(CREATED_AT), item.text(UPDATED_AT), Math.toIntExact(item.number(ATTEMPTS)),
                item.requiredDocuments(HISTORY), item.text(TimeIndex.PARTITION), item.text(TimeIndex.TIME),
                item.optionalText(EXPIRES_AT).orElse(null), item.optionalFlag(REDACT).orElse(null),
                item.optionalText(REQUEST_HASH).orElse(null), item.optionalNumber(LATENESS_MS).orElse(null),
                item.optionalNumber(DELETE_AT).orElse(null));
    }
}
