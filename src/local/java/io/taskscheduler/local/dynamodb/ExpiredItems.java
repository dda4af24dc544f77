package io.taskscheduler.local.dynamodb;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.taskscheduler.local.template.TableResource;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Deletes what a table's time to live says is over, which DynamoDB Local never does. An item whose time was moved meanwhile
 * stays.
 */
public final class ExpiredItems {
    private static final int PAGE = 200;

    private final DynamoDbClient client;
    private final TableResource table;
    private final String ttlAttribute;
    private final InstantSource clock;

    private ExpiredItems(DynamoDbClient client, TableResource table, String ttlAttribute, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.ttlAttribute = ttlAttribute;
        this.clock = clock;
    }

    /** One for each of the tables that has a time to live. */
    public static List<ExpiredItems> of(DynamoDbClient client, List<TableResource> tables, InstantSource clock) {
        return tables.stream()
                .flatMap(table -> table.ttlAttribute().map(ttl -> new ExpiredItems(client, table, ttl, clock)).stream())
                .toList();
    }

    /** Goes once through the table, page by page. */
    public void delete() {
        Map<String, AttributeValue> now = Map.of(":now",
                AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond())));
        Map<String, AttributeValue> from = Map.of();
        do {
            ScanRequest.Builder scan = ScanRequest.builder().tableName(table.name()).limit(PAGE)
                    .filterExpression("#ttl <= :now").expressionAttributeNames(Map.of("#ttl", ttlAttribute))
                    .expressionAttributeValues(now);
            ScanResponse page = client.scan(from.isEmpty() ? scan.build() : scan.exclusiveStartKey(from).build());
            page.items().forEach(item -> delete(item, now));
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
    }

    private void delete(Map<String, AttributeValue> item, Map<String, AttributeValue> now) {
        Map<String, AttributeValue> key = table.key().stream().map(TableResource.Key::attribute)
                .collect(Collectors.toMap(name -> name, name -> item.getOrDefault(name, AttributeValue.fromNul(true))));
        try {
            client.deleteItem(DeleteItemRequest.builder().tableName(table.name()).key(key)
                    .conditionExpression("#ttl <= :now")
                    .expressionAttributeNames(Map.of("#ttl", ttlAttribute)).expressionAttributeValues(now).build());
        } catch (ConditionalCheckFailedException kept) {
            // Its time was moved after the page was read.
        }
    }
}
