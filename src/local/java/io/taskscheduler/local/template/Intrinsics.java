package io.taskscheduler.local.template;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * CloudFormation's intrinsic functions. What is not known is refused with its place: a wrong guess here would run
 * something else than what deploys.
 */
final class Intrinsics {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern SUBSTITUTE = Pattern.compile("\\$\\{([^}]*)}");

    /** What the functions ask the stack for. */
    interface Names {
        /** The value of {@code Ref}; a missing node for {@code AWS::NoValue}; empty when there is no such name. */
        Optional<JsonNode> ref(String name);

        Optional<String> attribute(String resource, String attribute);

        boolean condition(String name, String place);

        Optional<JsonNode> mapping(String map, String topKey, String secondKey);
    }

    private final Names names;

    Intrinsics(Names names) {
        this.names = names;
    }

    static boolean isCall(ObjectNode node) {
        return node.size() == 1 && node.propertyNames().stream().allMatch(n -> n.equals("Ref") || n.startsWith("Fn::"));
    }

    /** The value of what is written at the place; a missing node where {@code AWS::NoValue} takes it away. */
    JsonNode evaluate(JsonNode written, String place) {
        return switch (written) {
            case ObjectNode call when isCall(call) -> call(call, place);
            case ObjectNode object -> {
                ObjectNode result = JSON.objectNode();
                object.properties().forEach(member -> {
                    JsonNode value = evaluate(member.getValue(), place + "." + member.getKey());
                    if (!value.isMissingNode()) {
                        result.set(member.getKey(), value);
                    }
                });
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = JSON.arrayNode();
                for (int i = 0; i < array.size(); i++) {
                    JsonNode value = evaluate(array.get(i), place + "[" + i + "]");
                    if (!value.isMissingNode()) {
                        result.add(value);
                    }
                }
                yield result;
            }
            default -> written;
        };
    }

    /** The truth of a condition as it is written under {@code Conditions}. */
    boolean condition(JsonNode written, String place) {
        if (!(written instanceof ObjectNode object) || object.size() != 1) {
            throw new TemplateException(place, "must be one condition function");
        }
        String name = object.propertyNames().iterator().next();
        String inner = place + "." + name;
        JsonNode argument = object.path(name);
        return switch (name) {
            case "Condition" -> names.condition(Properties.asText(argument, inner), inner);
            case "Fn::Equals" -> evaluate(item(argument, 0, inner), inner).asString()
                    .equals(evaluate(item(argument, 1, inner), inner).asString());
            case "Fn::Not" -> !condition(item(argument, 0, inner), inner);
            case "Fn::And" -> argument.valueStream().allMatch(c -> condition(c, inner));
            case "Fn::Or" -> argument.valueStream().anyMatch(c -> condition(c, inner));
            default -> throw new TemplateException(inner, "is not a condition function");
        };
    }

    private JsonNode call(ObjectNode call, String place) {
        String name = call.propertyNames().iterator().next();
        String inner = place + "." + name;
        JsonNode argument = call.path(name);
        return switch (name) {
            case "Ref" -> ref(Properties.asText(argument, inner), inner);
            case "Fn::GetAtt" -> JSON.stringNode(attribute(attributeName(argument, inner), inner));
            case "Fn::Sub" -> substitute(argument, inner);
            case "Fn::If" -> evaluate(
                    item(argument, names.condition(Properties.asText(item(argument, 0, inner), inner), inner) ? 1 : 2,
                            inner),
                    inner);
            case "Fn::Join" -> join(argument, inner);
            case "Fn::Split" -> split(argument, inner);
            case "Fn::Select" -> select(argument, inner);
            case "Fn::FindInMap" -> find(argument, inner);
            case "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or" -> JSON.booleanNode(condition(call, place));
            default -> throw new TemplateException(place, "the function " + name + " is not supported locally");
        };
    }

    private JsonNode ref(String name, String place) {
        return names.ref(name)
                .orElseThrow(() -> new TemplateException(place, "there is no parameter or resource " + name));
    }

    private static String attributeName(JsonNode argument, String place) {
        if (argument.isString()) {
            return argument.stringValue();
        }
        return Properties.asText(item(argument, 0, place), place) + "."
                + Properties.asText(item(argument, 1, place), place);
    }

    private String attribute(String dotted, String place) {
        int dot = dotted.indexOf('.');
        String resource = dot < 0 ? dotted : dotted.substring(0, dot);
        return names.attribute(resource, dot < 0 ? "" : dotted.substring(dot + 1)).orElseThrow(
                () -> new TemplateException(place, dotted + " is not an attribute that is known locally"));
    }

    private JsonNode substitute(JsonNode argument, String place) {
        boolean withValues = argument.isArray();
        String text = Properties.asText(withValues ? item(argument, 0, place) : argument, place);
        JsonNode values = withValues ? item(argument, 1, place) : MissingNode.getInstance();
        UnaryOperator<String> value = name -> {
            if (name.startsWith("!")) {
                return "${" + name.substring(1) + "}";
            }
            if (values.has(name)) {
                return Properties.asText(evaluate(values.path(name), place), place + "." + name);
            }
            return name.contains(".") ? attribute(name, place) : Properties.asText(ref(name, place), place);
        };
        return JSON.stringNode(SUBSTITUTE.matcher(text).replaceAll(
                (MatchResult found) -> Matcher.quoteReplacement(value.apply(found.group(1).strip()))));
    }

    private JsonNode join(JsonNode argument, String place) {
        String delimiter = Properties.asText(item(argument, 0, place), place);
        JsonNode items = list(item(argument, 1, place), place);
        return JSON.stringNode(String.join(delimiter,
                items.valueStream().map(item -> Properties.asText(item, place)).toList()));
    }

    private JsonNode split(JsonNode argument, String place) {
        String delimiter = Properties.asText(item(argument, 0, place), place);
        String text = Properties.asText(evaluate(item(argument, 1, place), place), place);
        ArrayNode parts = JSON.arrayNode();
        for (String part : text.split(Pattern.quote(delimiter), -1)) {
            parts.add(part);
        }
        return parts;
    }

    private JsonNode select(JsonNode argument, String place) {
        String index = Properties.asText(evaluate(item(argument, 0, place), place), place);
        JsonNode items = list(item(argument, 1, place), place);
        if (!index.matches("[0-9]{1,6}") || Integer.parseInt(index) >= items.size()) {
            throw new TemplateException(place, "there is no item " + index + " among " + items.size());
        }
        return items.get(Integer.parseInt(index));
    }

    private JsonNode find(JsonNode argument, String place) {
        String[] keys = new String[3];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Properties.asText(evaluate(item(argument, i, place), place), place);
        }
        return names.mapping(keys[0], keys[1], keys[2])
                .orElseThrow(() -> new TemplateException(place, "Mappings has no " + String.join(".", keys)));
    }

    private JsonNode list(JsonNode written, String place) {
        JsonNode list = evaluate(written, place);
        if (!list.isArray()) {
            throw new TemplateException(place, "must be a list, not " + list);
        }
        return list;
    }

    private static JsonNode item(JsonNode list, int index, String place) {
        JsonNode item = list.path(index);
        if (!list.isArray() || item.isMissingNode()) {
            throw new TemplateException(place, "argument " + (index + 1) + " is missing");
        }
        return item;
    }
}
