package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.PreviewTask;
import io.taskscheduler.app.RequestKey;
import io.taskscheduler.app.ScheduleTask;
import io.taskscheduler.app.ScheduleTasks;
import io.taskscheduler.app.ScheduleTasks.Wish;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.Answers.Result;
import io.taskscheduler.handler.http.BatchRequest;
import io.taskscheduler.handler.http.Call;
import io.taskscheduler.handler.http.DryRun;
import io.taskscheduler.handler.http.PreviewView;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRequest;
import io.taskscheduler.handler.http.TaskRules;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where new tasks come from. */
final class NewTaskRoutes {

    private final ScheduleTask scheduleTask;
    private final ScheduleTasks scheduleTasks;
    private final PreviewTask previewTask;
    private final TaskRules rules;
    private final Log log;

    /** @param rules the operator's */
    NewTaskRoutes(UseCases useCases, TaskRules rules, Log log) {
        this.scheduleTask = useCases.scheduleTask();
        this.scheduleTasks = useCases.scheduleTasks();
        this.previewTask = useCases.previewTask();
        this.rules = rules;
        this.log = log;
    }

    List<Route> all() {
        return List.of(Route.withParameters("POST /schedule-task", Right.WRITE, this::scheduleOrPreview),
                new Route("POST /schedule-tasks", Right.WRITE, this::scheduleAll));
    }

    private APIGatewayV2HTTPResponse scheduleOrPreview(Call call) {
        return switch (DryRun.read(call.event())) {
            case DryRun.Reading.Refused(Problem problem) -> Answers.problem(problem, call.id());
            case DryRun.Reading.Valid(boolean dryRun) -> dryRun ? preview(call) : schedule(call);
        };
    }

    private APIGatewayV2HTTPResponse preview(Call call) {
        return switch (TaskRequest.read(call.event(), rules, call.now())) {
            case TaskRequest.Reading.Refused(Problem problem, var key) -> Answers.problem(problem, call.id());
            case TaskRequest.Reading.Valid(Order order, Optional<RequestKey> key) ->
                Answers.json(PreviewView.json(previewTask.preview(order, key, call.caller(), call.now())));
        };
    }

    private APIGatewayV2HTTPResponse schedule(Call call) {
        Result result = switch (TaskRequest.read(call.event(), rules, call.now())) {
            case TaskRequest.Reading.Refused refused -> recalled(refused, call);
            case TaskRequest.Reading.Valid(Order order, Optional<RequestKey> key) ->
                result(key.map(request -> scheduleTask.schedule(order, request, call.caller(), call.now()))
                        .orElseGet(() -> scheduleTask.schedule(order, call.caller(), call.now())), call.id());
        };
        return switch (result) {
            case Result.Shown(int status, Task task) -> Answers.view(status, task, TaskRoutes.place(task));
            case Result.Refused(Problem problem) -> Answers.problem(problem, call.id());
        };
    }

    private APIGatewayV2HTTPResponse scheduleAll(Call call) {
        return switch (BatchRequest.read(call.event(), rules, call.now())) {
            case BatchRequest.Reading.Refused(Problem problem) -> Answers.problem(problem, call.id());
            case BatchRequest.Reading.Valid(List<TaskRequest.Reading> readings) ->
                Answers.results(results(readings, call), call.id());
        };
    }

    private List<Result> results(List<TaskRequest.Reading> readings, Call call) {
        List<Wish> wishes = readings.stream().flatMap(reading -> wish(reading).stream()).toList();
        Iterator<Optional<ScheduleTask.Outcome>> outcomes = scheduleTasks.schedule(wishes, call.caller(), call.now())
                .iterator();
        return readings.stream().map(reading -> {
            Optional<ScheduleTask.Outcome> outcome = wish(reading).flatMap(wish -> outcomes.next());
            return outcome.map(became -> oneOfMany(became, call.id())).orElseGet(() -> refused(reading));
        }).toList();
    }

    private static Optional<Wish> wish(TaskRequest.Reading reading) {
        return switch (reading) {
            case TaskRequest.Reading.Valid(Order order, Optional<RequestKey> key) ->
                Optional.of(new Wish.New(order, key));
            case TaskRequest.Reading.Refused(Problem problem, Optional<RequestKey> key) -> key.map(Wish.Again::new);
        };
    }

    private static Result refused(TaskRequest.Reading reading) {
        return switch (reading) {
            case TaskRequest.Reading.Refused refused -> new Result.Refused(refused.problem());
            case TaskRequest.Reading.Valid valid -> throw new IllegalStateException("a valid task has no outcome");
        };
    }

    /** What was valid when it first came may have its time behind it by now. */
    private Result recalled(TaskRequest.Reading.Refused refused, Call call) {
        return refused.key().flatMap(request -> scheduleTask.recall(request, call.now()))
                .map(task -> repeated(task, call.id())).orElseGet(() -> new Result.Refused(refused.problem()));
    }

    private Result result(ScheduleTask.Outcome outcome, String requestId) {
        return switch (outcome) {
            case ScheduleTask.Outcome.Accepted(Task task) -> new Result.Shown(201, task);
            case ScheduleTask.Outcome.Repeated(Task task) -> repeated(task, requestId);
            case ScheduleTask.Outcome.KeyReused() -> new Result.Refused(Problem.keyReused());
            case ScheduleTask.Outcome.NotAccepted(Unavailable cause) -> {
                log.error("task not accepted", Map.of("request_id", requestId), cause);
                yield new Result.Refused(Problem.unavailable());
            }
        };
    }

    /** The line of the request tells of one task only. */
    private Result oneOfMany(ScheduleTask.Outcome outcome, String requestId) {
        if (outcome instanceof ScheduleTask.Outcome.Accepted(Task task)) {
            log.info("task scheduled", Map.of("task_id", task.id(), "request_id", requestId));
        }
        return result(outcome, requestId);
    }

    private Result repeated(Task task, String requestId) {
        log.info("task found by its key", Map.of("task_id", task.id(), "request_id", requestId));
        return new Result.Shown(200, task);
    }
}
