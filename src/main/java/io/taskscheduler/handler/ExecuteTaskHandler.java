package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.app.Attempts;
import io.taskscheduler.app.Attempts.Made;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.handler.Metrics.Value;
import io.taskscheduler.handler.WakeUpEvent.Message;
import io.taskscheduler.handler.http.JsonText;
import io.taskscheduler.handler.http.TaskView;
import io.taskscheduler.wiring.Components;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Runs the tasks that are to be woken: the one that a timer's event names, or those of a batch of queue messages, side by side. What became of
 * each wake-up is logged; for a timer's it is the invocation's result.
 *
 * <p>When a needed service did not answer, or an event or message is not of our form, a single event fails the invocation, so that Lambda tries
 * again and in the end hands it to the function's failure queue; a message is reported as failed, so that it alone comes back, and ends in the
 * dead-letter queue when it has failed often enough.
 */
public final class ExecuteTaskHandler implements RequestStreamHandler {

    private final ExecuteTask executeTask;
    private final String timerDeadLetters;
    private final Log log;
    private final Metrics metrics;

    /** What Lambda calls. */
    public ExecuteTaskHandler() {
        this(Snapshot.warm(Components.ofEnvironment()));
    }

    public ExecuteTaskHandler(Components components) {
        this(components.executeTask(), components.settings().timerDeadLetterQueueArn(),
                new Log(components.clock(), System.out),
                new Metrics(components.settings().tableName(), components.clock(), System.out));
    }

    ExecuteTaskHandler(ExecuteTask executeTask, String timerDeadLetters, Log log, Metrics metrics) {
        this.executeTask = executeTask;
        this.timerDeadLetters = timerDeadLetters;
        this.log = log;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        try {
            output.write(answer(input, context).getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            // Lambda writes it into the log, and into the queue of events given up.
            throw BareFault.of(e);
        }
    }

    private String answer(InputStream input, Context context) {
        return switch (WakeUpEvent.read(input)) {
            case WakeUpEvent.Timer(TaskId task) -> {
                String outcome = carriedOut(new WakeUpEvent.Wish.InTime(task, OptionalLong.empty()), context);
                yield JsonText.write(json -> json.writeString(outcome));
            }
            case WakeUpEvent.Batch(List<Message> messages) -> BatchAnswer.json(failedOf(messages, context));
        };
    }

    /** The ids of the messages that failed. All run at once: a slow webhook must not hold up another message. */
    private List<String> failedOf(List<Message> messages, Context context) {
        List<Callable<Boolean>> runs = messages.stream().<Callable<Boolean>>map(m -> () -> succeeds(m, context))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> ended = threads.invokeAll(runs);
            return IntStream.range(0, ended.size()).filter(i -> !hasSucceeded(messages.get(i), ended.get(i)))
                    .mapToObj(i -> messages.get(i).id()).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while messages were being handled", e);
        }
    }

    /** What no handling of errors has caught is one message's too. */
    private boolean hasSucceeded(Message message, Future<Boolean> ended) {
        if (ended.state() == Future.State.SUCCESS) {
            return ended.resultNow();
        }
        log.error("a message was not handled", Map.of("message_id", message.id()), ended.exceptionNow());
        return false;
    }

    private boolean succeeds(Message message, Context context) {
        try {
            carriedOut(message.wish(timerDeadLetters), context);
            return true;
        } catch (RuntimeException e) {
            log.error("a message was not handled", Map.of("message_id", message.id(), "request_id",
                    context.getAwsRequestId()), e);
            return false;
        }
    }

    private String carriedOut(WakeUpEvent.Wish wish, Context context) {
        ExecuteTask.Outcome became = switch (wish) {
            case WakeUpEvent.Wish.InTime(TaskId task, OptionalLong wakeUp) -> executeTask.executeInTime(task, wakeUp);
            case WakeUpEvent.Wish.InTurn(TaskId task, WokenBy by) -> executeTask.execute(task, by);
        };
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("task_id", wish.task().value());
        said.put("woken_by", word(wish.by()));
        said.put("request_id", context.getAwsRequestId());
        String outcome = describe(became, said);
        log.info(outcome, said);
        if (became instanceof ExecuteTask.Outcome.Attempted(Made.Settled settled)) {
            metrics.put(Map.of("Precision", word(settled.task().order().precision())), lateness(settled.timing()));
            // Comes again, if only to set the timer.
            settled.timerFault().ifPresent(fault -> {
                throw fault;
            });
        }
        return outcome;
    }

    /** How late it was at each stage, the stages before included. What is early there, to wait, is not late. */
    private static Map<String, Value> lateness(Attempts.Timing timing) {
        Map<String, Value> stages = new LinkedHashMap<>();
        stages.put("LatenessMsWoken", Value.milliseconds(Math.max(0, late(timing, timing.wokenAt()))));
        stages.put("LatenessMsClaimed", Value.milliseconds(Math.max(0, late(timing, timing.claimedAt()))));
        stages.put("LatenessMs", Value.milliseconds(late(timing, timing.startedAt())));
        return stages;
    }

    private static long late(Attempts.Timing timing, Instant at) {
        return Duration.between(timing.dueAt(), at).toMillis();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String describe(ExecuteTask.Outcome outcome, Map<String, Object> said) {
        return switch (outcome) {
            case ExecuteTask.Outcome.Attempted(Made.Settled(Task task, AttemptResult result, var timing, var fault)) -> {
                describe(task, result, said);
                yield "attempt made";
            }
            case ExecuteTask.Outcome.Attempted(Made.TooLate(Task task, AttemptResult result)) -> {
                describe(task, result, said);
                yield "attempt made, but its lease had been taken over";
            }
            case ExecuteTask.Outcome.Ended(Task task) -> {
                said.put("attempts", task.attempts());
                said.put("status", TaskView.status(task));
                yield "task ended without another attempt";
            }
            case ExecuteTask.Outcome.Early early -> {
                said.put("due_at", early.dueAt());
                yield "woken early, near timer set";
            }
            case ExecuteTask.Outcome.Moved moved -> {
                said.put("due_at", moved.dueAt());
                yield "wake-up of a task that was moved";
            }
            case ExecuteTask.Outcome.SentToLine late -> {
                said.put("due_at", late.dueAt());
                yield "woken late, sent to the line of wake-ups";
            }
            case ExecuteTask.Outcome.OnItsWay late -> {
                said.put("due_at", late.dueAt());
                yield "woken late, the reconciler's wake-up is on its way";
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
