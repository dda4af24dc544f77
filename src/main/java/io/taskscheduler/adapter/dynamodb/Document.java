package io.taskscheduler.adapter.dynamodb;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A map inside an item, written and read member by member. Reading a member that is not there or of another type fails by name. */
record Document(Map<String, AttributeValue> members) {

    static Document of(AttributeValue value) {
        if (!value.hasM()) {
            throw new IllegalStateException("the stored value is not a map");
        }
        return new Document(value.m());
    }

    AttributeValue value() {
        return AttributeValue.fromM(members);
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> new IllegalStateException("no stored text " + name));
    }

    Optional<String> optionalText(String name) {
        return Optional.ofNullable(members.get(name)).map(AttributeValue::s);
    }

    long number(String name) {
        return Long.parseLong(decimal(name));
    }

    double real(String name) {
        return Double.parseDouble(decimal(name));
    }

    Instant time(String name) {
        return StoredTime.parse(text(name));
    }

    List<Document> documents(String name) {
        return Optional.ofNullable(members.get(name)).map(DocumentConverter.LIST::transformTo).orElse(List.of());
    }

    Duration millis(String name) {
        return Duration.ofMillis(number(name));
    }

    Optional<Document> document(String name) {
        return Optional.ofNullable(members.get(name)).map(Document::of);
    }

    private String decimal(String name) {
        return Optional.ofNullable(members.get(name)).map(AttributeValue::n)
                .orElseThrow(() -> new IllegalStateException("no stored number " + name));
    }

    static Writer write() {
        return new Writer(new LinkedHashMap<>());
    }

    record Writer(Map<String, AttributeValue> members) {

        Writer text(String name, String value) {
            members.put(name, AttributeValue.fromS(value));
            return this;
        }

        Writer number(String name, long value) {
            members.put(name, AttributeValue.fromN(Long.toString(value)));
            return this;
        }

        /** Spelt as the table spells it, without trailing zeros. */
        Writer real(String name, double value) {
            members.put(name, AttributeValue.fromN(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()));
            return this;
        }

        Writer time(String name, Instant value) {
            return text(name, StoredTime.text(value));
        }

        Writer document(String name, Document value) {
            members.put(name, value.value());
            return this;
        }

        Writer documents(String name, List<Document> values) {
            members.put(name, DocumentConverter.LIST.transformFrom(values));
            return this;
        }

        Document done() {
            return new Document(members);
        }
    }
}
