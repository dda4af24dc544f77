package io.taskscheduler.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.domain.Lease;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.template.DeployedTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for whom: every time-out leaves room for those inside it. */
class DeclaredTimeoutsTest {

    /** The calls that one request to the API can come to, when each waits as long as it may. */
    private static final List<String> LONGEST_REQUEST = List.of("store the task", "set its timer", "take it back",
            "show it, as its timer was set after all");
    /** Those of one wake-up, beside the webhook. */
    private static final List<String> LONGEST_WAKE_UP = List.of("read the task", "claim it", "settle it",
            "set the timer of the next try");
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
            """)
    void a_time_out_without_room_is_found(String below, String written, String instead, String fault) {
        assertThat(faults(template.where(below, written, instead))).contains(fault);
    }

    /** The claim's clock is read before it is stored, the settling is stored after the attempt. */
    @Test
    void a_lease_outlives_an_attempt_by_the_calls_around_it() {
        assertThat(Lease.MARGIN).isGreaterThanOrEqualTo(AwsClients.CALL.multipliedBy(2).plus(CLOCKS_DIFFER));
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
        QueueResource.of(template.stack()).stream().filter(q -> q.retention().compareTo(SQS_LONGEST) < 0)
                .forEach(q -> faults.add(q.logicalId() + " keeps its messages for less than 14 days"));
        return faults;
    }

    private static List<String> requestFaults(DeployedTemplate template, FunctionResource function) {
        List<String> faults = new ArrayList<>();
        if (function.timeout().compareTo(calls(LONGEST_REQUEST)) <= 0) {
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
        if (function.timeout().compareTo(Webhook.MAX_TIMEOUT.plus(calls(LONGEST_WAKE_UP))) <= 0) {
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
