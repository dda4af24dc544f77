package io.taskscheduler.adapter.dynamodb;

import static software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags.primaryPartitionKey;
import static software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags.secondaryPartitionKey;
import static software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags.secondarySortKey;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

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

    static final TableSchema<TaskItem> TABLE_SCHEMA = StaticImmutableTableSchema
            .builder(TaskItem.class, TaskItemBuilder.class).newItemBuilder(TaskItemBuilder::new, TaskItemBuilder::build)
            .addAttribute(String.class,
                    a -> a.name(TASK_ID).getter(TaskItem::taskId).setter(TaskItemBuilder::taskId)
                            .tags(primaryPartitionKey()))
            .addAttribute(Integer.class,
                    a -> a.name(SCHEMA_NUMBER).getter(TaskItem::schema).setter(TaskItemBuilder::schema))
            .addAttribute(Long.class, a -> a.name(VERSION).getter(TaskItem::version).setter(TaskItemBuilder::version))
            .addAttribute(String.class, a -> a.name(STATUS).getter(TaskItem::status).setter(TaskItemBuilder::status))
            .addAttribute(Document.class,
                    a -> a.name("state").getter(TaskItem::state).setter(TaskItemBuilder::state)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(String.class, a -> a.name(ACTION).getter(TaskItem::action).setter(TaskItemBuilder::action))
            .addAttribute(Document.class,
                    a -> a.name(PAYLOAD).getter(TaskItem::payload).setter(TaskItemBuilder::payload)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(Document.class,
                    a -> a.name("retry").getter(TaskItem::retry).setter(TaskItemBuilder::retry)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(EnhancedType.mapOf(String.class, String.class),
                    a -> a.name("labels").getter(TaskItem::labels).setter(TaskItemBuilder::labels))
            .addAttribute(String.class, a -> a.name(RUN_AT).getter(TaskItem::runAt).setter(TaskItemBuilder::runAt))
            .addAttribute(String.class,
                    a -> a.name("precision").getter(TaskItem::precision).setter(TaskItemBuilder::precision))
            .addAttribute(String.class,
                    a -> a.name("created_at").getter(TaskItem::createdAt).setter(TaskItemBuilder::createdAt))
            .addAttribute(String.class,
                    a -> a.name("updated_at").getter(TaskItem::updatedAt).setter(TaskItemBuilder::updatedAt))
            .addAttribute(Integer.class,
                    a -> a.name("attempts").getter(TaskItem::attempts).setter(TaskItemBuilder::attempts))
            .addAttribute(EnhancedType.listOf(Document.class),
                    a -> a.name("history").getter(TaskItem::history).setter(TaskItemBuilder::history)
                            .attributeConverter(DocumentConverter.LIST))
            .addAttribute(String.class,
                    a -> a.name(TimeIndex.PARTITION).getter(TaskItem::timePartition)
                            .setter(TaskItemBuilder::timePartition).tags(secondaryPartitionKey(TimeIndex.NAME)))
            .addAttribute(String.class,
                    a -> a.name(TimeIndex.TIME).getter(TaskItem::time).setter(TaskItemBuilder::time)
                            .tags(secondarySortKey(TimeIndex.NAME)))
            .addAttribute(String.class,
                    a -> a.name("expires_at").getter(TaskItem::expiresAt).setter(TaskItemBuilder::expiresAt))
            .addAttribute(Boolean.class, a -> a.name(REDACT).getter(TaskItem::redact).setter(TaskItemBuilder::redact))
            .addAttribute(String.class,
                    a -> a.name(REQUEST_HASH).getter(TaskItem::requestHash).setter(TaskItemBuilder::requestHash))
            .addAttribute(Long.class,
                    a -> a.name(LATENESS_MS).getter(TaskItem::latenessMs).setter(TaskItemBuilder::latenessMs))
            .addAttribute(Long.class,
                    a -> a.name(DELETE_AT).getter(TaskItem::deleteAt).setter(TaskItemBuilder::deleteAt))
            .build();
}
