package io.taskscheduler.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import tools.jackson.databind.JsonNode;

/**
 * The evaluated properties at one place of the template. Every reading method refuses a value of the wrong shape with a
 * {@link TemplateException} that names the place; scalars are interchangeable, as for CloudFormation: a number may be
 * written as text and the other way round.
 */
public record Properties(String place, JsonNode json) {

    /** The member as text; empty when it is absent. */
    public Optional<String> text(String member) {
        return value(member).map(value -> asText(value, place + "." + member));
    }

    /** The member as text, which must be there. */
    public String requiredText(String member) {
        return text(member).orElseThrow(() -> new TemplateException(place + "." + member, "is missing"));
    }

    /** The member as a whole number; empty when it is absent. */
    public Optional<Integer> number(String member) {
        return text(member).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw new TemplateException(place + "." + member, "must be a whole number, not " + text);
            }
        });
    }

    /** The member as a truth value; false when it is absent. */
    public boolean flag(String member) {
        return text(member).map("true"::equals).orElse(false);
    }

    /** The member's own properties; none when it is absent. */
    public Properties child(String member) {
        return new Properties(place + "." + member, json.path(member));
    }

    /** The properties of each item of the member, in order; none when it is absent. */
    public List<Properties> children(String member) {
        JsonNode list = json.path(member);
        return IntStream.range(0, list.size())
                .mapToObj(i -> new Properties(place + "." + member + "[" + i + "]", list.get(i))).toList();
    }

    /** The member's members as text, in order; none when it is absent. */
    public Map<String, String> texts(String member) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.path(member).properties()
                .forEach(e -> texts.put(e.getKey(), asText(e.getValue(), place + "." + member + "." + e.getKey())));
        return Map.copyOf(texts);
    }

    /** Refuses every member that is not among those named. */
    public void only(Set<String> known) {
        json.propertyNames().stream().filter(member -> !known.contains(member)).findFirst().ifPresent(member -> {
            throw new TemplateException(place + "." + member, "is not supported locally, only "
                    + String.join(", ", new TreeSet<>(known)));
        });
    }

    /** True when nothing is given here. */
    public boolean isAbsent() {
        return json.isMissingNode() || json.isNull();
    }

    static String asText(JsonNode value, String place) {
        if (!value.isValueNode() || value.isNull()) {
            throw new TemplateException(place, "must be text or a number, not " + value);
        }
        return value.asString();
    }

    private Optional<JsonNode> value(String member) {
        JsonNode value = json.path(member);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }
}
