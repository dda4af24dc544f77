package io.taskscheduler.adapter.dynamodb;

import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.AttributeValueType;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Lets the Enhanced Client hand documents through as they are. */
record DocumentConverter<T>(EnhancedType<T> type, AttributeValueType attributeValueType,
        Function<T, AttributeValue> write, Function<AttributeValue, T> read) implements AttributeConverter<T> {

    static final DocumentConverter<Document> MAP = new DocumentConverter<>(EnhancedType.of(Document.class),
            AttributeValueType.M, Document::value, Document::of);

    static final DocumentConverter<List<Document>> LIST = new DocumentConverter<>(EnhancedType.listOf(Document.class),
            AttributeValueType.L,
            documents -> AttributeValue.fromL(documents.stream().map(Document::value).toList()),
            DocumentConverter::documents);

    private static List<Document> documents(AttributeValue value) {
        if (!value.hasL()) {
            throw new IllegalStateException("the stored value is not a list");
        }
        return value.l().stream().map(Document::of).toList();
    }

    @Override
    public AttributeValue transformFrom(T value) {
        return write.apply(value);
    }

    @Override
    public T transformTo(AttributeValue value) {
        return read.apply(value);
    }
}
