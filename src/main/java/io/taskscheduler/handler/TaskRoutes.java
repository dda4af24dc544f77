package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.ChangeTask;
import io.taskscheduler.app.ChangeTask.Outcome;
import io.taskscheduler.app.FindTask;
import io.taskscheduler.app.Precondition;
import io.taskscheduler.app.PutTask;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.Call;
import io.taskscheduler.handler.http.ChangeRequest;
import io.taskscheduler.handler.http.ChangeRequest.Reading;
import io.taskscheduler.handler.http.EntityTag;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.TaskRules;
import io.taskscheduler.handler.http.TaskView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What can be asked of one task. */
final class TaskRoutes {

    private static final String LOCATION = "Location";
    private static final String TASKS = "/tasks/";

    private final FindTask findTask;
    private final ChangeTask changeTask;
    private final PutTask putTask;
    private final TaskRules rules;
    private final Log log;

    /** @param rules the operator's */
    TaskRoutes(UseCases useCases, TaskRules rules, Log log) {
        this.findTask = useCases.findTask();
        this.changeTask = useCases.changeTask();
        this.putTask = useCases.putTask();
        this.rules = rules;
        this.log = log;
    }

    List<Route> all() {
        return List.of(new Route("GET /tasks/{task_id}", Right.READ, this::find),
                new Route("PUT /tasks/{task_id}", Right.WRITE, this::put),
                new Route("PATCH /tasks/{task_id}", Right.WRITE, this::edit),
                new Route("DELETE /tasks/{task_id}", Right.WRITE, this::cancel),
                new Route("POST /tasks/{task_id}/run", Right.OPERATE, this::runNow));
    }

    /** The header that says where a new task is found. */
    static Map<String, String> place(Task task) {
        return Map.of(LOCATION, TASKS + task.id());
    }

    /** The id of the new task that an answer shows. */
    static Optional<String> placed(APIGatewayV2HTTPResponse answer) {
        return Optional.ofNullable(answer.getHeaders().get(LOCATION)).map(place -> place.substring(TASKS.length()));
    }

    private APIGatewayV2HTTPResponse find(Call call) {
        return id(call).flatMap(findTask::find)
                .map(found -> EntityTag.isKnown(call.header("if-none-match"), found)
                        ? Answers.notModified(found)
                        : Answers.view(200, found, Map.of()))
                .orElseGet(() -> Answers.problem(Problem.noSuchTask(), call.id()));
    }

    private APIGatewayV2HTTPResponse put(Call call) {
        return answer(call, 200, ChangeRequest.put(call.event(), call.taskId(), rules, call.now()),
                (wish, condition) -> putTask.put(new TaskId(call.taskId()), condition, wish, call.caller(),
                        call.now()));
    }

    private APIGatewayV2HTTPResponse edit(Call call) {
        return answer(call, 200, ChangeRequest.edit(call.event(), rules, call.now()),
                (edit, condition) -> ofTask(call,
                        id -> changeTask.edit(id, condition, edit, call.caller(), call.now())));
    }

    private APIGatewayV2HTTPResponse cancel(Call call) {
        return answer(call, 200, ChangeRequest.bare(call.event()), (bare, condition) -> ofTask(call,
                id -> changeTask.cancel(id, condition, call.caller(), call.now())));
    }

    private APIGatewayV2HTTPResponse runNow(Call call) {
        return answer(call, 202, ChangeRequest.bare(call.event()), (bare, condition) -> ofTask(call,
                id -> changeTask.runNow(id, condition, call.caller(), call.now())));
    }

    private static Optional<TaskId> id(Call call) {
        return TaskId.isValid(call.taskId()) ? Optional.of(new TaskId(call.taskId())) : Optional.empty();
    }

    private static Outcome ofTask(Call call, Function<TaskId, Outcome> change) {
        return id(call).map(change).orElseGet(Outcome.NoSuchTask::new);
    }

    private <T> APIGatewayV2HTTPResponse answer(Call call, int done, Reading<T> reading,
            BiFunction<T, Precondition, Outcome> change) {
        return switch (reading) {
            case Reading.Refused<T>(Problem problem) -> Answers.problem(problem, call.id());
            case Reading.Valid<T>(T wish, Precondition condition) -> answer(call, done, change.apply(wish, condition));
        };
    }

    private APIGatewayV2HTTPResponse answer(Call call, int done, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Created(Task task) -> {
                changed("task scheduled", task, call);
                yield Answers.view(201, task, place(task));
            }
            case Outcome.Changed(Task task) -> {
                changed("task changed", task, call);
                yield Answers.view(done, task, Map.of());
            }
            case Outcome.Unchanged(Task task) -> Answers.view(done, task, Map.of());
            case Outcome.TooLate(Task task) -> Answers.problem(Problem.tooLate(TaskView.status(task)), call.id());
            case Outcome.AlreadyFinished(Task task) ->
                Answers.problem(Problem.alreadyFinished(TaskView.status(task), task.order().redact()), call.id());
            case Outcome.Invalid(List<Violation> violations) ->
                Answers.problem(Problem.validation(violations), call.id());
            case Outcome.PreconditionFailed() -> Answers.problem(Problem.preconditionFailed(), call.id());
            case Outcome.NoSuchTask() -> Answers.problem(Problem.noSuchTask(), call.id());
            case Outcome.NotAccepted(Unavailable cause) -> {
                log.error("change not accepted", Map.of("request_id", call.id()), cause);
                yield Answers.problem(Problem.unavailable(), call.id());
            }
        };
    }

    private void changed(String what, Task task, Call call) {
        log.info(what, Map.of("task_id", task.id(), "status", TaskView.status(task), "route",
                call.event().getRouteKey(), "request_id", call.id()));
    }
}
