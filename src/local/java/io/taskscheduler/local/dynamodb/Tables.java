package io.taskscheduler.local.dynamodb;

import java.util.List;

import io.taskscheduler.local.template.TableResource;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

/** Makes the tables that the template declares. */
public final class Tables {
    private final DynamoDbClient client;

    public Tables(DynamoDbClient client) {
        this.client = client;
    }

    /**
     * Makes the table under the given name; one that is there already, from an earlier run, is left as it is, but gets the stream that
     * an earlier template did not declare.
     */
    public void create(TableResource table, String name) {
        try {
            client.createTable(request(table, name));
        } catch (ResourceInUseException fromAnEarlierRun) {
            table.streamView().ifPresent(view -> addStream(name, view));
            return;
        }
        table.ttlAttribute().ifPresent(attribute -> client.updateTimeToLive(request -> request.tableName(name)
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName(attribute))));
    }

    private void addStream(String name, String view) {
        StreamSpecification present = client.describeTable(request -> request.tableName(name)).table()
                .streamSpecification();
        if (present == null || !present.streamEnabled()) {
            client.updateTable(request -> request.tableName(name).streamSpecification(stream(view)));
        }
    }

    private static StreamSpecification stream(String view) {
        return StreamSpecification.builder().streamEnabled(true).streamViewType(view).build();
    }

    private static CreateTableRequest request(TableResource table, String name) {
        CreateTableRequest.Builder request = CreateTableRequest.builder().tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(table.attributeTypes().stream().map(attribute -> AttributeDefinition.builder()
                        .attributeName(attribute.name()).attributeType(attribute.type()).build()).toList())
                .keySchema(key(table.key()));
        if (!table.globalIndexes().isEmpty()) {
            request.globalSecondaryIndexes(table.globalIndexes().stream().map(Tables::index).toList());
        }
        table.streamView().ifPresent(view -> request.streamSpecification(stream(view)));
        return request.build();
    }

    private static GlobalSecondaryIndex index(TableResource.Index index) {
        Projection.Builder projection = Projection.builder().projectionType(index.projection());
        if (!index.nonKeyAttributes().isEmpty()) {
            projection.nonKeyAttributes(index.nonKeyAttributes());
        }
        return GlobalSecondaryIndex.builder().indexName(index.name()).keySchema(key(index.key()))
                .projection(projection.build()).build();
    }

    private static List<KeySchemaElement> key(List<TableResource.Key> key) {
        return key.stream()
                .map(part -> KeySchemaElement.builder().attributeName(part.attribute()).keyType(part.keyType()).build())
                .toList();
    }
}
