package io.taskscheduler.bench.cold;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.databind.json.JsonMapper;

/** The calls of ExecuteTask, and nothing else of it, with the SDK and Java's HTTP client as they come, if {@link Chosen} is told nothing else: read, claim, read the key, call, settle. */
public final class DefaultExecute implements RequestHandler<SQSEvent, SQSBatchResponse> {

    private final DynamoDbClient table = Chosen.client(DynamoDbClient.builder());
    private final SecretsManagerClient secrets = Chosen.client(SecretsManagerClient.builder());
    private final Chosen.Webhook webhook = Chosen.webhook();
    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
        String id = json.readTree(event.getRecords().getFirst().getBody()).path("detail").path("taskId").asString();
        table.getItem(request -> request.tableName(System.getenv("TABLE_NAME"))
                .key(Map.of("task_id", AttributeValue.fromS(id))));
        put(id, "running");
        secrets.getSecretValue(request -> request.secretId(System.getenv("SIGNING_SECRET")));
        try {
            webhook.post(System.getenv("RECEIVER"), "{}");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        put(id, "completed");
        return new SQSBatchResponse(List.of());
    }

    private void put(String id, String status) {
        table.putItem(request -> request.tableName(System.getenv("TABLE_NAME"))
                .item(Map.of("task_id", AttributeValue.fromS(id), "status", AttributeValue.fromS(status))));
    }
}
