package io.taskscheduler.handler.http;

import java.io.InputStream;
import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes trees of tokens. Jackson's mapper does it too, but loads what it needs to bind any class before: 300 classes, which at a cold start
 * cost a third of a second (see {@code bench/coldstart}).
 *
 * <p>A fraction becomes a {@link java.math.BigDecimal}: a double would take 300.00000000000000001 for 300. Of a member that comes twice the last counts.
 * What is no JSON, and a number whose exponent no BigDecimal holds, is a {@link tools.jackson.core.JacksonException}.
 */
public final class JsonTree {

    private static final JsonFactory FACTORY = JsonParsing.factory().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /** The first value; what follows is not looked at. A missing node when there is none. */
    public static JsonNode read(InputStream input) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), input)) {
            return read(parser);
        }
    }

    /** As {@link #read(InputStream)}. */
    public static JsonNode read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return read(parser);
        }
    }

    private static JsonNode read(JsonParser parser) {
        JsonToken first = parser.nextToken();
        return first == null ? NODES.missingNode() : value(first, parser);
    }

    /** As deep as the parser lets it go: it refuses more than 500 levels. */
    private static JsonNode value(JsonToken token, JsonParser parser) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(fraction(parser));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException("no JSON value begins with " + token);
        };
    }

    private static BigDecimal fraction(JsonParser parser) {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException e) {
            // The parser lets this through: JSON knows no bound of an exponent, a BigDecimal does.
            throw new StreamConstraintsException("the exponent of a number is out of range");
        }
    }

    private static ObjectNode object(JsonParser parser) {
        ObjectNode node = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            node.set(name, value(parser.nextToken(), parser));
        }
        return node;
    }

    private static ArrayNode array(JsonParser parser) {
        ArrayNode node = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            node.add(value(token, parser));
        }
        return node;
    }
}
