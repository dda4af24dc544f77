package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.template.Properties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/deploy-policy.json}: who deploys may make, change and delete what the template has, and nothing of other services. */
class DeployPolicyTest {

    /** What CloudFormation calls for a resource of a type: to make, read, change and delete it. */
    private static final Map<String, String> CALLS = Map.ofEntries(
            Map.entry("AWS::ApiGatewayV2::Api", "apigateway: POST GET PATCH DELETE TagResource"),
            Map.entry("AWS::ApiGatewayV2::Authorizer", "apigateway: POST GET PATCH DELETE"),
            Map.entry("AWS::ApiGatewayV2::Integration", "apigateway: POST GET PATCH DELETE"),
            Map.entry("AWS::ApiGatewayV2::Route", "apigateway: POST GET PATCH DELETE"),
            Map.entry("AWS::ApiGatewayV2::Stage", "apigateway: POST GET PATCH DELETE TagResource"),
            Map.entry("AWS::AppConfig::Application",
                    "appconfig: CreateApplication GetApplication UpdateApplication DeleteApplication TagResource"
                            + " ListTagsForResource"),
            Map.entry("AWS::AppConfig::ConfigurationProfile",
                    "appconfig: CreateConfigurationProfile GetConfigurationProfile UpdateConfigurationProfile"
                            + " DeleteConfigurationProfile TagResource ListTagsForResource"),
            Map.entry("AWS::AppConfig::HostedConfigurationVersion",
                    "appconfig: CreateHostedConfigurationVersion GetHostedConfigurationVersion"
                            + " DeleteHostedConfigurationVersion"),
            Map.entry("AWS::CloudWatch::Alarm", "cloudwatch: PutMetricAlarm DescribeAlarms DeleteAlarms TagResource"),
            Map.entry("AWS::DynamoDB::Table",
                    "dynamodb: CreateTable DescribeTable UpdateTable DeleteTable UpdateTimeToLive DescribeTimeToLive"
                            + " UpdateContinuousBackups DescribeContinuousBackups TagResource ListTagsOfResource"),
            Map.entry("AWS::IAM::Role",
                    "iam: CreateRole GetRole UpdateRole UpdateAssumeRolePolicy DeleteRole PutRolePolicy GetRolePolicy"
                            + " DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole PassRole"),
            Map.entry("AWS::IAM::RolePolicy", "iam: PutRolePolicy GetRolePolicy DeleteRolePolicy"),
            Map.entry("AWS::Lambda::Alias", "lambda: CreateAlias GetAlias UpdateAlias DeleteAlias"),
            Map.entry("AWS::Lambda::EventInvokeConfig",
                    "lambda: PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig"
                            + " UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig"),
            Map.entry("AWS::Lambda::EventSourceMapping",
                    "lambda: CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping"
                            + " DeleteEventSourceMapping TagResource"),
            Map.entry("AWS::Lambda::Function",
                    "lambda: CreateFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction"
                            + " PutFunctionConcurrency DeleteFunctionConcurrency TagResource"),
            Map.entry("AWS::Lambda::Permission", "lambda: AddPermission GetPolicy RemovePermission"),
            Map.entry("AWS::Lambda::Version",
                    "lambda: PublishVersion ListVersionsByFunction GetFunctionConfiguration DeleteFunction"),
            Map.entry("AWS::Logs::LogGroup",
                    "logs: CreateLogGroup DescribeLogGroups PutRetentionPolicy DeleteLogGroup TagResource"),
            Map.entry("AWS::SQS::Queue",
                    "sqs: CreateQueue GetQueueAttributes SetQueueAttributes DeleteQueue TagQueue ListQueueTags"),
            Map.entry("AWS::Scheduler::Schedule",
                    "scheduler: CreateSchedule GetSchedule UpdateSchedule DeleteSchedule"),
            Map.entry("AWS::Scheduler::ScheduleGroup",
                    "scheduler: CreateScheduleGroup GetScheduleGroup DeleteScheduleGroup TagResource"
                            + " ListTagsForResource"),
            Map.entry("AWS::SecretsManager::Secret",
                    "secretsmanager: CreateSecret DescribeSecret UpdateSecret DeleteSecret GetSecretValue"
                            + " GetRandomPassword TagResource"));

    /** The deployment itself, and the bucket that SAM uploads to. */
    private static final Set<String> OF_SAM = Set.of("cloudformation", "s3");

    /** That take no resource, or whose resources have names that nobody knows beforehand. */
    private static final Set<String> ON_ALL = Set.of("ReadTemplates", "EventSources", "NewSecretsValues",
            "FindLogsAndLetTheApiWriteItsOwn");

