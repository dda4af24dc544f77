package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.RequestKey;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Task;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.Call;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where new tasks come from. */
final class NewTaskRoutes {

    private final ScheduleTask scheduleTask;
    private final Precision usual;
    private final Log log;

    /** @param usual the precision of a task that does not say */
    NewTaskRoutes(ScheduleTask scheduleTask, Precision usual, Log log) {
        this.scheduleTask = scheduleTask;
        this.usual = usual;
        this.log = log;
    }

    List<Route> all() {
        return List.of(new Route("POST /schedule-task", this::schedule));
    }

    private APIGatewayV2HTTPResponse schedule(Call call) {
        return switch (TaskRequest.read(call.event(), usual, call.now())) {
            case TaskRequest.Reading.Refused(Problem problem, Optional<RequestKey> key) ->
                // What was valid when it first came may have its time behind it by now.
                key.flatMap(request -> scheduleTask.recall(request, call.now())).map(task -> repeated(task, call.id()))
                        .orElseGet(() -> Answers.problem(problem, call.id()));
            case TaskRequest.Reading.Valid(Order order, Optional<RequestKey> key) ->
                answer(key.map(request -> scheduleTask.schedule(order, request, call.caller(), call.now()))
                        .orElseGet(() -> scheduleTask.schedule(order, call.caller(), call.now())), call.id());
        };
    }

    private APIGatewayV2HTTPResponse answer(ScheduleTask.Outcome outcome, String requestId) {
        return switch (outcome) {
            case ScheduleTask.Outcome.Accepted(Task task) -> {
                log.info("task scheduled", Map.of("task_id", task.id(), "request_id", requestId));
                yield Answers.view(201, task, TaskRoutes.place(task));
            }
            case ScheduleTask.Outcome.Repeated(Task task) -> repeated(task, requestId);
            case ScheduleTask.Outcome.KeyReused() -> Answers.problem(Problem.keyReused(), requestId);
            case ScheduleTask.Outcome.NotAccepted(Unavailable cause) -> {
                log.error("task not accepted", Map.of("request_id", requestId), cause);
                yield Answers.problem(Problem.unavailable(), requestId);
            }
        };
    }

    private APIGatewayV2HTTPResponse repeated(Task task, String requestId) {
        log.info("task found by its key", Map.of("task_id", task.id(), "request_id", requestId));
        return Answers.view(200, task, TaskRoutes.place(task));
    }
}
