package io.taskscheduler.local.sources;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.EventSourceResource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Invokes a function asynchronously once per period, and once at the end of a move of the clock however long it is. */
final class RecurringTimer {
    private static final JsonMapper JSON = new JsonMapper();

    private final EventSourceResource.Timer declared;
    private final LocalFunction function;
    private final Functions functions;
    private final InstantSource clock;

    RecurringTimer(EventSourceResource.Timer declared, LocalFunction function, Functions functions,
            InstantSource clock) {
        this.declared = declared;
        this.function = function;
        this.functions = functions;
        this.clock = clock;
    }

    /** The first period begins now. */
    void start(Agenda agenda) {
        agenda.everyInBackground(declared.period(), "timer " + declared.id(), this::fire);
    }

    private void fire() {
        functions.accept(function, declared.input().orElseGet(this::schedulersOwn));
    }

    /** What EventBridge Scheduler sends when the template names no input. */
    private String schedulersOwn() {
        String[] arn = function.resource().arn().split(":", -1);
        String schedule = String.join(":", "arn", arn[1], "scheduler", arn[3], arn[4],
                "schedule/default/" + declared.name());
        String now = clock.instant().toString();
        ObjectNode event = JSON.createObjectNode().put("version", "0")
                .put("id", UUID.nameUUIDFromBytes((schedule + now).getBytes(StandardCharsets.UTF_8)).toString())
                .put("detail-type", "Scheduled Event").put("source", "aws.scheduler").put("account", arn[4])
                .put("time", now).put("region", arn[3]);
        event.putArray("resources").add(schedule);
        return JSON.writeValueAsString(event.put("detail", "{}"));
    }
}
