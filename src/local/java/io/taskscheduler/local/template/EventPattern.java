package io.taskscheduler.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which events a filter lets through: every member that it names must be there with one of the values listed for it. As for AWS only
 * leaves count: {@code exists} says whether there is a plain value at that very place, and an object is none. Of the operators only
 * {@code exists} is known; another one is refused, for a guess would let through something else than what deploys.
 */
public final class EventPattern {
    private static final JsonMapper JSON = new JsonMapper();

    private final Part root;

    private EventPattern(Part root) {
        this.root = root;
    }

    /** Reads the JSON text of a pattern; a {@link TemplateException} names the place and what is wrong there. */
    public static EventPattern parse(String text, String place) {
        try {
            return new EventPattern(members(JSON.readTree(text), place));
        } catch (JacksonException e) {
            throw new TemplateException(place, "must be JSON text: " + e.getOriginalMessage());
        }
    }

    /** Whether the event passes. */
    public boolean matches(JsonNode event) {
        return root.matches(event);
    }

    private sealed interface Part {
        boolean matches(JsonNode value);
    }

    private record Members(Map<String, Part> parts) implements Part {
        @Override
        public boolean matches(JsonNode value) {
            if (value.isArray() && !value.isEmpty()) {
                return value.valueStream().anyMatch(this::matches);
            }
            return parts.entrySet().stream().allMatch(part -> part.getValue().matches(value.path(part.getKey())));
        }
    }

    private record AnyOf(List<Wanted> wanted) implements Part {
        @Override
        public boolean matches(JsonNode value) {
            List<JsonNode> leaves = (value.isArray() ? value.valueStream() : java.util.stream.Stream.of(value))
                    .filter(JsonNode::isValueNode).toList();
            return wanted.stream().anyMatch(one -> one.isIn(leaves));
        }
    }

    private sealed interface Wanted {
        boolean isIn(List<JsonNode> leaves);
    }

    private record Literal(JsonNode value) implements Wanted {
        @Override
        public boolean isIn(List<JsonNode> leaves) {
            return leaves.stream().anyMatch(this::is);
        }

        private boolean is(JsonNode leaf) {
            return (leaf.isNumber() && value.isNumber())
                    ? leaf.decimalValue().compareTo(value.decimalValue()) == 0
                    : leaf.equals(value);
        }
    }

    private record Exists(boolean expected) implements Wanted {
        @Override
        public boolean isIn(List<JsonNode> leaves) {
            return leaves.isEmpty() != expected;
        }
    }

    private static Part members(JsonNode written, String place) {
        if (!written.isObject()) {
            throw new TemplateException(place, "must be an object, not " + written);
        }
        Map<String, Part> parts = new LinkedHashMap<>();
        written.properties().forEach(member -> {
            String inner = place + "." + member.getKey();
            if (member.getKey().startsWith("$")) {
                throw new TemplateException(inner, "is not supported locally");
            }
            JsonNode value = member.getValue();
            parts.put(member.getKey(), value.isArray() ? anyOf(value, inner) : members(value, inner));
        });
        return new Members(parts);
    }

    private static Part anyOf(JsonNode written, String place) {
        if (written.isEmpty()) {
            throw new TemplateException(place, "must list at least one value");
        }
        return new AnyOf(written.valueStream().map(value -> wanted(value, place)).toList());
    }

    private static Wanted wanted(JsonNode written, String place) {
        if (written.isValueNode()) {
            return new Literal(written);
        }
        if (written.size() == 1 && written.path("exists").isBoolean()) {
            return new Exists(written.path("exists").booleanValue());
        }
        throw new TemplateException(place, "only values and {\"exists\": true or false} are supported locally, not "
                + written);
    }
}
