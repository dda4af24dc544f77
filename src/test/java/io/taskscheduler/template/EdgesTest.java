package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.QueueResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever one part hands to another without waiting for it ends somewhere when it is given up, and is never gone without a trace. */
class EdgesTest {

    /** Where it ends for good: the manual says how to take up again what lies there. */
    private static final String END = "DeadLetterQueue";

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void every_edge_ends_in_a_queue_that_is_taken_up_again_or_in_the_one_at_the_end() {
        assertThat(edges(template).keySet()).containsExactlyInAnyOrder("ExecuteTaskFunction/NearTimers",
                "ExecuteTaskFunction/WakeUps",
                "ExecuteTaskFunction/TimerDeadLetters", "ExecuteTaskFunction/Failures",
                "ReconcileTasksFunction/EachMinute", "AdoptTaskFunction/RowsFromElsewhere",
                "ExecuteTaskFunction, invoked asynchronously", "ReconcileTasksFunction, invoked asynchronously",
                "timers set by ScheduleTaskFunction", "timers set by ExecuteTaskFunction",
                "timers set by AdoptTaskFunction");
        assertThat(faults(template)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EachMinute           | DeadLetterConfig:        | FlexibleTimeWindow:         | ReconcileTasksFunction/EachMinute: what is given up is gone
            RowsFromElsewhere    | !GetAtt DeadLetterQueue.Arn | !GetAtt ReconcileTasksRole.Arn | AdoptTaskFunction/RowsFromElsewhere: ends in no queue of the template
            ReconcileTasksFunction | OnFailure:             | OnSuccess:                  | ReconcileTasksFunction, invoked asynchronously: what is given up is gone
            ExecuteTaskFunction  | OnFailure:               | OnSuccess:                  | ExecuteTaskFunction, invoked asynchronously: what is given up is gone
            Globals              | !GetAtt TimerDeadLetterQueue.Arn | !GetAtt TimerRole.Arn | timers set by ExecuteTaskFunction: ends in no queue of the template
            TimerQueue           | RedrivePolicy:           | RedriveAllowPolicy:         | ExecuteTaskFunction/NearTimers: what is given up is gone
            WakeUpQueue          | RedrivePolicy:           | RedriveAllowPolicy:         | ExecuteTaskFunction/WakeUps: what is given up is gone
            TimerDeadLetterQueue | RedrivePolicy:           | RedriveAllowPolicy:         | timers set by ExecuteTaskFunction: is never given up in TimerDeadLetterQueue, and gone in the end
            TimerDeadLetterQueue | !GetAtt DeadLetterQueue.Arn | !GetAtt TimerDeadLetterQueue.Arn | ExecuteTaskFunction/TimerDeadLetters: goes round in a circle
            ExecuteTaskFunction  | Queue: !GetAtt TimerDeadLetterQueue.Arn | Queue: !GetAtt WakeUpQueue.Arn | timers set by ExecuteTaskFunction: ends in TimerDeadLetterQueue, which nobody takes up again
            """)
    void an_edge_that_ends_nowhere_is_found(String below, String written, String instead, String fault) {
        assertThat(faults(template.where(below, written, instead))).contains(fault);
    }

    private static List<String> faults(DeployedTemplate template) {
        List<String> faults = new ArrayList<>();
        edges(template).forEach((edge, end) -> end.ifPresentOrElse(
                arn -> fault(template, arn, new HashSet<>()).ifPresent(fault -> faults.add(edge + ": " + fault)),
                () -> faults.add(edge + ": what is given up is gone")));
        return faults;
    }

    /** Each edge, and the ARN that it ends in when it is given up. */
    private static Map<String, Optional<String>> edges(DeployedTemplate template) {
        Map<String, Optional<String>> edges = new LinkedHashMap<>();
        for (EventSourceResource source : EventSourceResource.of(template.stack())) {
            switch (source) {
                case EventSourceResource.Queue(var id, var f, QueueResource queue, var b, var w, var c, var r) ->
                    edges.put(id, next(template, queue));
                case EventSourceResource.Stream stream -> edges.put(stream.id(), stream.onFailure());
                case EventSourceResource.Timer timer -> {
                    edges.put(timer.id(), event(template, timer.id()).child("DeadLetterConfig").text("Arn"));
                    addInvoked(template, timer.functionName(), edges);
                }
            }
        }
        for (FunctionResource function : template.functions()) {
            if (AwsCalls.reachableFrom(function).contains("scheduler:CreateSchedule")) {
                String target = function.environment().getOrDefault("TIMER_TARGET_ARN", "");
                addInvoked(template, target.replaceAll(".*:function:|:live$", ""), edges);
                edges.put("timers set by " + function.logicalId(),
                        Optional.ofNullable(function.environment().get("TIMER_DEAD_LETTER_QUEUE_ARN")));
            }
        }
        return edges;
    }

    /** Scheduler has done its part when Lambda has taken the event; from then on the function's own settings count. */
    private static void addInvoked(DeployedTemplate template, String functionName,
            Map<String, Optional<String>> edges) {
        FunctionResource function = template.functions().stream().filter(f -> f.name().equals(functionName)).findAny()
                .orElseThrow(() -> new AssertionError("a timer wakes no function of the template: " + functionName));
        edges.put(function.logicalId() + ", invoked asynchronously", function.async().onFailure());
    }

    private static Properties event(DeployedTemplate template, String id) {
        int slash = id.indexOf('/');
        return template.resource(id.substring(0, slash)).properties().child("Events").child(id.substring(slash + 1))
                .child("Properties");
    }

    /** What is wrong with the way from here. */
    private static Optional<String> fault(DeployedTemplate template, String arn, Set<String> seen) {
        Optional<QueueResource> found = QueueResource.of(template.stack()).stream()
                .filter(queue -> queue.arn().equals(arn)).findAny();
        if (found.isEmpty()) {
            return Optional.of("ends in no queue of the template");
        }
        QueueResource queue = found.get();
        if (!seen.add(arn)) {
            return Optional.of("goes round in a circle");
        }
        boolean taken = EventSourceResource.of(template.stack()).stream()
                .anyMatch(source -> source instanceof EventSourceResource.Queue s && s.queue().equals(queue));
        if (!taken) {
            return queue.logicalId().equals(END)
                    ? Optional.empty()
                    : Optional.of("ends in " + queue.logicalId() + ", which nobody takes up again");
        }
        return next(template, queue).map(next -> fault(template, next, seen)).orElseGet(() -> Optional
                .of("is never given up in " + queue.logicalId() + ", and gone in the end"));
    }

    private static Optional<String> next(DeployedTemplate template, QueueResource queue) {
        return queue.redrive().map(redrive -> template.account().arn("sqs", redrive.deadLetterQueueName()));
    }
}
