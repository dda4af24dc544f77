package io.taskscheduler.template;

import io.taskscheduler.local.faults.CallToAws;
import io.taskscheduler.local.template.Account;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.DeleteScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.GetScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.UpdateScheduleRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.sqs.model.SqsRequest;

/** The rights that AWS would ask a call for: of what its request names, as IAM names it. */
final class CalledRight {

    private static final List<String> BATCHES_OF_SQS = List.of("SendMessageBatch", "DeleteMessageBatch",
            "ChangeMessageVisibilityBatch");

    private CalledRight() {}

    /** An {@link AssertionError} when a request is none of the kinds known here: what is not understood is not allowed. */
    static List<Right> of(CallToAws call, Account account) {
        return switch (call.request()) {
            case BatchGetItemRequest batch -> batch.requestItems().keySet().stream()
                    .map(table -> new Right("dynamodb:BatchGetItem", account.arn("dynamodb", "table/" + table)))
                    .toList();
            case QueryRequest query -> List.of(ofTable(call, account, query.indexName()));
            case ScanRequest scan -> List.of(ofTable(call, account, scan.indexName()));
            case DynamoDbRequest any -> List.of(ofTable(call, account, null));
            case SqsRequest any -> List.of(new Right("sqs:" + single(call.operation()),
                    account.arn("sqs", last(member(call, "QueueUrl")))));
            case CreateScheduleRequest create -> withRole(call, account, create.groupName(), create.name(),
                    create.target().roleArn());
            case UpdateScheduleRequest update -> withRole(call, account, update.groupName(), update.name(),
                    update.target().roleArn());
            case GetScheduleRequest get -> List.of(ofSchedule(call, account, get.groupName(), get.name()));
            case DeleteScheduleRequest delete ->
                List.of(ofSchedule(call, account, delete.groupName(), delete.name()));
            case GetSecretValueRequest get -> List.of(new Right("secretsmanager:GetSecretValue",
                    // What is asked for by its name has six characters more in its ARN.
                    get.secretId().startsWith("arn:")
                            ? get.secretId()
                            : account.arn("secretsmanager", "secret:" + get.secretId() + "-AbCdEf")));
            default -> throw new AssertionError("nothing is known of the rights for " + call);
        };
    }

    private static Right ofTable(CallToAws call, Account account,
            @org.jspecify.annotations.Nullable String index) {
        String table = "table/" + member(call, "TableName");
        return new Right("dynamodb:" + call.operation(),
                account.arn("dynamodb", index == null ? table : table + "/index/" + index));
    }

    /** Whoever makes a schedule hands it the role under which it runs. */
    private static List<Right> withRole(CallToAws call, Account account, String group, String name, String role) {
        return Stream.of(ofSchedule(call, account, group, name), new Right(Right.PASS_ROLE, role)).toList();
    }

    private static Right ofSchedule(CallToAws call, Account account, String group, String name) {
        return new Right("scheduler:" + call.operation(), account.arn("scheduler", "schedule/" + group + "/" + name));
    }

    /** There is no right of its own for a batch. */
    private static String single(String operation) {
        return BATCHES_OF_SQS.contains(operation) ? operation.replaceFirst("Batch$", "") : operation;
    }

    private static String member(CallToAws call, String name) {
        return call.request().getValueForField(name, String.class)
                .orElseThrow(() -> new AssertionError("no " + name + " in " + call));
    }

    private static String last(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
