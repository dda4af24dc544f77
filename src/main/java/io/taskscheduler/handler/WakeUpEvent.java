package io.taskscheduler.handler;

import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What ExecuteTask is called with: one wake-up, {@code {"source": "custom.scheduler", "detail": {"taskId": "…"}}}, straight from a timer; or a
 * batch of queue messages, each of which holds one.
 */
sealed interface WakeUpEvent {

    JsonMapper MAPPER = JsonMapper.builder().build();

    /** The event itself names the task. */
    record Timer(TaskId task) implements WakeUpEvent {}

    record Batch(List<Message> messages) implements WakeUpEvent {}

    /** A queue's message. */
    record Message(String id, String body, String queueArn) {

        /**
         * Reads it.
         *
         * @param timerDeadLetters ARN of the queue in which timers end that could not be delivered
         */
        Wish wish(String timerDeadLetters) {
            JsonNode body = tree(() -> MAPPER.readTree(this.body));
            // Lambda wraps an event that it gave up.
            boolean givenUpByLambda = body.path("requestContext").isObject() && body.has("requestPayload");
            JsonNode event = givenUpByLambda ? body.path("requestPayload") : body;
            if (givenUpByLambda || queueArn.equals(timerDeadLetters)) {
                return new Wish(taskOf(event), WokenBy.DEAD_LETTER);
            }
            boolean fromReconciler = event.path("source").asString("").equals("custom.reconciler");
            return new Wish(taskOf(event), fromReconciler ? WokenBy.RECONCILER : WokenBy.TIMER);
        }
    }

    /** Which task is to be woken, and by whom. */
    record Wish(TaskId task, WokenBy by) {}

    /** An {@link IllegalArgumentException} says what is wrong with an event of another form. */
    static WakeUpEvent read(InputStream input) {
        JsonNode event = tree(() -> MAPPER.readTree(input));
        if (!event.path("Records").isArray()) {
            return new Timer(taskOf(event));
        }
        return new Batch(event.path("Records").valueStream()
                .map(record -> new Message(record.path("messageId").asString(""), record.path("body").asString(""),
                        record.path("eventSourceARN").asString("")))
                .toList());
    }

    private static TaskId taskOf(JsonNode event) {
        return Optional.of(event.path("detail").path("taskId")).filter(JsonNode::isString).map(JsonNode::stringValue)
                .filter(TaskId::isValid).map(TaskId::new).orElseThrow(() -> new IllegalArgumentException(
                        "the event names no task; it must hold a task's id under detail.taskId"));
    }

    private static JsonNode tree(Supplier<JsonNode> read) {
        try {
            return read.get();
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the event is not JSON", e);
        }
    }
}
