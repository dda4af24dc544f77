package io.taskscheduler.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.sqs.SqsTimers;
import io.taskscheduler.app.ExecuteTask;
import io.taskscheduler.app.ListTasks;
import io.taskscheduler.app.ScheduleTasks;
import io.taskscheduler.app.NearAndFarTimers;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.ReconcilerPace;
import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.template.DeployedTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for whom: every time-out leaves room for those inside it. */
class DeclaredTimeoutsTest {

    /** The calls that one request to the API can come to, when each waits as long as it may. */
    private static final List<String> LONGEST_REQUEST = List.of("store the task", "set its timer", "take it back",
            "show it, as its timer was set after all");
    /** Those of the last piece of a list, begun when it is nearly time to stop. */
    private static final List<String> LAST_OF_A_LIST = List.of("ask all shards at once", "read the tasks");
    /** Those of one wake-up, beside the webhook. */
    private static final List<String> LONGEST_LATE_WAKE_UP = List.of("read the task", "send it to the line, in vain",
            "claim it", "settle it", "set the timer of the next try");
    /** Those of one that comes early and waits. */
    private static final List<String> LONGEST_EARLY_WAKE_UP = List.of("read the task", "claim it", "settle it",
            "set the timer of the next try");
    /** Those of one row. */
    private static final List<String> LONGEST_ADOPTION = List.of("read the row", "make it a task", "set its timer");
    /** Scheduler's promise. */
    private static final Duration FIRES_WITHIN = Duration.ofMinutes(1);
    /** How long Lambda waits before it tries an asynchronous invocation again for the first time. */
    private static final Duration TRIES_AGAIN_AFTER = Duration.ofMinutes(1);
    /** How long a stream keeps a record. */
    private static final Duration STREAM = Duration.ofDays(1);
    /** What AWS advises for a queue that Lambda takes messages from: six time-outs of the function, and five times. */
    private static final int TIMEOUTS_OUT_OF_SIGHT = 6;
    private static final int FEWEST_RECEIPTS = 5;
    /** What a function may need beside its calls, to start included: Java without a snapshot. */
    private static final Duration COLD_START = Duration.ofSeconds(5);
    /** What the clocks of two machines in AWS may differ by, with room to spare. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);
    private static final Duration LAMBDAS_LONGEST = Duration.ofMinutes(15);
    private static final Duration SQS_LONGEST = Duration.ofDays(14);

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void every_time_out_leaves_room_for_those_inside_it() {
        assertThat(faults(template)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ExecuteTaskFunction  | Timeout: 330 | Timeout: 320  | ExecuteTaskFunction ends before the longest webhook and its own calls
            ExecuteTaskFunction  | Timeout: 330 | Timeout: 1000 | ExecuteTaskFunction: Lambda allows no more than 15 minutes
            ExecuteTaskFunction  | Timeout: 330 | Timeout: 345  | ExecuteTaskFunction may outlive the lease of its longest attempt
            ScheduleTaskFunction | Timeout: 25  | Timeout: 20   | ScheduleTaskFunction ends before its own calls
            ScheduleTaskFunction | Timeout: 25  | Timeout: 29   | ScheduleTaskFunction: API Gateway gives up before it has started and answered
            ScheduleTaskIntegration | TimeoutInMillis: 30000 | TimeoutInMillis: 28000 | ScheduleTaskFunction: API Gateway gives up before it has started and answered
            ExecuteTaskFunction  | MaximumEventAgeInSeconds: 21600 | MaximumEventAgeInSeconds: 600 | ExecuteTaskFunction: a wake-up is given up while Lambda could still hold it
            ExecuteTaskFunction  | MaximumRetryAttempts: 2 | MaximumRetryAttempts: 0 | ExecuteTaskFunction: a wake-up is given up while Lambda could still try it
            ExecuteTaskFunction  | OnFailure:   | OnSuccess:    | ExecuteTaskFunction: a wake-up that is given up leaves no trace
            TimerDeadLetterQueue | MessageRetentionPeriod: 1209600 | DelaySeconds: 0 | TimerDeadLetterQueue keeps its messages for less than 14 days
            DeadLetterQueue      | MessageRetentionPeriod: 1209600 | DelaySeconds: 0 | DeadLetterQueue keeps its messages for less than 14 days
            ExecuteTaskFailureQueue | MessageRetentionPeriod: 1209600 | MessageRetentionPeriod: 86400 | ExecuteTaskFailureQueue keeps its messages for less than 14 days
            TimerQueue           | VisibilityTimeout: 1980 | VisibilityTimeout: 1979 | TimerQueue: a message may come back while it is still being worked on
            TimerQueue           | maxReceiveCount: 5 | maxReceiveCount: 4 | TimerQueue: a message is given up that Lambda was only too busy for
            TimerQueue           | MessageRetentionPeriod: 345600 | MessageRetentionPeriod: 10799 | TimerQueue: a message is gone before it is given up
            WakeUpQueue          | VisibilityTimeout: 1980 | VisibilityTimeout: 1979 | WakeUpQueue: a message may come back while it is still being worked on
            ExecuteTaskFailureQueue | VisibilityTimeout: 1980 | VisibilityTimeout: 330 | ExecuteTaskFailureQueue: a message may come back while it is still being worked on
            WakeUpQueue          | maxReceiveCount: 5 | maxReceiveCount: 4 | WakeUpQueue: a message is given up that Lambda was only too busy for
            WakeUpQueue          | MessageRetentionPeriod: 345600 | MessageRetentionPeriod: 10799 | WakeUpQueue: a message is gone before it is given up
            ReconcileTasksFunction | Timeout: 60 | Timeout: 46 | ReconcileTasksFunction ends while the last of its work is under way
            ReconcileTasksFunction | rate(1 minute) | rate(2 minutes) | ReconcileTasksFunction runs every PT2M and counts on PT1M
            ReconcileTasksFunction | MaximumEventAgeInSeconds: 60 | MaximumEventAgeInSeconds: 3600 | ReconcileTasksFunction: runs that nobody needs any more pile up
            AdoptTaskFunction    | Timeout: 190 | Timeout: 180 | AdoptTaskFunction ends before the calls of a batch
            AdoptTaskFunction    | BatchSize: 10 | BatchSize: 11 | AdoptTaskFunction ends before the calls of a batch
            AdoptTaskFunction    | MaximumRecordAgeInSeconds: 82800 | MaximumRecordAgeInSeconds: 86400 | AdoptTaskFunction: a record is gone from the stream before it is given up
            AdoptTaskFunction    | MaximumRetryAttempts: -1 | MaximumRetryAttempts: 3 | AdoptTaskFunction: a record is given up after a few minutes
            AdoptTaskFunction    | TRIM_HORIZON | LATEST | AdoptTaskFunction: rows that are put while it is deployed are never seen
            AdoptTaskFunction    | FunctionResponseTypes: [ReportBatchItemFailures] | Enabled: true | AdoptTaskFunction/RowsFromElsewhere: what fails is taken for done
            ExecuteTaskFunction  | FunctionResponseTypes: [ReportBatchItemFailures] | Enabled: true | ExecuteTaskFunction/NearTimers: what fails is taken for done
            """)
    void a_time_out_without_room_is_found(String below, String written, String instead, String fault) {
        assertThat(faults(template.where(below, written, instead))).contains(fault);
    }

    /** The claim's clock is read before it is stored, perhaps before the time; the settling is stored after the attempt. */
    @Test
    void a_lease_outlives_an_attempt_by_the_calls_around_it() {
        assertThat(Lease.MARGIN)
                .isGreaterThanOrEqualTo(AwsClients.CALL.multipliedBy(2).plus(CLOCKS_DIFFER).plus(Task.HEAD_START));
    }

