package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskEvent;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What can be saved of a row that has our {@code schema} and that we cannot read: somebody has changed it by hand, or we have written it
 * wrongly. Its task keeps what is readable; its action is {@link Unusable}, so that it ends as failed and tells why.
 */
final class BrokenRow {

    /** Keeps the row, which then holds its own former text, below DynamoDB's 400 KB. */
    private static final int MOST_TEXT = 100_000;

    private static final String OURS = "io.taskscheduler.";

    private static final String WHAT = "what is stored of the task cannot be read";

    private BrokenRow() {}

    static Task salvage(Map<String, AttributeValue> row, RuntimeException why) {
        Instant due = part(row, "time", value -> StoredTime.parse(value.s())).orElse(Instant.EPOCH);
        boolean redact = redacts(row);
        String problem = redact || !isOurs(why) ? WHAT : WHAT + ": " + why.getMessage();
        Unusable action = new Unusable(part(row, TaskItem.ACTION, AttributeValue::s).orElse(""), json(row),
                List.of(new Violation("", problem)));
        return new Task(part(row, TaskItem.TASK_ID, value -> new TaskId(value.s())).orElseThrow(() -> why),
                part(row, TaskItem.VERSION, value -> Long.parseLong(value.n())).orElse(DynamoDbTaskStore.NO_VERSION),
                new Order(action, due, Precision.SECOND, Optional.empty(), RetryPolicy.DEFAULT, Map.of(), redact),
                part(row, TaskItem.REQUEST_HASH, AttributeValue::s), due, due, state(row, due), attempts(row),
                history(row));
    }

    /** The reader's own words name attributes; anybody else's may quote a value, and a task shows its reasons to whoever may list it. */
    private static boolean isOurs(RuntimeException why) {
        return why.getStackTrace().length > 0 && why.getStackTrace()[0].getClassName().startsWith(OURS);
    }

    static String json(Map<String, AttributeValue> row) {
        String json = EnhancedDocument.fromAttributeValueMap(row).toJson();
        return json.length() > MOST_TEXT ? json.substring(0, MOST_TEXT) : json;
    }

    /** Also when that very attribute is broken. */
    private static boolean redacts(Map<String, AttributeValue> row) {
        return Optional.ofNullable(row.get(TaskItem.REDACT)).filter(value -> !Boolean.FALSE.equals(value.bool()))
                .isPresent();
    }

    /** A row that had come to its end has not moved since; any other must. */
    private static TaskState state(Map<String, AttributeValue> row, Instant due) {
        return part(row, "state", facts -> StoredState.read(text(row, TaskItem.STATUS), Document.of(facts)))
                .filter(state -> !(state instanceof TaskState.Running)).orElse(new TaskState.Scheduled(due));
    }

    private static int attempts(Map<String, AttributeValue> row) {
        return part(row, "attempts", value -> Integer.parseInt(value.n())).orElse(0);
    }

    private static List<TaskEvent> history(Map<String, AttributeValue> row) {
        return part(row, "history",
                events -> Document.list(events).stream().map(StoredEvent::read).toList())
                .orElse(List.of());
    }

    private static String text(Map<String, AttributeValue> row, String name) {
        return part(row, name, AttributeValue::s).orElse("");
    }

    private static <T> Optional<T> part(Map<String, AttributeValue> row, String name,
            Function<AttributeValue, T> read) {
        try {
            return Optional.ofNullable(row.get(name)).map(read);
        } catch (RuntimeException alsoBroken) {
            return Optional.empty();
        }
    }
}
