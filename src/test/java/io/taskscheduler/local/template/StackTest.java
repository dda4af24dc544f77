package io.taskscheduler.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.taskscheduler.local.SampleTemplate;

class StackTest {
    private static final String SURROUNDINGS = """
            Parameters:
              Stage: {Type: String, Default: prod}
              Days: {Type: Number, Default: 007}
              Networks: {Type: CommaDelimitedList, Default: "a, b,c"}
            Conditions:
              IsProd: !Equals [!Ref Stage, prod]
              IsTest: !Not [!Condition IsProd]
              Both: !And [!Condition IsProd, !Equals [!Ref Days, "007"]]
              Either: !Or [!Condition IsTest, Condition: IsProd]
              ByNumber: !Equals [!Ref Days, 7]
            Mappings:
              Sizes: {prod: {memory: 512}}
            Resources:
              F: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}
              Named: {Type: AWS::Serverless::Function, Properties: {FunctionName: !Sub "${AWS::StackName}-f"}}
              Q: {Type: AWS::SQS::Queue}
              T: {Type: AWS::DynamoDB::Table, Properties: {TableName: tasks}}
              G: {Type: AWS::Scheduler::ScheduleGroup}
              R: {Type: AWS::IAM::Role}
              A: {Type: AWS::ApiGatewayV2::Api}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plain                                              | plain
            2012-10-17                                         | 2012-10-17
            0123                                               | 0123
            "yes"                                              | yes
            1.5                                                | 1.5
            !Ref Stage                                         | prod
            {Ref: Days}                                        | 007
            !Ref AWS::Region                                   | us-east-1
            !Ref AWS::AccountId                                | 123456789012
            !Ref AWS::Partition                                | aws
            !Ref AWS::URLSuffix                                | amazonaws.com
            !Ref AWS::StackName                                | local
            !Ref F                                             | F
            !Ref Named                                         | local-f
            !Ref F.Alias                                       | arn:aws:lambda:us-east-1:123456789012:function:F:live
            !Ref Q                                             | http://127.0.0.1:9324/123456789012/Q
            !Ref T                                             | tasks
            !Ref G                                             | G
            !GetAtt F.Arn                                      | arn:aws:lambda:us-east-1:123456789012:function:F
            {"Fn::GetAtt": [Named, Arn]}                       | arn:aws:lambda:us-east-1:123456789012:function:local-f
            {"Fn::GetAtt": Named.Arn}                          | arn:aws:lambda:us-east-1:123456789012:function:local-f
            !GetAtt Q.Arn                                      | arn:aws:sqs:us-east-1:123456789012:Q
            !GetAtt Q.QueueName                                | Q
            !GetAtt T.Arn                                      | arn:aws:dynamodb:us-east-1:123456789012:table/tasks
            !GetAtt G.Arn                                      | arn:aws:scheduler:us-east-1:123456789012:schedule-group/G
            !GetAtt R.Arn                                      | arn:aws:iam::123456789012:role/R
            !GetAtt A.ApiEndpoint                              | https://A.execute-api.us-east-1.amazonaws.com
            !Sub "${T}-${Q.Arn}-${AWS::Region}-${!Literal}"    | tasks-arn:aws:sqs:us-east-1:123456789012:Q-us-east-1-${Literal}
            !Sub ["${x}-${Stage}", {x: !Ref T}]                | tasks-prod
            {"Fn::Sub": "${Stage}"}                            | prod
            !Join ["-", [a, !Ref Stage, !Ref Days]]            | a-prod-007
            !Join ["+", !Ref Networks]                         | a+b+c
            !Select [1, !Ref Networks]                         | b
            !Select ["2", !Split ["/", a/b/c]]                 | c
            !FindInMap [Sizes, !Ref Stage, memory]             | 512
            !If [IsProd, yes it is, no]                        | yes it is
            !If [IsTest, x, !If [Both, both, neither]]         | both
            !If [Either, either, neither]                      | either
            !If [ByNumber, same, different]                    | different
            """)
    void an_expression_has_the_value_that_cloudformation_gives_it(String written, String value) {
        assertThat(stack(written).outputs()).containsEntry("Value", value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            !Ref Nothing                 | template.yaml, Outputs.Value.Value.Ref: there is no parameter or resource Nothing
            !GetAtt Q.Colour             | template.yaml, Outputs.Value.Value.Fn::GetAtt: Q.Colour is not an attribute that is known locally
            !Sub "${Nothing}"            | template.yaml, Outputs.Value.Value.Fn::Sub: there is no parameter or resource Nothing
            !ImportValue other           | template.yaml, Outputs.Value.Value: the function Fn::ImportValue is not supported locally
            !If [Unknown, a, b]          | template.yaml, Outputs.Value.Value.Fn::If: there is no condition Unknown
            !Select [3, !Ref Networks]   | template.yaml, Outputs.Value.Value.Fn::Select: there is no item 3 among 3
            !FindInMap [Sizes, a, b]     | template.yaml, Outputs.Value.Value.Fn::FindInMap: Mappings has no Sizes.a.b
            !Join [x]                    | template.yaml, Outputs.Value.Value.Fn::Join: argument 2 is missing
            [a, b]                       | template.yaml, Outputs.Value.Value: must be text or a number, not ["a","b"]
            """)
    void what_cannot_be_evaluated_is_refused_with_its_place(String written, String message) {
        assertThatThrownBy(() -> stack(written).outputs()).isInstanceOf(TemplateException.class).hasMessage(message);
    }

    @Test
    void no_value_takes_its_member_away() {
        Stack stack = Template.parse("""
                Conditions: {Never: !Equals [a, b]}
                Resources:
                  Q:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: !If [Never, named, !Ref AWS::NoValue]
                      Tags: [!If [Never, x, !Ref AWS::NoValue], y]
                """).stack(Account.local("http://sqs"), Map.of());

        Resource queue = stack.resource("Q").orElseThrow();

        assertThat(queue.name()).isEqualTo("Q");
        assertThat(queue.properties().json().toString()).isEqualTo("{\"Tags\":[\"y\"]}");
    }

    @Test
    void globals_give_way_to_what_a_function_says_itself_and_its_variables_are_added() {
        List<FunctionResource> functions = FunctionResource.of(SampleTemplate.stack());

        assertThat(functions).extracting(FunctionResource::logicalId).containsExactly("EchoFunction", "WorkFunction");
        assertThat(functions.getFirst().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(functions.getFirst().environment()).isEqualTo(
                Map.of("TABLE_NAME", "TaskTable", "RETENTION_DAYS", "30", "GROUP_NAME", "TimerGroup"));
        assertThat(functions.get(1).timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(functions.get(1).memoryMegabytes()).isEqualTo(512);
        assertThat(functions.get(1).reservedConcurrency()).hasValue(2);
        assertThat(functions.get(1).async()).isEqualTo(new FunctionResource.AsyncPolicy(1, Duration.ofHours(1),
                Optional.empty(), Optional.of("arn:aws:sqs:us-east-1:123456789012:FailedQueue"), Optional.empty()));
    }

    @Test
    void a_function_that_says_nothing_has_lambdas_defaults() {
        FunctionResource function = FunctionResource
                .of(Template.parse("Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: a.B}}}")
                        .stack(Account.local("http://sqs"), Map.of()))
                .getFirst();

        assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(function.memoryMegabytes()).isEqualTo(128);
        assertThat(function.async())
                .isEqualTo(new FunctionResource.AsyncPolicy(2, Duration.ofHours(6), Optional.empty(),
                        Optional.empty(), Optional.empty()));
    }

    @Test
    void routes_lead_to_their_functions() {
        assertThat(RouteResource.of(SampleTemplate.stack())).containsExactly(
                new RouteResource("EchoRoute", "POST /schedule-task", "EchoFunction", Duration.ofSeconds(30),
                        new RouteAuth.None()),
                new RouteResource("DefaultRoute", "$default", "EchoFunction", Duration.ofSeconds(30),
                        new RouteAuth.None()));
    }

    @Test
    void a_resource_whose_condition_does_not_hold_is_not_there() {
        assertThat(SampleTemplate.stack().resource("TestQueue")).isEmpty();
        assertThat(SampleTemplate.stack().outputs()).containsOnlyKeys("TableName");
        assertThat(SampleTemplate.stack(Map.of("Stage", "test")).resource("TestQueue")).isPresent();
        assertThat(SampleTemplate.stack(Map.of("Stage", "test")).outputs()).containsKey("TestQueueUrl");
    }

    @Test
    void a_parameter_takes_no_value_that_it_does_not_allow() {
        assertThatThrownBy(() -> SampleTemplate.stack(Map.of("Stage", "beta")))
                .hasMessage("template.yaml, Parameters.Stage: beta is not one of [prod, test]");
        assertThatThrownBy(() -> SampleTemplate.stack(Map.of("Phase", "beta")))
                .hasMessage("template.yaml, Parameters: has no Phase, only RetentionDays, Stage, Networks");
    }

    @Test
    void what_a_list_allows_holds_for_each_of_its_items() {
        Template template = Template.parse("""
                Parameters: {Names: {Type: CommaDelimitedList, AllowedPattern: '[a-z]*', Default: ''}}
                Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Join ['+', !Ref Names]}}}
                """);

        assertThat(template.stack(Account.local("http://sqs"), Map.of("Names", "a, b")).resource("Q").orElseThrow()
                .name()).isEqualTo("a+b");
        assertThatThrownBy(() -> template.stack(Account.local("http://sqs"), Map.of("Names", "a,B")))
                .hasMessage("template.yaml, Parameters.Names: B does not match [a-z]*");
    }

    @Test
    void a_member_given_twice_is_refused_with_its_line() {
        assertThatThrownBy(() -> Template.parse("Resources:\n  Q: {}\n  Q: {}\n"))
                .hasMessage("template.yaml, line 3: Q is given twice");
    }

    private static Stack stack(String written) {
        return Template.parse(SURROUNDINGS + "Outputs: {Value: {Value: " + written + "}}\n")
                .stack(Account.local("http://127.0.0.1:9324"), Map.of());
    }
}