    /** A hand-over from the far to the near timer that fails as often as Lambda tries it but for the last time is in time. */
    @Test
    void a_far_timer_fires_early_enough_for_all_the_tries_of_its_hand_over() {
        Duration handOver = COLD_START.plus(AwsClients.CALL.multipliedBy(2));
        assertThat(NearAndFarTimers.LEAD).isGreaterThanOrEqualTo(FIRES_WITHIN.plus(TRIES_AGAIN_AFTER)
                .plus(TRIES_AGAIN_AFTER.multipliedBy(2)).plus(handOver.multipliedBy(3)));
        assertThat(NearAndFarTimers.LEAD.plus(FIRES_WITHIN)).isLessThanOrEqualTo(NearAndFarTimers.HORIZON);
    }

    /** Else it would come when it is too early to wait, and cost a message more. */
    @Test
    void a_message_that_is_punctual_is_waited_for() {
        assertThat(ExecuteTask.LONGEST_WAIT).isGreaterThan(SqsTimers.EARLIEST);
    }

    /** What comes later than this was lost. */
    @Test
    void a_wake_up_of_its_own_comes_within_the_grace() {
        assertThat(Task.GRACE).isGreaterThanOrEqualTo(FIRES_WITHIN.plus(TRIES_AGAIN_AFTER));
    }

