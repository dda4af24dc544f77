package io.taskscheduler.adapter.dynamodb;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A map inside an item, written and read member by member. Reading a member that is not there or of another type fails by name. */
record Document(Map<String, AttributeValue> members) {

    static Document of(AttributeValue value) {
        if (!value.hasM()) {
            throw new IllegalStateException("the stored value is not a map");
        }
        return new Document(value.m());
    }

    static List<Document> list(AttributeValue value) {
        if (!value.hasL()) {
            throw new IllegalStateException("the stored value is not a list");
        }
        return value.l().stream().map(Document::of).toList();
    }

    static AttributeValue list(List<Document> documents) {
        return AttributeValue.fromL(documents.stream().map(Document::value).toList());
    }

    AttributeValue value() {
        return AttributeValue.fromM(members);
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> new IllegalStateException("no stored text " + name));
    }

    Optional<String> optionalText(String name) {
        return optional(name, AttributeValue::s);
    }

    /** Stored as nothing at all, or as NULL, it is absent; of another type it is broken. */
    private <T> Optional<T> optional(String name, Function<AttributeValue, @Nullable T> type) {
        return Optional.ofNullable(members.get(name)).filter(value -> !Boolean.TRUE.equals(value.nul()))
                .map(value -> Optional.ofNullable(type.apply(value))
                        .orElseThrow(() -> new IllegalStateException("the stored " + name + " is of another type")));
    }

    Optional<Boolean> optionalFlag(String name) {
        return optional(name, AttributeValue::bool);
    }

    Optional<Long> optionalNumber(String name) {
        return optional(name, AttributeValue::n).map(Long::parseLong);
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
        return members.containsKey(name) ? requiredDocuments(name) : List.of();
    }

    List<Document> requiredDocuments(String name) {
        return Optional.ofNullable(members.get(name)).map(Document::list)
                .orElseThrow(() -> new IllegalStateException("no stored list " + name));
    }

    Map<String, String> texts(String name) {
        Document texts = required(name);
        Map<String, String> all = new LinkedHashMap<>();
        texts.members.keySet().forEach(each -> all.put(each, texts.text(each)));
        return all;
    }

    Duration millis(String name) {
        return Duration.ofMillis(number(name));
    }

    Optional<Document> document(String name) {
        return Optional.ofNullable(members.get(name)).map(Document::of);
    }

    Document required(String name) {
        return document(name).orElseThrow(() -> new IllegalStateException("no stored map " + name));
    }

    private String decimal(String name) {
        return optional(name, AttributeValue::n)
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
            members.put(name, list(values));
            return this;
        }

        Writer texts(String name, Map<String, String> values) {
            Writer texts = write();
            values.forEach(texts::text);
            return document(name, texts.done());
        }

        Writer flag(String name, boolean value) {
            members.put(name, AttributeValue.fromBool(value));
            return this;
        }

        Document done() {
            return new Document(members);
        }
    }
}
