package io.taskscheduler.local.template;

import java.io.StringReader;
import java.util.List;
import java.util.Map;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * YAML as CloudFormation reads it: short intrinsic functions become their long form, a date stays the text it is, a
 * member given twice is refused with its line.
 */
final class TemplateYaml {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, String> LONG_FORMS = Map.of("!Ref", "Ref", "!Condition", "Condition");

    private TemplateYaml() {}

    static ObjectNode parse(String yaml) {
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
        } catch (YAMLException e) {
            throw new TemplateException("the whole", "not YAML: " + e.getMessage());
        }
        if (root != null && convert(root) instanceof ObjectNode document) {
            return document;
        }
        throw new TemplateException("the whole", "must be a mapping with Resources");
    }

    private static JsonNode convert(Node node) {
        String tag = node.getTag().getValue();
        JsonNode plain = switch (node) {
            case MappingNode mapping -> object(mapping);
            case SequenceNode sequence -> array(sequence);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new TemplateException(line(node), "a kind of YAML node that templates do not have");
        };
        return tag.startsWith("!") ? intrinsic(tag, plain) : plain;
    }

    private static JsonNode intrinsic(String tag, JsonNode argument) {
        String name = LONG_FORMS.getOrDefault(tag, "Fn::" + tag.substring(1));
        JsonNode given = argument;
        if (tag.equals("!GetAtt") && argument.isString()) {
            String text = argument.stringValue();
            int dot = text.indexOf('.');
            given = JSON.arrayNode().add(dot < 0 ? text : text.substring(0, dot))
                    .add(dot < 0 ? "" : text.substring(dot + 1));
        }
        ObjectNode call = JSON.objectNode();
        call.set(name, given);
        return call;
    }

    private static ObjectNode object(MappingNode mapping) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new TemplateException(line(tuple.getKeyNode()), "a member's name must be text");
            }
            if (object.has(key.getValue())) {
                throw new TemplateException(line(key), key.getValue() + " is given twice");
            }
            object.set(key.getValue(), convert(tuple.getValueNode()));
        }
        return object;
    }

    private static ArrayNode array(SequenceNode sequence) {
        ArrayNode array = JSON.arrayNode();
        List<Node> items = sequence.getValue();
        items.forEach(item -> array.add(convert(item)));
        return array;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL) && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT) && text.matches("-?(0|[1-9][0-9]{0,17})")) {
            return JSON.numberNode(Long.parseLong(text));
        }
        if (tag.equals(Tag.FLOAT) && text.matches("-?[0-9]+\\.[0-9]+")) {
            return JSON.numberNode(Double.parseDouble(text));
        }
        return JSON.stringNode(text);
    }

    private static String line(Node node) {
        return "line " + (node.getStartMark().getLine() + 1);
    }
}
