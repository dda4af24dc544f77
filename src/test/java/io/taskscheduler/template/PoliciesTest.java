package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.handler.AdoptTaskHandler;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ReconcileTasksHandler;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every role may do what its code does, on what it does it to, and nothing else. */
class PoliciesTest {

    private static final String TO_SCHEDULER = "scheduler.amazonaws.com";

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void the_calls_of_each_function_are_found_in_its_byte_code() {
        assertThat(AwsCalls.reachableFrom(ScheduleTaskHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query",
                "dynamodb:BatchGetItem", "scheduler:CreateSchedule", "sqs:SendMessage by SqsTimers");
        assertThat(AwsCalls.reachableFrom(ExecuteTaskHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:GetItem", "dynamodb:PutItem", "scheduler:CreateSchedule", "secretsmanager:GetSecretValue",
                "sqs:SendMessage by SqsTimers", "sqs:SendMessage by SqsWakeUps");
        assertThat(AwsCalls.reachableFrom(ReconcileTasksHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:PutItem", "sqs:SendMessage by SqsWakeUps",
                "sqs:GetQueueAttributes by SqsWakeUps");
        assertThat(AwsCalls.reachableFrom(AdoptTaskHandler.class.getName())).containsExactlyInAnyOrder(
                "dynamodb:GetItem", "dynamodb:PutItem", "scheduler:CreateSchedule", "sqs:SendMessage by SqsTimers");
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
            ScheduleTaskFunction | , dynamodb:DeleteItem] | ] | it may not dynamodb:DeleteItem on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable
            ScheduleTaskFunction | dynamodb:DeleteItem] | dynamodb:DeleteItem, dynamodb:Scan] | nothing needs dynamodb:Scan on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable
            ScheduleTaskFunction | [dynamodb:PutItem, dynamodb:GetItem, dynamodb:DeleteItem] | dynamodb:* | nothing needs dynamodb:* on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable
            ScheduleTaskFunction | !GetAtt TasksTable.Arn | "*" | nothing needs dynamodb:PutItem on *
            ScheduleTaskFunction | !Sub ${TasksTable.Arn}/index/by_time | !GetAtt TasksTable.Arn | it may not dynamodb:Query on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable/index/by_time
            ReconcileTasksFunction | !Sub ${TasksTable.Arn}/index/by_time | !GetAtt TasksTable.Arn | nothing needs dynamodb:Query on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable
            ReconcileTasksFunction | dynamodb:BatchGetItem,  |  | it may not dynamodb:BatchGetItem on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable
            ReconcileTasksFunction | , sqs:GetQueueAttributes] | ] | it may not sqs:GetQueueAttributes on arn:aws:sqs:eu-west-1:210987654321:WakeUpQueue
            ReconcileTasksFunction | !GetAtt WakeUpQueue.Arn | !GetAtt DeadLetterQueue.Arn | it may not sqs:SendMessage on arn:aws:sqs:eu-west-1:210987654321:WakeUpQueue
            ReconcileTasksFunction | !GetAtt DeadLetterQueue.Arn | !GetAtt TimerDeadLetterQueue.Arn | it may not sqs:SendMessage on arn:aws:sqs:eu-west-1:210987654321:DeadLetterQueue
            AdoptTaskFunction | !GetAtt TasksTable.StreamArn | "*" | it may not dynamodb:GetRecords on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable/stream/local
            ScheduleTaskFunction | !GetAtt TimerQueue.Arn | !GetAtt WakeUpQueue.Arn | it may not sqs:SendMessage on arn:aws:sqs:eu-west-1:210987654321:TimerQueue
            AdoptTaskFunction | dynamodb:DescribeStream,  |  | it may not dynamodb:DescribeStream on arn:aws:dynamodb:eu-west-1:210987654321:table/TasksTable/stream/local
            AdoptTaskFunction | dynamodb:ListStreams | dynamodb:ListTables | it may not dynamodb:ListStreams on *
            AdoptTaskFunction | !GetAtt DeadLetterQueue.Arn | !GetAtt WakeUpQueue.Arn | nothing needs sqs:SendMessage on arn:aws:sqs:eu-west-1:210987654321:WakeUpQueue
            ExecuteTaskFunction | , sqs:DeleteMessage, | , | it may not sqs:DeleteMessage on arn:aws:sqs:eu-west-1:210987654321:TimerDeadLetterQueue
            ExecuteTaskFunction | - !GetAtt TimerDeadLetterQueue.Arn | - !GetAtt DeadLetterQueue.Arn | it may not sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:210987654321:TimerDeadLetterQueue
            ExecuteTaskFunction | - !GetAtt TimerDeadLetterQueue.Arn | - !GetAtt DeadLetterQueue.Arn | nothing needs sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:210987654321:DeadLetterQueue
            ExecuteTaskFunction | Action: sqs:SendMessage | Action: sqs:PurgeQueue | it may not sqs:SendMessage on arn:aws:sqs:eu-west-1:210987654321:TimerQueue
            ExecuteTaskFunction | schedule/${ScheduleGroup}/* | schedule/* | nothing needs scheduler:CreateSchedule on arn:aws:scheduler:eu-west-1:210987654321:schedule/*
            ExecuteTaskFunction | !GetAtt TimerRole.Arn | !GetAtt ScheduleTaskRole.Arn | nothing needs iam:PassRole on arn:aws:iam::210987654321:role/ScheduleTaskRole
            ExecuteTaskFunction | iam:PassedToService: s | iam:AssociatedResourceArn: s | the timers' role can be handed to any service
            ExecuteTaskFunction | PassedToService: scheduler.amazonaws.com | PassedToService: lambda.amazonaws.com | the timers' role can be handed to any service
            ExecuteTaskFunction | Action: iam:PassRole | Action: iam:GetRole | it may not iam:PassRole on arn:aws:iam::210987654321:role/TimerRole
            ExecuteTaskFunction | Action: [dynamodb:GetItem | NotAction: [dynamodb:GetItem | a statement allows everything but what it names
            ExecuteTaskFunction | !GetAtt ExecuteTaskLog.Arn | "*" | nothing needs logs:PutLogEvents on *
            ExecuteTaskFunction | !GetAtt ExecuteTaskLog.Arn | !GetAtt ScheduleTaskLog.Arn | nothing needs logs:PutLogEvents on arn:aws:logs:eu-west-1:210987654321:log-group:ScheduleTaskLog:*
            ExecuteTaskFunction | secret:${SecretsPrefix}* | secret:* | nothing needs secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:210987654321:secret:*
            ExecuteTaskFunction | Resource: !Ref SigningSecret | Resource: !Ref PageTokenKey | it may not secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:210987654321:secret:SigningSecret
            ExecuteTaskFunction | - TracingIsOn | - ApiAuthIsIam | nothing needs xray:PutTraceSegments on *
            ExecuteTaskFunction | - Sid: ReadClaimAndSettleTasks | - | a statement does not say why it is there
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
        assertThat(roles(template)).as("roles that no test looks at").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TimerRole       | aws:SourceAccount: !Ref AWS::AccountId | aws:RequestedRegion: eu-west-1 | TimerRole: others than the group's timers may take the role
            TimerRole       | aws:SourceArn: !GetAtt ScheduleGroup.Arn | aws:SourceArn: "*" | TimerRole: others than the group's timers may take the role
            TimerRole       | Service: scheduler.amazonaws.com | AWS: "*" | TimerRole: others than EventBridge Scheduler may take the role
            TimerRole       | Description: E | ManagedPolicyArns: [AWSLambda_FullAccess] # | TimerRole: it has rights that are not written here
            TimerRolePolicy | !Ref ExecuteTaskFunction.Alias | !Ref ScheduleTaskFunction.Alias | TimerRole: its rights are not those that a timer needs
            TimerRolePolicy | !Ref ExecuteTaskFunction.Alias | !GetAtt ExecuteTaskFunction.Arn | TimerRole: its rights are not those that a timer needs
            TimerRolePolicy | Effect: Allow | Effect: Deny | TimerRole: its rights are not those that a timer needs
            TimerRolePolicy | lambda:InvokeFunction | lambda:*  | TimerRole: its rights are not those that a timer needs
            TimerRolePolicy | !GetAtt TimerDeadLetterQueue.Arn | "*" | TimerRole: its rights are not those that a timer needs
            TimerRolePolicy | RoleName: !Ref TimerRole | RoleName: other | TimerRole: its rights are not those that a timer needs
            ReconcileTimerRole | schedule-group/default | schedule/default/* | ReconcileTimerRole: others than the group's timers may take the role
            ReconcileTimerRole | !GetAtt ReconcileTasksFunction.Arn | !GetAtt ExecuteTaskFunction.Arn | ReconcileTimerRole: its rights are not those that a timer needs
            ReconcileTimerRole | Action: sqs:SendMessage | Action: sqs:* | ReconcileTimerRole: its rights are not those that a timer needs
            ReconcileTimerRole | !GetAtt DeadLetterQueue.Arn | !GetAtt WakeUpQueue.Arn | ReconcileTimerRole: its rights are not those that a timer needs
            KeepActiveRole  | !Ref ExecuteTaskFunction.Alias] | "*"] | KeepActiveRole: its rights are not those that a timer needs
            KeepActiveRole  | schedule-group/default | schedule/default/* | KeepActiveRole: others than the group's timers may take the role
            EachMinute      | RoleArn: !GetAtt ReconcileTimerRole.Arn | RoleArn: !GetAtt TimerRole.Arn | TimerRole: others than the group's timers may take the role
            """)
    void a_timer_that_could_do_more_or_less_is_found(String resource, String written, String instead, String fault) {
        assertThat(timerFaults(template.where(resource, written, instead))).contains(fault);
    }

    private static List<String> faults(DeployedTemplate template, FunctionResource function) {
        List<Statement> statements = Statement.of(template, function);
        Set<Right> needed = Right.neededBy(template, function);
        Set<Right> allowed = statements.stream().filter(Statement::allows).flatMap(Right::givenBy)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> faults = new ArrayList<>();
        needed.stream().filter(right -> !allowed.contains(right)).forEach(right -> faults.add("it may not " + right));
        allowed.stream().filter(right -> !needed.contains(right))
                .forEach(right -> faults.add("nothing needs " + right));
        for (Statement statement : statements) {
            if (statement.sid().isEmpty()) {
                faults.add("a statement does not say why it is there");
            }
            if (statement.actions().isEmpty() || statement.resources().isEmpty()) {
                faults.add("a statement allows everything but what it names");
            }
            if (statement.actions().contains(Right.PASS_ROLE) && !statement.conditions()
                    .equals(Map.of("StringEquals iam:PassedToService", TO_SCHEDULER))) {
                faults.add("the timers' role can be handed to any service");
            }
        }
        return faults;
    }

    /** Of the tasks' timers and of each recurring one. */
    private static List<String> timerFaults(DeployedTemplate template) {
        List<String> faults = new ArrayList<>(roleFaults(template, template.resource("TimerRole"),
                template.resource("ScheduleGroup").name(), template.aliasOf("ExecuteTaskFunction"),
                template.account().arn("sqs", template.resource("TimerDeadLetterQueue").name())));
        faults.addAll(roleFaults(template, template.resource("KeepActiveRole"), "default", keptActive(template)));
        for (FunctionResource function : template.functions()) {
            for (Properties schedule : schedulesOf(template, function)) {
                faults.addAll(roleFaults(template, roleOf(template, schedule),
                        schedule.text("GroupName").orElse("default"), function.arn(),
                        schedule.child("DeadLetterConfig").requiredText("Arn")));
            }
        }
        return faults;
    }

    private static Set<Right> keptActive(DeployedTemplate template) {
        return template.stack().resources("AWS::Scheduler::Schedule").stream()
                .map(schedule -> new Right("lambda:InvokeFunction",
                        schedule.properties().child("Target").requiredText("Arn")))
                .collect(Collectors.toSet());
    }

    private static List<String> roleFaults(DeployedTemplate template, Resource role, String group, String target,
            String deadLetters) {
        return roleFaults(template, role, group,
                Set.of(new Right("lambda:InvokeFunction", target), new Right("sqs:SendMessage", deadLetters)));
    }

    private static List<String> roleFaults(DeployedTemplate template, Resource role, String group,
            Set<Right> needed) {
        Properties trust = role.properties().child("AssumeRolePolicyDocument");
        List<String> faults = new ArrayList<>();
        Map<String, String> conditions = Map.of("StringEquals aws:SourceAccount", template.account().id(),
                "StringEquals aws:SourceArn", template.account().arn("scheduler", "schedule-group/" + group));
        if (!Statement.of(trust).stream().allMatch(statement -> statement.conditions().equals(conditions)
                && statement.actions().equals(List.of("sts:AssumeRole")))) {
            faults.add("others than the group's timers may take the role");
        }
        if (!trust.children("Statement").stream()
                .allMatch(statement -> statement.texts("Principal").equals(Map.of("Service", TO_SCHEDULER)))) {
            faults.add("others than EventBridge Scheduler may take the role");
        }
        if (!role.properties().child("ManagedPolicyArns").isAbsent()) {
            faults.add("it has rights that are not written here");
        }
        if (!rights(template, role).equals(needed)) {
            faults.add("its rights are not those that a timer needs");
        }
        return faults.stream().map(fault -> role.logicalId() + ": " + fault).toList();
    }

    private static Set<Right> rights(DeployedTemplate template, Resource role) {
        Stream<Properties> apart = template.stack().resources("AWS::IAM::RolePolicy").stream()
                .map(Resource::properties)
                .filter(policy -> policy.requiredText("RoleName").equals(role.ref()));
        return Stream.concat(apart, role.properties().children("Policies").stream())
                .flatMap(policy -> Statement.of(policy.child("PolicyDocument")).stream())
                .filter(Statement::allows).flatMap(Right::givenBy).collect(Collectors.toSet());
    }

    private static List<Properties> schedulesOf(DeployedTemplate template, FunctionResource function) {
        Properties events = template.resource(function.logicalId()).properties().child("Events");
        return events.json().propertyNames().stream().map(events::child)
                .filter(event -> event.requiredText("Type").equals("ScheduleV2"))
                .map(event -> event.child("Properties")).toList();
    }

    private static Resource roleOf(DeployedTemplate template, Properties schedule) {
        // Without one SAM makes a role that trusts every schedule there is.
        String arn = schedule.requiredText("RoleArn");
        return template.stack().resources("AWS::IAM::Role").stream()
                .filter(role -> arn.equals(template.account().globalArn("iam", "role/" + role.name()))).findAny()
                .orElseThrow(() -> new AssertionError(arn + " is a role that is not written here"));
    }

    /** Those of neither a function nor a timer. */
    private static Set<String> roles(DeployedTemplate template) {
        Set<String> roles = template.stack().resources("AWS::IAM::Role").stream().map(Resource::logicalId)
                .collect(Collectors.toCollection(TreeSet::new));
        roles.removeAll(List.of("TimerRole", "KeepActiveRole"));
        for (FunctionResource function : template.functions()) {
            roles.remove(function.logicalId().replace("Function", "Role"));
            schedulesOf(template, function)
                    .forEach(schedule -> roles.remove(roleOf(template, schedule).logicalId()));
        }
        return roles;
    }
}
