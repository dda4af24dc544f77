package io.taskscheduler.local.scheduler;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a value of the service's model must look like. Reading gives the value back without the members that the model does not know; the
 * wrong kind of JSON is an unreadable request, a broken constraint is reported to a {@link Faults}.
 */
sealed interface Shape {

    JsonNode read(String path, JsonNode value, Faults faults);

    /** Text of a length in characters, and of a pattern or among some values when it has them. */
    record Text(int min, int max, Optional<Pattern> pattern, List<String> values) implements Shape {

        static Text of(int min, int max) {
            return new Text(min, max, Optional.empty(), List.of());
        }

        static Text matching(int min, int max, String pattern) {
            return new Text(min, max, Optional.of(Pattern.compile(pattern)), List.of());
        }

        static Text among(String... values) {
            return new Text(0, Integer.MAX_VALUE, Optional.empty(), List.of(values));
        }

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isString()) {
                throw Refusal.unreadable(path + " must be a string");
            }
            check(path, value.stringValue(), faults);
            return value;
        }

        String check(String path, String text, Faults faults) {
            if (!values.isEmpty() && !values.contains(text)) {
                faults.add(path, text, "Member must satisfy enum value set: " + values);
            }
            var length = text.codePointCount(0, text.length());
            if (length < min) {
                faults.add(path, text, "Member must have length greater than or equal to " + min);
            }
            if (length > max) {
                faults.add(path, text, "Member must have length less than or equal to " + max);
            }
            pattern.filter(p -> !p.matcher(text).matches()).ifPresent(p -> faults.add(path, text,
                    "Member must satisfy regular expression pattern: " + p));
            return text;
        }
    }

    record Whole(int min, int max) implements Shape {

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw Refusal.unreadable(path + " must be an integer");
            }
            check(path, value.intValue(), faults);
            return value;
        }

        int check(String path, int number, Faults faults) {
            if (number < min) {
                faults.add(path, Integer.toString(number), "Member must have value greater than or equal to " + min);
            }
            if (number > max) {
                faults.add(path, Integer.toString(number), "Member must have value less than or equal to " + max);
            }
            return number;
        }
    }

    record Flag() implements Shape {

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isBoolean()) {
                throw Refusal.unreadable(path + " must be true or false");
            }
            return value;
        }
    }

    /** Seconds since 1970, possibly with a fraction; what is finer than a millisecond is cut. */
    record Moment() implements Shape {

        private static final BigDecimal LIMIT = BigDecimal
                .valueOf(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isNumber()) {
                throw Refusal.unreadable(path + " must be a timestamp in epoch seconds");
            }
            if (value.decimalValue().abs().compareTo(LIMIT) > 0) {
                throw Refusal.unreadable(path + " is not a timestamp: " + value);
            }
            return value;
        }

        static Instant instant(JsonNode value) {
            return Instant.ofEpochMilli(value.decimalValue().movePointRight(3).longValue());
        }

        static JsonNode json(Instant instant) {
            return JsonNodeFactory.instance.numberNode(BigDecimal.valueOf(instant.toEpochMilli(), 3));
        }
    }

    record ListOf(Shape member, int min, int max) implements Shape {

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isArray()) {
                throw Refusal.unreadable(path + " must be a list");
            }
            if (value.size() < min) {
                faults.add(path, value.toString(), "Member must have length greater than or equal to " + min);
            }
            if (value.size() > max) {
                faults.add(path, value.toString(), "Member must have length less than or equal to " + max);
            }
            var read = JsonNodeFactory.instance.arrayNode();
            for (var i = 0; i < value.size(); i++) {
                read.add(member.read(path + "." + (i + 1) + ".member", value.get(i), faults));
            }
            return read;
        }
    }

    record MapOf(Text key, Text value) implements Shape {

        @Override
        public JsonNode read(String path, JsonNode map, Faults faults) {
            if (!map.isObject()) {
                throw Refusal.unreadable(path + " must be a map");
            }
            map.properties().forEach(entry -> {
                key.check(path, entry.getKey(), faults);
                value.read(path + "." + entry.getKey(), entry.getValue(), faults);
            });
            return map;
        }
    }

    record Struct(Map<String, Shape> members, Set<String> required) implements Shape {

        @Override
        public JsonNode read(String path, JsonNode value, Faults faults) {
            if (!value.isObject()) {
                throw Refusal.unreadable((path.isEmpty() ? "the body" : path) + " must be an object");
            }
            var read = JsonNodeFactory.instance.objectNode();
            members.forEach((name, shape) -> {
                var there = path.isEmpty() ? lower(name) : path + "." + lower(name);
                var given = value.get(name);
                if (given != null && !given.isNull()) {
                    read.set(name, shape.read(there, given, faults));
                } else if (required.contains(name)) {
                    faults.add(there, "null", "Member must not be null");
                }
            });
            return read;
        }

        private static String lower(String name) {
            return Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }
    }

    /** Members in the order given; a name that ends in {@code *} is required. */
    static Struct struct(Object... namesAndShapes) {
        var members = new LinkedHashMap<String, Shape>();
        var required = new HashSet<String>();
        for (var i = 0; i < namesAndShapes.length; i += 2) {
            var name = (String) namesAndShapes[i];
            var bare = name.replace("*", "");
            members.put(bare, (Shape) namesAndShapes[i + 1]);
            if (name.endsWith("*")) {
                required.add(bare);
            }
        }
        return new Struct(members, required);
    }
}