    @Test
    void who_deploys_may_do_what_the_template_needs_and_nothing_of_other_services() {
        assertThat(types(DeployedTemplate.asWritten())).contains("AWS::Lambda::EventSourceMapping",
                "AWS::Scheduler::Schedule", "AWS::DynamoDB::Table");
        assertThat(faults(written())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "sqs:DeleteQueue",                     |                          | AWS::SQS::Queue needs sqs:DeleteQueue
            "lambda:DeleteEventSourceMapping",     |                          | AWS::Lambda::EventSourceMapping needs lambda:DeleteEventSourceMapping
            "scheduler:UpdateSchedule",            |                          | AWS::Scheduler::Schedule needs scheduler:UpdateSchedule
            "sqs:DeleteQueue"                      | "ec2:RunInstances"       | nothing in the template is of ec2
            "sqs:DeleteQueue"                      | "sqs:*"                  | sqs:* is more than one action
            :${AccountId}:${StackName}-*           | :${AccountId}:*          | Queues reaches beyond the stack: arn:${Partition}:sqs:${Region}:${AccountId}:*
            "iam:PassedToService"                  | "iam:AssociatedResource" | roles can be handed to any service
            """)
    void a_policy_that_could_do_less_or_more_is_found(String written, String instead, String fault) {
        assertThat(written()).contains(written);

        assertThat(faults(written().replace(written, instead == null ? "" : instead))).contains(fault);
    }

    private static List<String> faults(String policy) {
        List<JsonNode> statements = JsonMapper.builder().build().readTree(policy).get("Statement").valueStream()
                .toList();
        Set<String> allowed = statements.stream().flatMap(statement -> texts(statement, "Action"))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> faults = new ArrayList<>();
        Set<String> services = new TreeSet<>(OF_SAM);
        for (String type : types(DeployedTemplate.asWritten())) {
            for (String action : actions(type)) {
                services.add(service(action));
                if (!allowed.contains(action)) {
                    faults.add(type + " needs " + action);
                }
            }
        }
        allowed.stream().filter(action -> action.contains("*"))
                .forEach(action -> faults.add(action + " is more than one action"));
        allowed.stream().map(DeployPolicyTest::service).distinct().filter(service -> !services.contains(service))
                .forEach(service -> faults.add("nothing in the template is of " + service));
        statements.forEach(statement -> reach(statement, faults));
        return faults;
    }

    private static void reach(JsonNode statement, List<String> faults) {
        String sid = statement.get("Sid").stringValue();
        texts(statement, "Resource").filter(resource -> resource.endsWith(":*") || resource.endsWith("/*"))
                .filter(resource -> !resource.contains("${StackName}") && !resource.contains("aws-sam-cli"))
                // An API's id is made by AWS, as is that of a text in AppConfig.
                .filter(resource -> !sid.equals("TheApi") && !sid.equals("TheTextOfParameters"))
                .forEach(resource -> faults.add(sid + " reaches beyond the stack: " + resource));
        if (texts(statement, "Resource").anyMatch("*"::equals) && !ON_ALL.contains(sid)) {
            faults.add(sid + " reaches everything");
        }
        if (texts(statement, "Action").anyMatch(Right.PASS_ROLE::equals)
                && !statement.path("Condition").path("StringEquals").has("iam:PassedToService")) {
            faults.add("roles can be handed to any service");
        }
    }

    /** As CloudFormation gets them: SAM makes several of a function. */
    private static Set<String> types(DeployedTemplate template) {
        Set<String> types = new TreeSet<>();
        template.written().properties().forEach(resource -> {
            String type = resource.getValue().get("Type").stringValue();
            if (!type.equals("AWS::Serverless::Function")) {
                types.add(type);
                return;
            }
            types.add("AWS::Lambda::Function");
            Properties properties = template.resource(resource.getKey()).properties();
            properties.json().propertyNames().stream().filter("AutoPublishAlias"::equals)
                    .forEach(named -> types.addAll(Set.of("AWS::Lambda::Alias", "AWS::Lambda::Version")));
            properties.json().propertyNames().stream().filter("EventInvokeConfig"::equals)
                    .forEach(named -> types.add("AWS::Lambda::EventInvokeConfig"));
            properties.json().path("Events").forEach(event -> types.add(madeOf(event.get("Type").stringValue())));
        });
        return types;
    }

    private static String madeOf(String event) {
        return switch (event) {
            case "SQS", "DynamoDB" -> "AWS::Lambda::EventSourceMapping";
            case "ScheduleV2" -> "AWS::Scheduler::Schedule";
            case String other -> throw new AssertionError("nothing is known of what SAM makes of " + other);
        };
    }

    private static List<String> actions(String type) {
        String calls = CALLS.get(type);
        if (calls == null) {
            throw new AssertionError("nothing is known of what CloudFormation calls for " + type);
        }
        String[] words = calls.split(":? ");
        return Stream.of(words).skip(1).map(call -> words[0] + ":" + call).toList();
    }

    private static String service(String action) {
        return action.substring(0, action.indexOf(':'));
    }

    private static Stream<String> texts(JsonNode statement, String name) {
        return statement.get(name).valueStream().map(JsonNode::stringValue);
    }

    private static String written() {
        try {
            return Files.readString(Path.of("docs/deploy-policy.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
