package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Webhook;

/** A task as a row, and back. A row in another shape than {@link TaskItem#SCHEMA} is refused. */
record TaskItems(TimeIndex index) {

    TaskItem write(Task task) {
        return new TaskItem(task.id().value(), TaskItem.SCHEMA, task.version(), StoredState.word(task.state()),
                StoredState.write(task.state()), actionWord(task.action()), payload(task.action()),
                StoredWebhook.writeRetry(task.retry()), task.labels(), StoredTime.text(task.runAt()),
                StoredTime.text(task.createdAt()), StoredTime.text(task.updatedAt()), task.attempts(),
                task.history().stream().map(StoredEvent::write).toList(), index.partition(task),
                StoredTime.text(index.time(task)), index.deleteAt(task).orElse(null));
    }

    Task read(TaskItem item) {
        if (item.schema() != TaskItem.SCHEMA) {
            throw new IllegalStateException("the stored task has schema " + item.schema() + ", not " + TaskItem.SCHEMA);
        }
        return new Task(new TaskId(item.taskId()), item.version(), action(item),
                StoredWebhook.readRetry(item.retry()), item.labels(), StoredTime.parse(item.runAt()),
                StoredTime.parse(item.createdAt()), StoredTime.parse(item.updatedAt()),
                StoredState.read(item.status(), item.state()), item.attempts(),
                item.history().stream().map(StoredEvent::read).toList());
    }

    private static String actionWord(Action action) {
        return switch (action) {
            case Webhook w -> "webhook";
        };
    }

    private static Document payload(Action action) {
        return switch (action) {
            case Webhook w -> StoredWebhook.write(w);
        };
    }

    private static Action action(TaskItem item) {
        return switch (item.action()) {
            case "webhook" -> StoredWebhook.read(item.payload());
            case String unknown -> throw new IllegalStateException("unknown stored action " + unknown);
        };
    }
}
