package io.taskscheduler.handler;

import io.taskscheduler.handler.http.JsonTree;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.WokenBy;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What ExecuteTask is called with: one wake-up, {@code {"source": "custom.scheduler", "detail": {"taskId": "…"}}}, straight from a far timer; or
 * a batch of queue messages, each of which holds one. A near timer's has the source {@code custom.timer} and says in {@code detail.wakeUp} which
 * of the task's it is.
 */
sealed interface WakeUpEvent {

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
            JsonNode body = tree(() -> JsonTree.read(this.body));
            // Lambda wraps an event that it gave up.
            boolean givenUpByLambda = body.path("requestContext").isObject() && body.has("requestPayload");
            JsonNode event = givenUpByLambda ? body.path("requestPayload") : body;
            if (givenUpByLambda || queueArn.equals(timerDeadLetters)) {
                return new Wish.InTurn(taskOf(event), WokenBy.DEAD_LETTER);
            }
            return switch (event.path("source").asString("")) {
                case "custom.timer" -> new Wish.InTime(taskOf(event), wakeUpOf(event));
                case "custom.reconciler" -> new Wish.InTurn(taskOf(event), WokenBy.RECONCILER);
                default -> new Wish.InTurn(taskOf(event), WokenBy.TIMER);
            };
        }
    }

    /** Which task is to be woken. */
    sealed interface Wish {

        TaskId task();

        WokenBy by();

        /**
         * Straight from its timer.
         *
         * @param wakeUp which of the task's
         */
        record InTime(TaskId task, OptionalLong wakeUp) implements Wish {

            @Override
            public WokenBy by() {
                return WokenBy.TIMER;
            }
        }

        /** It has waited for its turn. */
        record InTurn(TaskId task, WokenBy by) implements Wish {}
    }

    /** An {@link IllegalArgumentException} says what is wrong with an event of another form. */
    static WakeUpEvent read(InputStream input) {
        JsonNode event = tree(() -> JsonTree.read(input));
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

    private static OptionalLong wakeUpOf(JsonNode event) {
        JsonNode number = event.path("detail").path("wakeUp");
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new IllegalArgumentException("the timer's message must hold a whole number under detail.wakeUp");
        }
        return OptionalLong.of(number.longValue());
    }

    private static JsonNode tree(Supplier<JsonNode> read) {
        try {
            return read.get();
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the event is not JSON", e);
        }
    }
}
