package io.taskscheduler.local.template;

import java.util.List;
import java.util.Optional;

/**
 * A DynamoDB table of the stack.
 *
 * @param attributeTypes
 *            the declared key attributes: name and {@code S}, {@code N} or {@code B}
 * @param ttlAttribute
 *            the attribute whose epoch seconds say when an item may be deleted, when time to live is on
 * @param streamView
 *            the stream's view type, when there is a stream
 */
public record TableResource(String logicalId, String name, List<Attribute> attributeTypes, List<Key> key,
        List<Index> globalIndexes, Optional<String> ttlAttribute, Optional<String> streamView) {
    public static final String TYPE = "AWS::DynamoDB::Table";

    /** A declared key attribute. */
    public record Attribute(String name, String type) {}

    /** One part of a key; {@code keyType} is {@code HASH} or {@code RANGE}. */
    public record Key(String attribute, String keyType) {}

    /** A global secondary index; {@code nonKeyAttributes} only where the projection is {@code INCLUDE}. */
    public record Index(String name, List<Key> key, String projection, List<String> nonKeyAttributes) {}

    public TableResource {
        attributeTypes = List.copyOf(attributeTypes);
        key = List.copyOf(key);
        globalIndexes = List.copyOf(globalIndexes);
    }

    /** The stack's tables, in the template's order. */
    public static List<TableResource> of(Stack stack) {
        return stack.resources(TYPE).stream().map(TableResource::of).toList();
    }

    private static TableResource of(Resource resource) {
        Properties table = resource.properties();
        Properties ttl = table.child("TimeToLiveSpecification");
        return new TableResource(resource.logicalId(), resource.name(),
                table.children("AttributeDefinitions").stream()
                        .map(a -> new Attribute(a.requiredText("AttributeName"), a.requiredText("AttributeType")))
                        .toList(),
                key(table), table.children("GlobalSecondaryIndexes").stream().map(TableResource::index).toList(),
                ttl.flag("Enabled") ? Optional.of(ttl.requiredText("AttributeName")) : Optional.empty(),
                table.child("StreamSpecification").text("StreamViewType"));
    }

    private static Index index(Properties index) {
        Properties projection = index.child("Projection");
        List<String> nonKey = projection.child("NonKeyAttributes").json().valueStream()
                .map(value -> Properties.asText(value, projection.place())).toList();
        return new Index(index.requiredText("IndexName"), key(index), projection.requiredText("ProjectionType"),
                nonKey);
    }

    private static List<Key> key(Properties keyed) {
        return keyed.children("KeySchema").stream()
                .map(k -> new Key(k.requiredText("AttributeName"), k.requiredText("KeyType"))).toList();
    }
}
