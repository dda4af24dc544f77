package io.taskscheduler.local.template;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A SAM template as it is written, with {@code Globals} merged into the functions by SAM's rules: maps are merged, lists
 * are joined, and of two single values the function's own wins.
 */
public final class Template {
    static final String FUNCTION = "AWS::Serverless::Function";

    private final ObjectNode document;

    private Template(ObjectNode document) {
        this.document = document;
    }

    /** Reads the file; a {@link TemplateException} says what is wrong with it. */
    public static Template read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    /** As {@link #read}, from text. */
    public static Template parse(String yaml) {
        ObjectNode document = TemplateYaml.parse(yaml);
        JsonNode globals = document.path("Globals").path("Function");
        if (!(document.path("Resources") instanceof ObjectNode resources)) {
            throw new TemplateException("Resources", "must be a mapping");
        }
        if (globals instanceof ObjectNode defaults) {
            for (JsonNode resource : resources) {
                if (resource instanceof ObjectNode function && function.path("Type").asString("").equals(FUNCTION)) {
                    JsonNode own = function.path("Properties");
                    function.set("Properties", own.isObject() ? merged(defaults, own) : defaults.deepCopy());
                }
            }
        }
        return new Template(document);
    }

    /**
     * The stack this template makes.
     *
     * @param parameters
     *            values that stand in for the parameters' defaults; an unknown name or a value that the parameter does
     *            not allow is a {@link TemplateException}
     */
    public Stack stack(Account account, Map<String, String> parameters) {
        return new Stack(document, account, Parameters.of(document.path("Parameters"), parameters));
    }

    /** The document as it is written, short forms of intrinsic functions in their long form. */
    public JsonNode json() {
        return document;
    }

    private static JsonNode merged(JsonNode defaults, JsonNode own) {
        if (defaults instanceof ArrayNode first && own instanceof ArrayNode second) {
            return first.deepCopy().addAll(second);
        }
        if (!(defaults instanceof ObjectNode base) || !(own instanceof ObjectNode override)
                || Intrinsics.isCall(base) || Intrinsics.isCall(override)) {
            return own.deepCopy();
        }
        ObjectNode result = base.deepCopy();
        override.properties().forEach(member -> {
            JsonNode inherited = base.path(member.getKey());
            result.set(member.getKey(),
                    inherited.isMissingNode() ? member.getValue().deepCopy() : merged(inherited, member.getValue()));
        });
        return result;
    }
}
