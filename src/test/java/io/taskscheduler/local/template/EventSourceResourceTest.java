package io.taskscheduler.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSourceResourceTest {
    private static final String FAILED = "arn:aws:sqs:us-east-1:123456789012:Failed";
    private static final String SURROUNDINGS = """
            Resources:
              Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
              Short: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 9}}
              Fifo: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
              Failed: {Type: AWS::SQS::Queue}
              T:
                Type: AWS::DynamoDB::Table
                Properties: {TableName: tasks, StreamSpecification: {StreamViewType: NEW_IMAGE}}
              Still: {Type: AWS::DynamoDB::Table}
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.B
                  Timeout: 10
                  Events:
                    E: \
            """;

    @Test
    void a_queue_has_lambdas_defaults() {
        assertThat(read("{Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}")).singleElement()
                .isInstanceOfSatisfying(EventSourceResource.Queue.class, queue -> {
                    assertThat(queue.id()).isEqualTo("F/E");
                    assertThat(queue.functionName()).isEqualTo("F");
                    assertThat(queue.queue().name()).isEqualTo("Q");
                    assertThat(queue.batchSize()).isEqualTo(10);
                    assertThat(queue.window()).isZero();
                    assertThat(queue.concurrency()).isEqualTo(1000);
                    assertThat(queue.reportsFailures()).isFalse();
                });
    }

    @Test
    void a_queue_is_as_declared() {
        assertThat(
                read("""
                        {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 100, MaximumBatchingWindowInSeconds: 2,
                          ScalingConfig: {MaximumConcurrency: 5}, FunctionResponseTypes: [ReportBatchItemFailures], Enabled: true}}
                        """))
                .singleElement().isInstanceOfSatisfying(EventSourceResource.Queue.class, queue -> {
                    assertThat(queue.batchSize()).isEqualTo(100);
                    assertThat(queue.window()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(queue.concurrency()).isEqualTo(5);
                    assertThat(queue.reportsFailures()).isTrue();
                });
    }

    @Test
    void a_stream_has_lambdas_defaults() {
        assertThat(read("{Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: LATEST}}"))
                .containsExactly(new EventSourceResource.Stream("F/E", "F",
                        "arn:aws:dynamodb:us-east-1:123456789012:table/tasks/stream/local", "tasks", false, 100,
                        List.of(), false, OptionalInt.empty(), Duration.ofHours(24), false, Optional.empty()));
    }

    @Test
    void a_stream_is_as_declared() {
        assertThat(
                read("""
                        {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: TRIM_HORIZON, BatchSize: 25,
                          FilterCriteria: {Filters: [{Pattern: '{"eventName": ["INSERT"]}'}]}, MaximumRetryAttempts: 3,
                          FunctionResponseTypes: [ReportBatchItemFailures], MaximumRecordAgeInSeconds: 3600,
                          BisectBatchOnFunctionError: true,
                          DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Failed.Arn}}}}
                        """))
                .singleElement().isInstanceOfSatisfying(EventSourceResource.Stream.class, stream -> {
                    assertThat(stream.fromTheBeginning()).isTrue();
                    assertThat(stream.batchSize()).isEqualTo(25);
                    assertThat(stream.filters()).hasSize(1);
                    assertThat(stream.reportsFailures()).isTrue();
                    assertThat(stream.retries()).hasValue(3);
                    assertThat(stream.maximumAge()).isEqualTo(Duration.ofHours(1));
                    assertThat(stream.bisects()).isTrue();
                    assertThat(stream.onFailure()).hasValue(FAILED);
                });
    }

    @Test
    void a_recurring_timer_is_as_declared() {
        assertThat(read("""
                {Type: ScheduleV2, Properties: {ScheduleExpression: rate(5 minutes), Input: '{"a": 1}', State: ENABLED,
                  RetryPolicy: {MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60},
                  DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}}
                """)).containsExactly(new EventSourceResource.Timer("F/E", "F", "FE", Duration.ofMinutes(5),
                Optional.of("{\"a\": 1}")));
        assertThat(read("{Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}"))
                .containsExactly(
                        new EventSourceResource.Timer("F/E", "F", "FE", Duration.ofHours(1), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, Enabled: false}}
            {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: LATEST, Enabled: false}}
            {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: DISABLED}}
            """)
    void what_is_switched_off_is_not_there(String event) {
        assertThat(read(event)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Type: SNS}                                                                  | .Type: only SQS, DynamoDB and ScheduleV2 are supported locally, not SNS
            {Type: SQS, Colour: red}                                                     | .Colour: is not supported locally, only Properties, Type
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, FilterCriteria: {}}}          | .Properties.FilterCriteria: is not supported locally, only BatchSize, Enabled, FunctionResponseTypes, MaximumBatchingWindowInSeconds, Queue, ScalingConfig
            {Type: SQS, Properties: {}}                                                  | .Properties.Queue: is missing
            {Type: SQS, Properties: {Queue: Q}}                                          | .Properties.Queue: Q is not the ARN of a queue of the template
            {Type: SQS, Properties: {Queue: !GetAtt Short.Arn}}                          | .Properties.Queue: the queue's VisibilityTimeout, 9 s, must not be less than the function's Timeout, 10 s
            {Type: SQS, Properties: {Queue: !GetAtt Fifo.Arn}}                           | .Properties.Queue: a FIFO queue is not supported locally
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 0}}                | .Properties.BatchSize: must be from 1 to 10000, not 0
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 11}}               | .Properties.BatchSize: above 10 needs MaximumBatchingWindowInSeconds of at least 1
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, ScalingConfig: {MaximumConcurrency: 1}}} | .Properties.ScalingConfig.MaximumConcurrency: must be from 2 to 1000, not 1
            {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, FunctionResponseTypes: [All]}} | .Properties.FunctionResponseTypes: only ReportBatchItemFailures is known, not [All]
            {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn}}                  | .Properties.StartingPosition: is missing
            {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: NOW}} | .Properties.StartingPosition: must be TRIM_HORIZON or LATEST, not NOW
            {Type: DynamoDB, Properties: {Stream: !GetAtt Still.StreamArn, StartingPosition: LATEST}} | .Properties.Stream: arn:aws:dynamodb:us-east-1:123456789012:table/Still/stream/local is not the stream of a table of the template with a StreamSpecification
            {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: LATEST, ParallelizationFactor: 2}} | .Properties.ParallelizationFactor: is not supported locally, only BatchSize, BisectBatchOnFunctionError, DestinationConfig, Enabled, FilterCriteria, FunctionResponseTypes, MaximumRecordAgeInSeconds, MaximumRetryAttempts, StartingPosition, Stream
            {Type: DynamoDB, Properties: {Stream: !GetAtt T.StreamArn, StartingPosition: LATEST, FilterCriteria: {Filters: [{Pattern: '{"a": [{"suffix": "x"}]}'}]}}} | .Properties.FilterCriteria.Filters[0].Pattern.a: only values and {"exists": true or false} are supported locally, not {"suffix":"x"}
            {Type: ScheduleV2, Properties: {ScheduleExpression: "cron(0 9 * * ? *)"}}    | .Properties.ScheduleExpression: only rate(…) of minutes, hours or days is supported locally, not cron(0 9 * * ? *)
            {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), EndDate: x}} | .Properties.EndDate: is not supported locally, only DeadLetterConfig, Description, FlexibleTimeWindow, GroupName, Input, Name, OmitName, PermissionsBoundary, RetryPolicy, RoleArn, ScheduleExpression, ScheduleExpressionTimezone, State
            {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), State: ON}} | .Properties.State: must be ENABLED or DISABLED, not ON
            """)
    void what_is_not_understood_is_refused_with_its_place(String event, String message) {
        assertThatThrownBy(() -> read(event)).isInstanceOf(TemplateException.class)
                .hasMessage("template.yaml, Resources.F.Properties.Events.E" + message);
    }

    private static List<EventSourceResource> read(String event) {
        return EventSourceResource.of(Template.parse(SURROUNDINGS + event.replace("\n", " ") + "\n")
                .stack(Account.local("http://sqs"), Map.of()));
    }
}
