package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Violation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * An object of a request, read member by member. A member that is missing, {@code null} or of the wrong shape gives nothing and is noted as a
 * fault; a member that nobody asked for is a fault when {@link #refuseUnknown} is called at the end.
 */
final class Members {

    private final String path;
    private final JsonNode node;
    private final List<Violation> faults;
    private final Set<String> known = new HashSet<>();

    private Members(String path, JsonNode node, List<Violation> faults) {
        this.path = path;
        this.node = node;
        this.faults = faults;
    }

    static Members ofRoot(JsonNode root, List<Violation> faults) {
        return new Members("", root, faults);
    }

    /** Notes that a member may be there without reading it. */
    boolean has(String name) {
        known.add(name);
        return node.has(name);
    }

    /**
     * Notes a fault.
     *
     * @param name of the member; empty for the object itself
     */
    void fault(String name, String problem) {
        faults.add(new Violation(pathOf(name), problem));
    }

    void required(String name, String what) {
        if (!has(name)) {
            fault(name, "is required: " + what);
        }
    }

    Optional<String> text(String name) {
        return value(name).flatMap(value -> {
            if (!value.isString()) {
                fault(name, "must be a string");
                return Optional.empty();
            }
            return wellFormed(name, value.stringValue());
        });
    }

    Optional<Boolean> flag(String name) {
        return value(name).flatMap(value -> {
            if (!value.isBoolean()) {
                fault(name, "must be true or false");
                return Optional.empty();
            }
            return Optional.of(value.booleanValue());
        });
    }

    Optional<Members> object(String name) {
        return value(name).flatMap(value -> {
            if (!value.isObject()) {
                fault(name, "must be an object");
                return Optional.empty();
            }
            return Optional.of(new Members(pathOf(name), value, faults));
        });
    }

    Optional<BigDecimal> number(String name, BigDecimal min, BigDecimal max) {
        return value(name).flatMap(value -> {
            if (!isWithin(value, min, max)) {
                fault(name, "must be a number from " + min.toPlainString() + " to " + max.toPlainString());
                return Optional.empty();
            }
            return Optional.of(value.decimalValue());
        });
    }

    Optional<Integer> integer(String name, int min, int max) {
        return value(name).flatMap(value -> {
            if (!isWithin(value, BigDecimal.valueOf(min), BigDecimal.valueOf(max))
                    || value.decimalValue().stripTrailingZeros().scale() > 0) {
                fault(name, "must be a whole number from " + min + " to " + max);
                return Optional.empty();
            }
            return Optional.of(value.decimalValue().intValue());
        });
    }

    /** All members as texts, under their names; those that are not are noted. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : node.propertyNames()) {
            wellFormed(name, name).flatMap(this::text).ifPresent(text -> texts.put(name, text));
        }
        return texts;
    }

    void refuseUnknown() {
        List<String> names = new ArrayList<>(known);
        names.sort(null);
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                fault(name, "is not known here; known are " + String.join(", ", names));
            }
        }
    }

    private Optional<JsonNode> value(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = node.get(name);
        if (value.isNull()) {
            fault(name, "must not be null; leave it out instead");
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private Optional<String> wellFormed(String name, String text) {
        boolean loneSurrogate = text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (loneSurrogate) {
            fault(name, "holds half of a surrogate pair, which is no character");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** Exact, and cheap whatever the exponent: numbers of different magnitude are compared by that alone. */
    private static boolean isWithin(JsonNode value, BigDecimal min, BigDecimal max) {
        return value.isNumber() && value.decimalValue().compareTo(min) >= 0 && value.decimalValue().compareTo(max) <= 0;
    }

    private String pathOf(String name) {
        return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    }
}
