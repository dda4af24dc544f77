package io.taskscheduler.bench.cold;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls of ScheduleTask for a near task, and nothing else of it, with the SDK as it comes, if {@link Chosen} is told nothing else: an item is put, a message sent. */
public final class DefaultSchedule implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final DynamoDbClient table = Chosen.client(DynamoDbClient.builder());
    private final SqsClient queue = Chosen.client(SqsClient.builder());
    private final JsonMapper json = JsonMapper.builder().build();

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        JsonNode order = json.readTree(event.getBody());
        String id = UUID.randomUUID().toString();
        table.putItem(request -> request.tableName(System.getenv("TABLE_NAME"))
                .item(Map.of("task_id", AttributeValue.fromS(id), "action",
                        AttributeValue.fromS(order.path("action").asString()), "payload",
                        AttributeValue.fromS(order.path("payload").toString())))
                .conditionExpression("attribute_not_exists(task_id)"));
        queue.sendMessage(
                request -> request.queueUrl(System.getenv("TIMER_QUEUE_URL")).messageBody("{\"taskId\":\"" + id + "\"}")
                        .delaySeconds(5));
        return APIGatewayV2HTTPResponse.builder().withStatusCode(201)
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody(json.writeValueAsString(Map.of("task_id", id))).build();
    }
}
