package io.taskscheduler.local.scheduler;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing JSON; what is read twice in an object, or followed by more, is none. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).disable(
                    JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static Optional<JsonNode> read(byte[] bytes) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes)).filter(node -> !node.isMissingNode());
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static boolean isWellFormed(String text) {
        try {
            return !MAPPER.readTree(text).isMissingNode();
        } catch (JacksonException | NumberFormatException e) {
            return false;
        }
    }

    /** What this class wrote. */
    static ObjectNode own(String text) {
        return (ObjectNode) MAPPER.readTree(text);
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    static Optional<JsonNode> find(JsonNode node, String... path) {
        var found = Optional.of(node);
        for (var name : path) {
            found = found.flatMap(parent -> Optional.ofNullable(parent.get(name)));
        }
        return found;
    }

    static Optional<String> text(JsonNode node, String... path) {
        return find(node, path).map(JsonNode::stringValue);
    }
}