    @Test
    void the_line_takes_wake_ups_for_as_far_ahead_as_the_reconciler_spreads_them() {
        assertThat(WakeUps.HORIZON).isGreaterThan(ReconcileTasks.PERIOD);
    }

    @Test
    void a_call_has_time_for_a_second_try() {
        assertThat(AwsClients.CALL).isGreaterThanOrEqualTo(AwsClients.TRY.multipliedBy(2));
    }

    private static List<String> faults(DeployedTemplate template) {
        List<String> faults = new ArrayList<>();
        template.functions().stream().filter(f -> f.timeout().compareTo(LAMBDAS_LONGEST) > 0)
                .forEach(f -> faults.add(f.logicalId() + ": Lambda allows no more than 15 minutes"));
        faults.addAll(requestFaults(template, template.function("ScheduleTaskFunction")));
        faults.addAll(wakeUpFaults(template.function("ExecuteTaskFunction")));
        faults.addAll(reconcilerFaults(template, template.function("ReconcileTasksFunction")));
        QueueResource.of(template.stack()).forEach(queue -> faults.addAll(queueFaults(template, queue)));
        EventSourceResource.of(template.stack()).forEach(source -> faults.addAll(sourceFaults(template, source)));
        return faults;
    }

    private static List<String> queueFaults(DeployedTemplate template, QueueResource queue) {
        List<String> faults = new ArrayList<>();
        // Whatever wakes a task is found again by the reconciler; what lies elsewhere may be known there only.
        Map<String, String> environment = template.function("ExecuteTaskFunction").environment();
        boolean isOfWakeUps = Stream.of("TIMER_QUEUE_URL", "WAKE_UP_QUEUE_URL").map(environment::get)
                .anyMatch(queue.url()::equals);
        if (!isOfWakeUps && queue.retention().compareTo(SQS_LONGEST) < 0) {
            faults.add(queue.logicalId() + " keeps its messages for less than 14 days");
        }
        queue.redrive().ifPresent(redrive -> {
            // A near timer's message may have been delayed for as long as there is before it is first received.
            Duration delayed = isOfWakeUps ? NearAndFarTimers.HORIZON : Duration.ZERO;
            Duration tried = queue.visibility().multipliedBy(redrive.maxReceiveCount()).plus(delayed);
            if (queue.retention().compareTo(tried) < 0) {
                faults.add(queue.logicalId() + ": a message is gone before it is given up");
            }
        });
        return faults;
    }

    private static List<String> sourceFaults(DeployedTemplate template, EventSourceResource source) {
        FunctionResource function = template.functions().stream()
                .filter(f -> f.name().equals(source.functionName())).findAny().orElseThrow();
        List<String> faults = new ArrayList<>();
        switch (source) {
            case EventSourceResource.Queue queue -> {
                QueueResource from = queue.queue();
                if (from.visibility().compareTo(function.timeout().multipliedBy(TIMEOUTS_OUT_OF_SIGHT)) < 0) {
                    faults.add(from.logicalId() + ": a message may come back while it is still being worked on");
                }
                if (from.redrive().filter(redrive -> redrive.maxReceiveCount() < FEWEST_RECEIPTS).isPresent()) {
                    faults.add(from.logicalId() + ": a message is given up that Lambda was only too busy for");
                }
                if (!queue.reportsFailures()) {
                    faults.add(source.id() + ": what fails is taken for done");
                }
            }
            case EventSourceResource.Stream stream -> faults.addAll(streamFaults(function, stream));
            case EventSourceResource.Timer timer -> {
            }
        }
        return faults;
    }

