package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every role may do what its code does, on what it does it to, and nothing else. */
class PoliciesTest {

    private static final String PASS_ROLE = "iam:PassRole";
    private static final String TO_SCHEDULER = "scheduler.amazonaws.com";

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void the_calls_of_each_function_are_found_in_its_byte_code() {
        assertThat(AwsCalls.reachableFrom(ScheduleTaskHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "scheduler:CreateSchedule");
        assertThat(AwsCalls.reachableFrom(ExecuteTaskHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:GetItem", "dynamodb:PutItem", "scheduler:CreateSchedule");
    }

    @Test
    void every_function_may_do_what_it_does_and_nothing_else() {
        assertThat(template.functions()).isNotEmpty().allSatisfy(function -> {
            assertThat(Statement.of(template, function)).isNotEmpty();
            assertThat(faults(template, function)).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ScheduleTaskFunction | , dynamodb:DeleteItem]     | ]                    | it may not dynamodb:DeleteItem
            ScheduleTaskFunction | dynamodb:DeleteItem]       | dynamodb:DeleteItem, dynamodb:Scan] | nothing needs dynamodb:Scan
            ScheduleTaskFunction | [dynamodb:PutItem, dynamodb:GetItem, dynamodb:DeleteItem] | dynamodb:* | nothing needs dynamodb:*
            ScheduleTaskFunction | !GetAtt TasksTable.Arn     | "*"                  | StoreShowAndTakeBackTasks: on more or other than it must be: [*]
            ExecuteTaskFunction  | schedule/${ScheduleGroup}/* | schedule/*          | SetTimersForRetriesInOurGroupOnly: on more or other than it must be: [arn:aws:scheduler:eu-west-1:210987654321:schedule/*]
            ExecuteTaskFunction  | !GetAtt TimerRole.Arn      | !GetAtt ScheduleTaskRole.Arn | GiveTimersTheirRoleAndNothingElse: on more or other than it must be: [arn:aws:iam::210987654321:role/ScheduleTaskRole]
            ExecuteTaskFunction  | iam:PassedToService: s      | iam:AssociatedResourceArn: s | the timers' role can be handed to any service
            ExecuteTaskFunction  | PassedToService: scheduler.amazonaws.com | PassedToService: lambda.amazonaws.com | the timers' role can be handed to any service
            ExecuteTaskFunction  | Action: iam:PassRole        | Action: iam:GetRole  | it may not iam:PassRole
            ExecuteTaskFunction  | Action: [dynamodb:GetItem   | NotAction: [dynamodb:GetItem | it may not dynamodb:GetItem
            ExecuteTaskFunction  | !GetAtt ExecuteTaskLog.Arn  | "*"                  | WriteItsLog: on more or other than it must be: [*]
            ExecuteTaskFunction  | !GetAtt ExecuteTaskLog.Arn  | !GetAtt ScheduleTaskLog.Arn | WriteItsLog: on more or other than it must be: [arn:aws:logs:eu-west-1:210987654321:log-group:ScheduleTaskLog:*]
            ExecuteTaskFunction  | sqs:SendMessage             | sqs:ReceiveMessage   | it may not sqs:SendMessage
            ExecuteTaskFunction  | !GetAtt ExecuteTaskFailureQueue.Arn | !GetAtt TimerDeadLetterQueue.Arn | KeepEventsGivenUp: on more or other than it must be: [arn:aws:sqs:eu-west-1:210987654321:TimerDeadLetterQueue]
            ExecuteTaskFunction  | - TracingIsOn               | - ApiAuthIsIam       | nothing needs xray:PutTraceSegments
            ExecuteTaskFunction  | - Sid: ReadClaimAndSettleTasks | -                | a statement does not say why it is there
            """)
    void a_right_that_is_missing_or_too_many_is_found(String function, String written, String instead, String fault) {
        DeployedTemplate altered = template.where(function.replace("Function", "Role"), written, instead);

        assertThat(faults(altered, altered.function(function))).contains(fault);
    }

    @Test
    void a_function_may_send_traces_only_while_tracing_is_on() {
        DeployedTemplate traced = template.with(Map.of("Tracing", "on"));

        assertThat(traced.functions()).allSatisfy(function -> {
            assertThat(Statement.of(traced, function)).contains(new Statement(Optional.of("SendTraces"), true,
                    List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"), List.of("*"), Map.of()));
            assertThat(Statement.of(template, function)).extracting(Statement::sid)
                    .doesNotContain(Optional.of("SendTraces"));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ExecuteTaskRole     | Description: What | ManagedPolicyArns: [AmazonDynamoDBFullAccess] # | has other than one policy written here
            ExecuteTaskFunction | !GetAtt ExecuteTaskRole.Arn | arn:aws:iam::210987654321:role/admin    | is a role that is not written here
            ExecuteTaskFunction | !GetAtt ExecuteTaskRole.Arn | !GetAtt ScheduleTaskRole.Arn            | share a role
            """)
    void rights_from_elsewhere_are_found(String resource, String written, String instead, String fault) {
        DeployedTemplate altered = template.where(resource, written, instead);

        assertThatThrownBy(() -> Statement.of(altered, altered.function("ExecuteTaskFunction")))
                .isInstanceOf(AssertionError.class).hasMessageContaining(fault);
    }

    @Test
    void a_timer_may_start_the_one_function_and_write_to_its_queue() {
        assertThat(timerFaults(template)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TimerRole       | aws:SourceAccount: !Ref AWS::AccountId | aws:RequestedRegion: eu-west-1 | others than the group's timers may take the role
            TimerRole       | aws:SourceArn: !GetAtt ScheduleGroup.Arn | aws:SourceArn: "*" | others than the group's timers may take the role
            TimerRole       | Service: scheduler.amazonaws.com | AWS: "*" | others than EventBridge Scheduler may take the role
            TimerRole       | Description: E | ManagedPolicyArns: [AWSLambda_FullAccess] # | the role has rights beside its own policy
            TimerRolePolicy | !GetAtt ExecuteTaskFunction.Arn | !GetAtt ScheduleTaskFunction.Arn | its rights are not those that a timer needs
            TimerRolePolicy | Effect: Allow | Effect: Deny | its rights are not those that a timer needs
            TimerRolePolicy | lambda:InvokeFunction | lambda:*  | its rights are not those that a timer needs
            TimerRolePolicy | !GetAtt TimerDeadLetterQueue.Arn | "*" | its rights are not those that a timer needs
            TimerRolePolicy | RoleName: !Ref TimerRole | RoleName: other | its rights are not those that a timer needs
            """)
    void a_timer_that_could_do_more_or_less_is_found(String resource, String written, String instead, String fault) {
        assertThat(timerFaults(template.where(resource, written, instead))).contains(fault);
    }

    private static List<String> faults(DeployedTemplate template, FunctionResource function) {
        List<Statement> statements = Statement.of(template, function);
        List<String> faults = new ArrayList<>();
        Set<String> needed = new TreeSet<>(AwsCalls.reachableFrom(function));
        if (needed.contains("scheduler:CreateSchedule") || needed.contains("scheduler:UpdateSchedule")) {
            // Whoever makes a schedule hands it the role under which it runs.
            needed.add(PASS_ROLE);
        }
        needed.addAll(List.of("logs:CreateLogStream", "logs:PutLogEvents"));
        if (function.async().onFailure().isPresent()) {
            needed.add("sqs:SendMessage");
        }
        Set<String> allowed = statements.stream().filter(Statement::allows).flatMap(s -> s.actions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        needed.stream().filter(action -> !allowed.contains(action))
                .forEach(action -> faults.add("it may not " + action));
        allowed.stream().filter(action -> !needed.contains(action))
                .forEach(action -> faults.add("nothing needs " + action));
        for (Statement statement : statements) {
            if (statement.sid().isEmpty()) {
                faults.add("a statement does not say why it is there");
            }
            if (statement.actions().stream()
                    .anyMatch(a -> !List.of(needs(template, function, a)).equals(statement.resources()))) {
                faults.add(statement.sid().orElse("?") + ": on more or other than it must be: "
                        + statement.resources());
            }
            if (statement.actions().contains(PASS_ROLE) && !statement.conditions()
                    .equals(Map.of("StringEquals iam:PassedToService", TO_SCHEDULER))) {
                faults.add("the timers' role can be handed to any service");
            }
        }
        return faults;
    }

    /** The one resource that an action is done to. */
    private static String needs(DeployedTemplate template, FunctionResource function, String action) {
        return switch (action.substring(0, action.indexOf(':'))) {
            case "dynamodb" -> template.account().arn("dynamodb", "table/" + template.resource("TasksTable").name());
            case "scheduler" ->
                template.account().arn("scheduler", "schedule/" + template.resource("ScheduleGroup").name() + "/*");
            case "iam" -> template.account().globalArn("iam", "role/" + template.resource("TimerRole").name());
            case "logs" -> template.account().arn("logs",
                    "log-group:" + function.logicalId().replace("Function", "Log") + ":*");
            case "sqs" -> function.async().onFailure().orElseThrow();
            default -> "nothing is known that " + action + " is done to";
        };
    }

    private static List<String> timerFaults(DeployedTemplate template) {
        Resource role = template.resource("TimerRole");
        Properties trust = role.properties().child("AssumeRolePolicyDocument");
        List<String> faults = new ArrayList<>();
        Map<String, String> conditions = Map.of("StringEquals aws:SourceAccount", template.account().id(),
                "StringEquals aws:SourceArn",
                template.account().arn("scheduler", "schedule-group/" + template.resource("ScheduleGroup").name()));
        if (!Statement.of(trust).stream().allMatch(statement -> statement.conditions().equals(conditions)
                && statement.actions().equals(List.of("sts:AssumeRole")))) {
            faults.add("others than the group's timers may take the role");
        }
        if (!trust.children("Statement").stream()
                .allMatch(statement -> statement.texts("Principal").equals(Map.of("Service", TO_SCHEDULER)))) {
            faults.add("others than EventBridge Scheduler may take the role");
        }
        if (!role.properties().child("ManagedPolicyArns").isAbsent()
                || !role.properties().child("Policies").isAbsent()) {
            faults.add("the role has rights beside its own policy");
        }
        Map<String, String> rights = Map.of("lambda:InvokeFunction", template.function("ExecuteTaskFunction").arn(),
                "sqs:SendMessage", template.account().arn("sqs", template.resource("TimerDeadLetterQueue").name()));
        if (!rights(template, role).equals(rights)) {
            faults.add("its rights are not those that a timer needs");
        }
        return faults;
    }

    /** What the policies of a role allow, action to resource. */
    private static Map<String, String> rights(DeployedTemplate template, Resource role) {
        return template.stack().resources("AWS::IAM::RolePolicy").stream()
                .filter(policy -> policy.properties().requiredText("RoleName").equals(role.ref()))
                .flatMap(policy -> Statement.of(policy.properties().child("PolicyDocument")).stream())
                .filter(Statement::allows)
                .collect(Collectors.toMap(statement -> String.join(" ", statement.actions()),
                        statement -> String.join(" ", statement.resources())));
    }
}
