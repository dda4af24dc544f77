package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

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
            ApiServerErrorsAlarm      | MetricName: 5xx          | MetricName: 5XXError    | AWS publishes no 5XXError in AWS/ApiGateway
            ScheduleTaskErrorsAlarm   | Namespace: AWS/Lambda    | Namespace: AWS/Lambdas  | AWS publishes no Errors in AWS/Lambdas
            TimersDroppedAlarm        | Name: ScheduleGroup, V   | Name: GroupName, V      | AWS publishes no InvocationDroppedCount by [GroupName]
            ExecuteTaskErrorsAlarm    | !Ref ExecuteTaskFunction | !GetAtt ExecuteTaskFunction.Arn | there is no FunctionName arn:aws:lambda:eu-west-1:210987654321:function:tasks-ExecuteTask
            ScheduleTaskErrorsAlarm   | !Ref ScheduleTaskFunction | ScheduleTaskFunction   | FunctionName is no reference: the deployed resource has another name
            IndexWriteThrottlesAlarm  | Value: by_time           | Value: by_hour          | there is no GlobalSecondaryIndexName by_hour
            TableWriteErrorsAlarm     | Value: PutItem           | Value: UpdateItem       | there is no Operation UpdateItem
            TimerDeadLettersAlarm     | Statistic: Maximum       | Statistic: Sum          | the statistic must be Maximum
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
            ExecuteTaskFailuresAlarm  | ApproximateNumberOfMessagesVisible | ExecuteTaskFailureQueue: no alarm on ApproximateNumberOfMessagesVisible
            TimerDeadLettersAlarm     | ApproximateNumberOfMessagesVisible | TimerDeadLetterQueue: no alarm on ApproximateNumberOfMessagesVisible
            ScheduleTaskErrorsAlarm   | Errors    | ScheduleTaskFunction: no alarm on Errors
            ExecuteTaskThrottlesAlarm | Throttles | ExecuteTaskFunction: no alarm on Throttles
            ExecuteTaskFailuresLostAlarm | DestinationDeliveryFailures | ExecuteTaskFunction: no alarm on DestinationDeliveryFailures
            ApiServerErrorsAlarm      | 5xx       | HttpApi: no alarm on 5xx
            TimersDroppedAlarm        | InvocationDroppedCount | ScheduleGroup: no alarm on InvocationDroppedCount
            """)
    void a_missing_alarm_is_found(String alarm, String metric, String fault) {
        assertThat(faults(template.where(alarm, "MetricName: " + metric, "MetricName: Other"))).contains(fault);
    }

    @Test
    void without_a_topic_an_alarm_tells_nobody_and_is_still_valid() {
        assertThat(Alarm.of(DeployedTemplate.asWritten())).allSatisfy(alarm -> assertThat(
                alarm.resource().properties().json().has("AlarmActions")).isFalse());
    }

    private static List<String> faults(DeployedTemplate template) {
        List<Alarm> alarms = Alarm.of(template);
        List<String> faults = new ArrayList<>(alarms.stream().flatMap(alarm -> alarm.faults().stream()).toList());
        for (QueueResource queue : QueueResource.of(template.stack())) {
            require(alarms, queue.logicalId(), "ApproximateNumberOfMessagesVisible", "QueueName", queue.name(), faults);
        }
        for (FunctionResource function : template.functions()) {
            require(alarms, function.logicalId(), "Errors", "FunctionName", function.name(), faults);
            require(alarms, function.logicalId(), "Throttles", "FunctionName", function.name(), faults);
            if (function.async().onFailure().isPresent()) {
                require(alarms, function.logicalId(), "DestinationDeliveryFailures", "FunctionName", function.name(),
                        faults);
            }
        }
        for (Resource api : template.stack().resources("AWS::ApiGatewayV2::Api")) {
            require(alarms, api.logicalId(), "5xx", "ApiId", api.ref(), faults);
        }
        for (Resource group : template.stack().resources("AWS::Scheduler::ScheduleGroup")) {
            require(alarms, group.logicalId(), "InvocationDroppedCount", "ScheduleGroup", group.ref(), faults);
        }
        return faults;
    }

    private static void require(List<Alarm> alarms, String resource, String metric, String dimension, String value,
            List<String> faults) {
        if (alarms.stream().noneMatch(alarm -> alarm.watches(metric, dimension, value))) {
            faults.add(resource + ": no alarm on " + metric);
        }
    }
}
