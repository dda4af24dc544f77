package io.taskscheduler.load;

import io.taskscheduler.adapter.dynamodb.Rows;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What the system asks of the store and of the queue for one call, asked by the SDK's low-level clients and nothing else: the same rows under the
 * same conditions in the same table, so that its index and its stream are written too.
 */
final class BareStore {
    private static final int SHARDS = 16;
    private static final int RETENTION_DAYS = 30;
    private static final int PAGE = 100;
    private static final int EACH_SHARD = 25;
    private static final Duration FAR = Duration.ofDays(1);

    private static final StaticCredentialsProvider ANYBODY = StaticCredentialsProvider
            .create(AwsBasicCredentials.create("local", "local"));

    private final DynamoDbClient store;
    private final SqsClient queues;
    private final String table;
    private final InstantSource clock = InstantSource.system();
    private final Rows rows = new Rows(SHARDS, RETENTION_DAYS, "https://example.com/hook");

    BareStore(URI dynamoDb, URI sqs, String table) {
        this.store = DynamoDbClient.builder().region(Region.US_EAST_1).credentialsProvider(ANYBODY)
                .httpClient(UrlConnectionHttpClient.create()).endpointOverride(dynamoDb).build();
        this.queues = queues(sqs);
        this.table = table;
    }

    /** Makes a queue and gives its URL. */
    static String queue(URI sqs, String name) {
        try (SqsClient client = queues(sqs)) {
            return client.createQueue(create -> create.queueName(name)).queueUrl();
        }
    }

    private static SqsClient queues(URI sqs) {
        return SqsClient.builder().region(Region.US_EAST_1).credentialsProvider(ANYBODY)
                .httpClient(UrlConnectionHttpClient.create()).endpointOverride(sqs).build();
    }

    /** The one write that a task cannot be scheduled without. */
    Callers.Call put() {
        return () -> putNew(rows.row(clock.instant().plus(FAR), clock.instant()));
    }

    /** The write and the message that a near task cannot be scheduled without. */
    Callers.Call putAndSend() {
        String queue = queues.createQueue(create -> create.queueName("BareQueue")).queueUrl();
        return () -> {
            Map<String, AttributeValue> row = rows.row(clock.instant().plus(FAR), clock.instant());
            putNew(row);
            queues.sendMessage(send -> send.queueUrl(queue).delaySeconds(838)
                    .messageBody("{\"source\":\"custom.timer\",\"detail\":{\"taskId\":\"%s\",\"wakeUp\":1}}"
                            .formatted(row.getOrDefault("task_id", AttributeValue.fromS("")).s())));
        };
    }

    /** The three writes of a task that is scheduled and carried out, and the read in between. */
    Callers.Call life() {
        return () -> {
            List<Map<String, AttributeValue>> life = rows.life(clock.instant());
            putNew(life.get(0));
            Map<String, AttributeValue> key = Map.of("task_id", life.get(0).get("task_id"));
            store.getItem(get -> get.tableName(table).key(key).consistentRead(true));
            move(life.get(1), 1);
            move(life.get(2), 2);
        };
    }

    /** The read of one task. */
    Callers.Call read() {
        Map<String, AttributeValue> row = rows.row(clock.instant().plus(FAR), clock.instant());
        putNew(row);
        Map<String, AttributeValue> key = Map.of("task_id", row.get("task_id"));
        return () -> store.getItem(get -> get.tableName(table).key(key).consistentRead(true));
    }

    /** The reads of a page of open tasks: a query of each shard, at once, and the rows of a hundred of them. */
    Callers.Call page() {
        String from = clock.instant().toString();
        return () -> {
            try {
                List<Map<String, AttributeValue>> keys = entries(from);
                store.batchGetItem(get -> get.requestItems(Map.of(table,
                        KeysAndAttributes.builder().keys(keys.subList(0, Math.min(PAGE, keys.size()))).build())));
            } catch (SdkClientException unanswered) {
                throw new Line.Overloaded(String.valueOf(unanswered.getMessage()));
            }
        };
    }

    private List<Map<String, AttributeValue>> entries(String from) throws InterruptedException {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<QueryResponse>> queries = IntStream.range(0, SHARDS)
                    .<Callable<QueryResponse>>mapToObj(shard -> () -> shard(shard, from)).toList();
            for (Future<QueryResponse> each : threads.invokeAll(queries)) {
                if (each.state() == Future.State.FAILED
                        && each.exceptionNow() instanceof SdkClientException unanswered) {
                    throw unanswered;
                }
                each.resultNow().items().forEach(item -> keys.add(Map.of("task_id", item.get("task_id"))));
            }
        }
        return keys;
    }

    /** Puts rows of tasks there. */
    void fill(int count) throws Exception {
        rows.fill(store, table, count, clock.instant());
    }

    private QueryResponse shard(int shard, String from) {
        return store.query(query -> query.tableName(table).indexName("by_time")
                .keyConditionExpression("#partition = :partition AND #time BETWEEN :first AND :last")
                .expressionAttributeNames(Map.of("#partition", "time_partition", "#time", "time"))
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS("open#" + shard), ":first",
                        AttributeValue.fromS(from), ":last", AttributeValue.fromS("9999")))
                .scanIndexForward(true).limit(EACH_SHARD));
    }

    private void putNew(Map<String, AttributeValue> row) {
        store.putItem(put -> put.tableName(table).item(row)
                .conditionExpression("attribute_not_exists(#id) OR #deleteAt <= :now")
                .expressionAttributeNames(Map.of("#id", "task_id", "#deleteAt", "delete_at"))
                .expressionAttributeValues(
                        Map.of(":now", AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond()))))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
    }

    private void move(Map<String, AttributeValue> row, int decidedOn) {
        Map<String, AttributeValue> moved = new HashMap<>(row);
        store.putItem(put -> put.tableName(table).item(moved).conditionExpression("#version = :version")
                .expressionAttributeNames(Map.of("#version", "version"))
                .expressionAttributeValues(Map.of(":version", AttributeValue.fromN(Integer.toString(decidedOn))))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
    }
}
