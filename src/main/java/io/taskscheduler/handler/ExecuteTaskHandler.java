package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.handler.http.JsonText;
import io.taskscheduler.handler.http.TaskView;
import io.taskscheduler.wiring.Components;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the task that a timer's event names: {@code {"source": "custom.scheduler", "detail": {"taskId": "…"}}}. What became of the wake-up is
 * logged, and is the invocation's result.
 *
 * <p>It fails, so that Lambda tries again and in the end hands the event to the function's failure queue, when a needed service did not answer
 * or when the event is not of this form.
 */
public final class ExecuteTaskHandler implements RequestStreamHandler {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ExecuteTask executeTask;
    private final Log log;

    /** What Lambda calls. */
    public ExecuteTaskHandler() {
        this(Components.ofEnvironment());
    }

    public ExecuteTaskHandler(Components components) {
        this(components.executeTask(), new Log(components.clock(), System.out));
    }

    ExecuteTaskHandler(ExecuteTask executeTask, Log log) {
        this.executeTask = executeTask;
        this.log = log;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        TaskId task = taskOf(input);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("task_id", task.value());
        said.put("request_id", context.getAwsRequestId());
        String outcome = describe(executeTask.execute(task), said);
        log.info(outcome, said);
        output.write(JsonText.write(json -> json.writeString(outcome))
                .getBytes(StandardCharsets.UTF_8));
    }

    private static TaskId taskOf(InputStream input) {
        try {
            JsonNode id = MAPPER.readTree(input).path("detail").path("taskId");
            if (id.isString() && TaskId.isValid(id.stringValue())) {
                return new TaskId(id.stringValue());
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the event is not JSON", e);
        }
        throw new IllegalArgumentException("the event names no task; it must hold a task's id under detail.taskId");
    }

    private static String describe(ExecuteTask.Outcome outcome, Map<String, Object> said) {
        return switch (outcome) {
            case ExecuteTask.Outcome.Attempted(Task task, AttemptResult result) -> {
                describe(task, result, said);
                yield "attempt made";
            }
            case ExecuteTask.Outcome.TooLate(Task task, AttemptResult result) -> {
                describe(task, result, said);
                yield "attempt made, but its lease had been taken over";
            }
            case ExecuteTask.Outcome.Exhausted(Task task) -> {
                said.put("attempts", task.attempts());
                yield "last attempt was lost";
            }
            case ExecuteTask.Outcome.Early early -> {
                said.put("due_at", early.dueAt());
                yield "woken early, timer set again";
            }
            case ExecuteTask.Outcome.Duplicate duplicate -> {
                said.put("lease_until", duplicate.lease().until());
                yield "duplicate wake-up, an attempt is running";
            }
            case ExecuteTask.Outcome.Finished(Task task) -> {
                said.put("status", TaskView.status(task));
                yield "wake-up of a finished task";
            }
            case ExecuteTask.Outcome.Unknown() -> "wake-up of an unknown task";
        };
    }

    private static void describe(Task task, AttemptResult result, Map<String, Object> said) {
        said.put("attempt", task.attempts());
        said.put("status", TaskView.status(task));
        switch (result) {
            case AttemptResult.Response response -> said.put("status_code", response.statusCode());
            case AttemptResult.Failure failure -> said.put("error", TaskView.error(failure));
        }
        said.put("duration_ms", result.duration().toMillis());
        TaskView.lateByMillis(task).ifPresent(late -> said.put("late_by_ms", late));
        if (task.state() instanceof Scheduled next) {
            said.put("next_attempt_at", next.dueAt());
        }
    }
}
