package io.taskscheduler.local.template;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code Ref} and {@code Fn::GetAtt} give for a resource, as CloudFormation documents it per type. A resource
 * without a physical name gets its logical id as its name, so that names are the same on every start.
 */
final class Attributes {
    /** The property that holds a type's physical name. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("AWS::Serverless::Function", "FunctionName"), Map.entry("AWS::Lambda::Function", "FunctionName"),
            Map.entry("AWS::DynamoDB::Table", "TableName"), Map.entry("AWS::SQS::Queue", "QueueName"),
            Map.entry("AWS::Scheduler::ScheduleGroup", "Name"), Map.entry("AWS::IAM::Role", "RoleName"),
            Map.entry("AWS::IAM::ManagedPolicy", "ManagedPolicyName"), Map.entry("AWS::SNS::Topic", "TopicName"),
            Map.entry("AWS::Logs::LogGroup", "LogGroupName"), Map.entry("AWS::CloudWatch::Alarm", "AlarmName"),
            Map.entry("AWS::Events::EventBus", "Name"), Map.entry("AWS::ApiGatewayV2::Stage", "StageName"));

    private final Account account;

    Attributes(Account account) {
        this.account = account;
    }

    /** The name a resource has, given its type and the physical name its properties may hold. */
    static String nameOf(String logicalId, String type, Function<String, Optional<String>> property) {
        return Optional.ofNullable(NAMES.get(type)).flatMap(property).orElse(logicalId);
    }

    String ref(String type, String name) {
        return switch (type) {
            case "AWS::SQS::Queue" -> account.queueUrl(name);
            case "AWS::SNS::Topic" -> account.arn("sns", name);
            case "AWS::IAM::ManagedPolicy" -> account.globalArn("iam", "policy/" + name);
            case "AWS::SecretsManager::Secret" -> account.arn("secretsmanager", "secret:" + name);
            default -> name;
        };
    }

    /** The attribute's value; empty when the type has no such attribute or is not known here. */
    Optional<String> attribute(String type, String name, String attribute) {
        return Optional.ofNullable(switch (type + " " + attribute) {
            case "AWS::Serverless::Function Arn", "AWS::Lambda::Function Arn" ->
                account.arn("lambda", "function:" + name);
            case "AWS::DynamoDB::Table Arn" -> account.arn("dynamodb", "table/" + name);
            case "AWS::DynamoDB::Table StreamArn" -> account.arn("dynamodb", "table/" + name + "/stream/local");
            case "AWS::SQS::Queue Arn" -> account.arn("sqs", name);
            case "AWS::SQS::Queue QueueName", "AWS::SNS::Topic TopicName", "AWS::Events::EventBus Name" -> name;
            case "AWS::SQS::Queue QueueUrl" -> account.queueUrl(name);
            case "AWS::SNS::Topic TopicArn" -> account.arn("sns", name);
            case "AWS::Scheduler::ScheduleGroup Arn" -> account.arn("scheduler", "schedule-group/" + name);
            case "AWS::IAM::Role Arn" -> account.globalArn("iam", "role/" + name);
            case "AWS::Logs::LogGroup Arn" -> account.arn("logs", "log-group:" + name + ":*");
            case "AWS::CloudWatch::Alarm Arn" -> account.arn("cloudwatch", "alarm:" + name);
            case "AWS::Events::EventBus Arn" -> account.arn("events", "event-bus/" + name);
            case "AWS::ApiGatewayV2::Api ApiId" -> name;
            case "AWS::AppConfig::HostedConfigurationVersion VersionNumber" -> "1";
            case "AWS::ApiGatewayV2::Api ApiEndpoint" ->
                "https://" + name + ".execute-api." + account.region() + "." + Account.URL_SUFFIX;
            default -> null;
        });
    }
}