    private static List<String> streamFaults(FunctionResource function, EventSourceResource.Stream stream) {
        List<String> faults = new ArrayList<>();
        if (function.timeout().compareTo(calls(LONGEST_ADOPTION).multipliedBy(stream.batchSize())
                .plus(COLD_START)) < 0) {
            faults.add(function.logicalId() + " ends before the calls of a batch");
        }
        if (stream.maximumAge().compareTo(STREAM.minusMinutes(30)) > 0) {
            faults.add(function.logicalId() + ": a record is gone from the stream before it is given up");
        }
        if (stream.retries().isPresent()) {
            faults.add(function.logicalId() + ": a record is given up after a few minutes");
        }
        if (!stream.fromTheBeginning()) {
            faults.add(function.logicalId() + ": rows that are put while it is deployed are never seen");
        }
        if (!stream.reportsFailures()) {
            faults.add(stream.id() + ": what fails is taken for done");
        }
        return faults;
    }

    private static List<String> reconcilerFaults(DeployedTemplate template, FunctionResource function) {
        List<String> faults = new ArrayList<>();
        if (function.timeout().compareTo(ReconcilerPace.longestRun().plus(AwsClients.CALL)) <= 0) {
            faults.add(function.logicalId() + " ends while the last of its work is under way");
        }
        EventSourceResource.of(template.stack()).stream().filter(s -> s.functionName().equals(function.name()))
                .filter(EventSourceResource.Timer.class::isInstance).map(EventSourceResource.Timer.class::cast)
                .filter(timer -> !timer.period().equals(ReconcileTasks.PERIOD))
                .forEach(timer -> faults.add(function.logicalId() + " runs every " + timer.period()
                        + " and counts on " + ReconcileTasks.PERIOD));
        if (function.async().maximumAge().compareTo(ReconcileTasks.PERIOD) > 0) {
            faults.add(function.logicalId() + ": runs that nobody needs any more pile up");
        }
        return faults;
    }

    private static List<String> requestFaults(DeployedTemplate template, FunctionResource function) {
        List<String> faults = new ArrayList<>();
        Duration list = ListTasks.LONGEST.plus(calls(LAST_OF_A_LIST));
        if (function.timeout().compareTo(calls(LONGEST_REQUEST)) <= 0 || function.timeout().compareTo(list) <= 0
                || function.timeout().compareTo(ScheduleTasks.LONGEST) <= 0) {
            faults.add(function.logicalId() + " ends before its own calls");
        }
        boolean givenUp = RouteResource.of(template.stack()).stream()
                .anyMatch(route -> route.functionName().equals(function.name())
                        && route.timeout().compareTo(function.timeout().plus(COLD_START)) < 0);
        if (givenUp) {
            faults.add(function.logicalId() + ": API Gateway gives up before it has started and answered");
        }
        return faults;
    }

    private static List<String> wakeUpFaults(FunctionResource function) {
        List<String> faults = new ArrayList<>();
        Duration early = calls(LONGEST_EARLY_WAKE_UP).plus(ExecuteTask.LONGEST_WAIT).plus(Task.HEAD_START);
        Duration late = calls(LONGEST_LATE_WAKE_UP);
        Duration around = early.compareTo(late) > 0 ? early : late;
        if (function.timeout().compareTo(Webhook.MAX_TIMEOUT.plus(around)) < 0) {
            faults.add(function.logicalId() + " ends before the longest webhook and its own calls");
        }
        // A wake-up that finds the lease dead may then take the task over: nobody is at it any more.
        if (function.timeout().compareTo(Webhook.MAX_TIMEOUT.plus(Lease.MARGIN)) > 0) {
            faults.add(function.logicalId() + " may outlive the lease of its longest attempt");
        }
        if (function.async().maximumAge().compareTo(Duration.ofHours(6)) < 0) {
            faults.add(function.logicalId() + ": a wake-up is given up while Lambda could still hold it");
        }
        if (function.async().retries() < 2) {
            faults.add(function.logicalId() + ": a wake-up is given up while Lambda could still try it");
        }
        if (function.async().onFailure().isEmpty()) {
            faults.add(function.logicalId() + ": a wake-up that is given up leaves no trace");
        }
        return faults;
    }

    private static Duration calls(List<String> calls) {
        return AwsClients.CALL.multipliedBy(calls.size());
    }
}
