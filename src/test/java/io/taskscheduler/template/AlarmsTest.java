package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.handler.EmittedMetrics;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every alarm can fire, is heard, and none is missing. CloudFormation accepts an alarm on a metric that does not exist. */
class AlarmsTest {

    private final DeployedTemplate template = DeployedTemplate.asWritten().with(Map.of("AlarmTopicArn", Alarm.TOPIC));

    @Test
    void every_alarm_can_fire_and_none_is_missing() {
        assertThat(Alarm.of(template)).isNotEmpty();
        assertThat(faults(template)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ApiServerErrorsAlarm      | MetricName: 5xx          | MetricName: 5XXError    | nobody publishes 5XXError in AWS/ApiGateway
            ScheduleTaskErrorsAlarm   | Namespace: AWS/Lambda    | Namespace: AWS/Lambdas  | nobody publishes Errors in AWS/Lambdas
            TimersDroppedAlarm        | Name: ScheduleGroup, V   | Name: GroupName, V      | nobody publishes InvocationDroppedCount by [GroupName]
            RowsRefusedAlarm          | MetricName: RowsRefused  | MetricName: RefusedRows | nobody publishes RefusedRows in TaskScheduler
            OverdueTasksAlarm         | Namespace: TaskScheduler | Namespace: Tasks        | nobody publishes OverdueTasks in Tasks
            OverdueTasksAlarm         | Name: TableName, V       | Name: Table, V          | nobody publishes OverdueTasks by [Table]
            OverdueTasksAlarm         | !Ref TasksTable          | !Ref ScheduleGroup      | there is no TableName ScheduleGroup
            ReconcilerStoppedAlarm    | TreatMissingData: breaching | TreatMissingData: notBreaching | silence is taken for health
            ReconcilerStoppedAlarm    | LessThanThreshold        | GreaterThanThreshold    | fires while all is well, or never
            ReconcilerStoppedAlarm    | Threshold: 1             | Threshold: 0            | fires while all is well, or never
            ExecuteTaskErrorsAlarm    | !Ref ExecuteTaskFunction | !GetAtt ExecuteTaskFunction.Arn | there is no FunctionName arn:aws:lambda:eu-west-1:210987654321:function:tasks-ExecuteTask
            ScheduleTaskErrorsAlarm   | !Ref ScheduleTaskFunction | ScheduleTaskFunction   | FunctionName is no reference: the deployed resource has another name
            IndexWriteThrottlesAlarm  | Value: by_time           | Value: by_hour          | there is no GlobalSecondaryIndexName by_hour
            TableWriteErrorsAlarm     | Value: PutItem           | Value: UpdateItem       | there is no Operation UpdateItem
            DeadLettersAlarm          | Statistic: Maximum       | Statistic: Sum          | the statistic must be Maximum
            TimerDeadLettersAlarm     | Statistic: Sum           | Statistic: Maximum      | the statistic must be Sum
            LatenessAlarm             | ExtendedStatistic: p99   | Statistic: Sum          | the statistic must be Maximum or p50 or p99
            LatenessAlarm             | Value: second            | Value: seconds          | there is no Precision seconds
            LatenessAlarm             | Name: Precision, V       | Name: Exactness, V      | nobody publishes LatenessMs by [TableName, Exactness]
            TimersLostAlarm           | Threshold: 0             | Threshold: -1           | fires while all is well
            TimersLostAlarm           | GreaterThanThreshold     | LessThanThreshold       | fires while all is well
            TimersLostAlarm           | Period: 60               | Period: 10              | its periods have no data
            ExecuteTaskThrottlesAlarm | DatapointsToAlarm: 3     | DatapointsToAlarm: 6    | needs more data points than it looks at
            TimersLostAlarm           | notBreaching             | breaching               | silence is not taken for health
            TimersLostAlarm           | AlarmActions             | OKActions               | tells nobody
            """)
    void an_alarm_that_never_fires_or_always_is_found(String alarm, String written, String instead, String fault) {
        assertThat(faults(template.where(alarm, written, instead))).contains(alarm + ": " + fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ExecuteTaskFailuresAlarm  | NumberOfMessagesSent | ExecuteTaskFailureQueue: no alarm on NumberOfMessagesSent or ApproximateAgeOfOldestMessage
            TimerDeadLettersAlarm     | NumberOfMessagesSent | TimerDeadLetterQueue: no alarm on NumberOfMessagesSent or ApproximateAgeOfOldestMessage
            TimersWaitingAlarm        | ApproximateAgeOfOldestMessage | TimerQueue: no alarm on NumberOfMessagesSent or ApproximateAgeOfOldestMessage
            WakeUpsWaitingAlarm       | ApproximateAgeOfOldestMessage | WakeUpQueue: no alarm on NumberOfMessagesSent or ApproximateAgeOfOldestMessage
            DeadLettersAlarm          | ApproximateNumberOfMessagesVisible | DeadLetterQueue: no alarm on ApproximateNumberOfMessagesVisible
            RowsWaitingAlarm          | IteratorAge | AdoptTaskFunction: no alarm on IteratorAge
            AdoptTaskErrorsAlarm      | Errors      | AdoptTaskFunction: no alarm on Errors
            AdoptTaskFailuresLostAlarm | DestinationDeliveryFailures | AdoptTaskFunction: no alarm on DestinationDeliveryFailures
            ReconcileTasksErrorsAlarm | Errors      | ReconcileTasksFunction: no alarm on Errors
            ReconcilerStoppedAlarm    | OverdueTasks | ReconcileTasksFunction: no alarm that hears it fall silent
            ScheduleTaskErrorsAlarm   | Errors    | ScheduleTaskFunction: no alarm on Errors
            ExecuteTaskThrottlesAlarm | Throttles | ExecuteTaskFunction: no alarm on Throttles
            ExecuteTaskFailuresLostAlarm | DestinationDeliveryFailures | ExecuteTaskFunction: no alarm on DestinationDeliveryFailures
            ApiServerErrorsAlarm      | 5xx       | HttpApi: no alarm on 5xx
            TimersDroppedAlarm        | InvocationDroppedCount | ScheduleGroup: no alarm on InvocationDroppedCount
            """)
    void a_missing_alarm_is_found(String alarm, String metric, String fault) {
        assertThat(faults(template.where(alarm, "MetricName: " + metric, "MetricName: Other"))).contains(fault);
    }

    /** A message that is taken out at once is not seen lying there; one that a redrive policy has moved was never sent. */
    @Test
    void an_alarm_on_what_a_queue_does_not_show_is_found() {
        assertThat(faults(template.where("TimerDeadLettersAlarm", "MetricName: NumberOfMessagesSent",
                "MetricName: ApproximateNumberOfMessagesVisible")))
                .contains("TimerDeadLetterQueue: no alarm on NumberOfMessagesSent or ApproximateAgeOfOldestMessage");
        assertThat(faults(template.where("DeadLettersAlarm", "MetricName: ApproximateNumberOfMessagesVisible",
                "MetricName: NumberOfMessagesSent")))
                .contains("DeadLetterQueue: no alarm on ApproximateNumberOfMessagesVisible");
    }

    @Test
    void a_queue_without_an_alarm_is_found() {
        assertThat(faults(template.where("DeadLetterQueue", "Type: AWS::SQS::Queue\n",
                "Type: AWS::SQS::Queue\n  OtherQueue:\n    Type: AWS::SQS::Queue\n")))
                .containsExactly("OtherQueue: no alarm on ApproximateNumberOfMessagesVisible");
    }

    @Test
    void without_a_topic_an_alarm_tells_nobody_and_is_still_valid() {
        assertThat(Alarm.of(DeployedTemplate.asWritten())).allSatisfy(alarm -> assertThat(
                alarm.resource().properties().json().has("AlarmActions")).isFalse());
    }

    private static List<String> faults(DeployedTemplate template) {
        List<Alarm> alarms = Alarm.of(template);
        List<String> faults = new ArrayList<>(alarms.stream().flatMap(alarm -> alarm.faults().stream()).toList());
        List<EventSourceResource> sources = EventSourceResource.of(template.stack());
        for (QueueResource queue : QueueResource.of(template.stack())) {
            boolean taken = sources.stream()
                    .anyMatch(source -> source instanceof EventSourceResource.Queue s && s.queue().equals(queue));
            require(alarms, queue.logicalId(), taken
                    ? List.of("NumberOfMessagesSent", "ApproximateAgeOfOldestMessage")
                    : List.of("ApproximateNumberOfMessagesVisible"), "QueueName", queue.name(), faults);
        }
        for (FunctionResource function : template.functions()) {
            requireOfFunction(alarms, function,
                    sources.stream().filter(source -> source.functionName().equals(function.name())).toList(), faults);
        }
        for (Resource api : template.stack().resources("AWS::ApiGatewayV2::Api")) {
            require(alarms, api.logicalId(), List.of("5xx"), "ApiId", api.ref(), faults);
        }
        for (Resource group : template.stack().resources("AWS::Scheduler::ScheduleGroup")) {
            require(alarms, group.logicalId(), List.of("InvocationDroppedCount"), "ScheduleGroup", group.ref(), faults);
        }
        return faults;
    }

    /** That it fails, that it does not come to run, and that what it gave up was lost. */
    private static void requireOfFunction(List<Alarm> alarms, FunctionResource function,
            List<EventSourceResource> sources, List<String> faults) {
        List<String> metrics = new ArrayList<>(List.of("Errors"));
        boolean recurring = sources.stream().anyMatch(EventSourceResource.Timer.class::isInstance);
        if (recurring) {
            // Nothing that it gives up is lost: the next time brings the same.
            requireLife(alarms, function, faults);
        } else if (sources.stream().anyMatch(EventSourceResource.Stream.class::isInstance)) {
            metrics.addAll(List.of("IteratorAge", "DestinationDeliveryFailures"));
        } else {
            metrics.add("Throttles");
            function.async().onFailure().ifPresent(queue -> metrics.add("DestinationDeliveryFailures"));
        }
        metrics.forEach(metric -> require(alarms, function.logicalId(), List.of(metric), "FunctionName",
                function.name(), faults));
    }

    private static void requireLife(List<Alarm> alarms, FunctionResource function, List<String> faults) {
        if (EmittedMetrics.all().stream().filter(metric -> function.handler().startsWith(metric.handler() + "::"))
                .noneMatch(metric -> alarms.stream()
                        .anyMatch(alarm -> alarm.listensForLifeOf(metric.namespace(), metric.name())))) {
            faults.add(function.logicalId() + ": no alarm that hears it fall silent");
        }
    }

    private static void require(List<Alarm> alarms, String resource, List<String> metrics, String dimension,
            String value, List<String> faults) {
        if (alarms.stream().noneMatch(
                alarm -> metrics.stream().anyMatch(metric -> alarm.watches(metric, dimension, value)))) {
            faults.add(resource + ": no alarm on " + String.join(" or ", metrics));
        }
    }
}
