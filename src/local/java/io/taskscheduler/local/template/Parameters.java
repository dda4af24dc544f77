package io.taskscheduler.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The values of the template's parameters: the given ones, else the defaults, each checked against its declaration. */
final class Parameters {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, JsonNode> values;

    private Parameters(Map<String, JsonNode> values) {
        this.values = values;
    }

    static Parameters of(JsonNode declared, Map<String, String> given) {
        given.keySet().stream().filter(name -> !declared.has(name)).findFirst().ifPresent(name -> {
            throw new TemplateException("Parameters", "has no " + name + ", only " + names(declared));
        });
        Map<String, JsonNode> values = new LinkedHashMap<>();
        declared.properties().forEach(parameter -> {
            String name = parameter.getKey();
            Properties declaration = new Properties("Parameters." + name, parameter.getValue());
            String value = Optional.ofNullable(given.get(name)).or(() -> declaration.text("Default"))
                    .orElseThrow(
                            () -> new TemplateException(declaration.place(), "has no Default and no value was given"));
            values.put(name, typed(declaration, value));
        });
        return new Parameters(values);
    }

    Optional<JsonNode> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private static JsonNode typed(Properties declaration, String value) {
        String type = declaration.requiredText("Type");
        if (type.equals("String") || type.equals("Number")) {
            return JSON.stringNode(checked(declaration, value));
        }
        if (type.equals("CommaDelimitedList") || type.startsWith("List<")) {
            // What is allowed holds for each item, as CloudFormation has it.
            var list = JSON.arrayNode();
            for (String item : value.split(",", -1)) {
                list.add(checked(declaration, item.strip()));
            }
            return list;
        }
        throw new TemplateException(declaration.place(), "type " + type + " is not supported locally");
    }

    private static String checked(Properties declaration, String value) {
        List<String> allowed = declaration.json().path("AllowedValues").valueStream().map(JsonNode::asString).toList();
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            throw new TemplateException(declaration.place(), value + " is not one of " + allowed);
        }
        declaration.text("AllowedPattern").filter(pattern -> !value.matches(pattern)).ifPresent(pattern -> {
            throw new TemplateException(declaration.place(), value + " does not match " + pattern);
        });
        return value;
    }

    private static String names(JsonNode declared) {
        return declared.properties().stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
    }
}
