package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Webhook;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A task as a row, and back. */
record TaskItems(TimeIndex index) {

    private static final String MINUTE = "minute";

    TaskItem write(Task task) {
        return new TaskItem(task.id().value(), TaskItem.SCHEMA, task.version(), StoredState.word(task.state()),
                StoredState.write(task.state()), actionWord(task.action()), payload(task.action()),
                StoredWebhook.writeRetry(task.order().retry()), task.order().labels(),
                StoredTime.text(task.runAt()), precision(task.order().precision()),
                StoredTime.text(task.createdAt()), StoredTime.text(task.updatedAt()), task.attempts(),
                task.history().stream().map(StoredEvent::write).toList(), index.partition(task),
                StoredTime.text(index.time(task)), task.order().expiresAt().map(StoredTime::text).orElse(null),
                task.order().redact() ? Boolean.TRUE : null, task.requestHash().orElse(null),
                task.finalLateness().map(Duration::toMillis).orElse(null),
                index.deleteAt(task).orElse(null));
    }

    /**
     * Empty when this program has not written the row. What can be understood of a row that is broken is a task that can only fail.
     *
     * @throws IllegalStateException when the row has the shape of another version of this program, which will understand it
     */
    static Optional<Task> read(Map<String, AttributeValue> row) {
        if (!isOurs(row)) {
            return Optional.empty();
        }
        if (!isOfThisVersion(row)) {
            throw new IllegalStateException("the stored task has another schema than " + TaskItem.SCHEMA);
        }
        try {
            return Optional.of(read(TaskItem.of(row)));
        } catch (RuntimeException broken) {
            return Optional.of(BrokenRow.salvage(row, broken));
        }
    }

    /** Whether this program, in whatever version, has written the row. */
    static boolean isOurs(Map<String, AttributeValue> row) {
        return Optional.ofNullable(row.get(TaskItem.SCHEMA_NUMBER)).map(AttributeValue::n).isPresent();
    }

    /** Whether the row is none of ours, or has the shape that this version writes, be it broken or not. */
    static boolean isOfThisVersion(Map<String, AttributeValue> row) {
        return Optional.ofNullable(row.get(TaskItem.SCHEMA_NUMBER)).map(AttributeValue::n)
                .map(Integer.toString(TaskItem.SCHEMA)::equals).orElse(true);
    }

    /** Whether its retention is over, be it still there or not. */
    static boolean isGone(Map<String, AttributeValue> row, Instant now) {
        return Optional.ofNullable(row.get(TaskItem.DELETE_AT)).map(AttributeValue::n)
                .filter(deleteAt -> new BigDecimal(deleteAt).compareTo(BigDecimal.valueOf(now.getEpochSecond())) <= 0)
                .isPresent();
    }

    private static Task read(TaskItem item) {
        Order order = new Order(action(item), StoredTime.parse(item.runAt()), precision(item),
                Optional.ofNullable(item.expiresAt()).map(StoredTime::parse), StoredWebhook.readRetry(item.retry()),
                item.labels(), Boolean.TRUE.equals(item.redact()));
        return new Task(new TaskId(item.taskId()), item.version(), order, Optional.ofNullable(item.requestHash()),
                StoredTime.parse(item.createdAt()),
                StoredTime.parse(item.updatedAt()), StoredState.read(item.status(), item.state()), item.attempts(),
                item.history().stream().map(StoredEvent::read).toList());
    }

    private static String actionWord(Action action) {
        return switch (action) {
            case Webhook w -> "webhook";
            case Unusable u -> "unusable";
        };
    }

    private static @Nullable String precision(Precision precision) {
        return precision == Precision.MINUTE ? MINUTE : null;
    }

    private static Precision precision(TaskItem item) {
        String stored = Optional.ofNullable(item.precision()).orElse("");
        if (!stored.isEmpty() && !stored.equals(MINUTE)) {
            throw new IllegalStateException("unknown stored precision");
        }
        return stored.isEmpty() ? Precision.SECOND : Precision.MINUTE;
    }

    private static Document payload(Action action) {
        return switch (action) {
            case Webhook w -> StoredWebhook.write(w);
            case Unusable u -> StoredUnusable.write(u);
        };
    }

    private static Action action(TaskItem item) {
        return switch (item.action()) {
            case "webhook" -> StoredWebhook.read(item.payload());
            case "unusable" -> StoredUnusable.read(item.payload());
            default -> throw new IllegalStateException("unknown stored action");
        };
    }
}
