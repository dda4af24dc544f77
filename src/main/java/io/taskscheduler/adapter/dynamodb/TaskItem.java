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
 * @param deleteAt      {@code null} while the task must stay
 */
record TaskItem(String taskId, int schema, long version, String status, Document state, String action, Document payload,
        Document retry, Map<String, String> labels, String runAt, String createdAt, String updatedAt, int attempts,
        List<Document> history, String timePartition, String time, @Nullable Long deleteAt) {

    static final int SCHEMA = 1;

    static final String TASK_ID = "task_id";
    static final String VERSION = "version";

    static final TableSchema<TaskItem> TABLE_SCHEMA = StaticImmutableTableSchema
            .builder(TaskItem.class, TaskItemBuilder.class).newItemBuilder(TaskItemBuilder::new, TaskItemBuilder::build)
            .addAttribute(String.class,
                    a -> a.name(TASK_ID).getter(TaskItem::taskId).setter(TaskItemBuilder::taskId)
                            .tags(primaryPartitionKey()))
            .addAttribute(Integer.class,
                    a -> a.name("schema").getter(TaskItem::schema).setter(TaskItemBuilder::schema))
            .addAttribute(Long.class, a -> a.name(VERSION).getter(TaskItem::version).setter(TaskItemBuilder::version))
            .addAttribute(String.class, a -> a.name("status").getter(TaskItem::status).setter(TaskItemBuilder::status))
            .addAttribute(Document.class,
                    a -> a.name("state").getter(TaskItem::state).setter(TaskItemBuilder::state)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(String.class, a -> a.name("action").getter(TaskItem::action).setter(TaskItemBuilder::action))
            .addAttribute(Document.class,
                    a -> a.name("payload").getter(TaskItem::payload).setter(TaskItemBuilder::payload)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(Document.class,
                    a -> a.name("retry").getter(TaskItem::retry).setter(TaskItemBuilder::retry)
                            .attributeConverter(DocumentConverter.MAP))
            .addAttribute(EnhancedType.mapOf(String.class, String.class),
                    a -> a.name("labels").getter(TaskItem::labels).setter(TaskItemBuilder::labels))
            .addAttribute(String.class, a -> a.name("run_at").getter(TaskItem::runAt).setter(TaskItemBuilder::runAt))
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
                    a -> a.name("time_partition").getter(TaskItem::timePartition)
                            .setter(TaskItemBuilder::timePartition).tags(secondaryPartitionKey(TimeIndex.NAME)))
            .addAttribute(String.class,
                    a -> a.name("time").getter(TaskItem::time).setter(TaskItemBuilder::time)
                            .tags(secondarySortKey(TimeIndex.NAME)))
            .addAttribute(Long.class,
                    a -> a.name("delete_at").getter(TaskItem::deleteAt).setter(TaskItemBuilder::deleteAt))
            .build();
}
