package io.taskscheduler.local.http;

import java.util.Set;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads bodies of the control API. */
public final class Input {
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Input() {}

    /** The body as a JSON object with no other than these members; else a {@link BadInput} with this expectation. */
    public static ObjectNode object(byte[] body, Set<String> members, String expected) {
        try {
            return object(JSON.readTree(body), members, expected);
        } catch (JacksonException e) {
            throw new BadInput("not JSON (" + e.getOriginalMessage() + "): " + expected);
        }
    }

    static ObjectNode object(JsonNode json, Set<String> members, String expected) {
        if (!(json instanceof ObjectNode object)) {
            throw new BadInput(expected);
        }
        object.propertyNames().stream().filter(name -> !members.contains(name)).findFirst().ifPresent(name -> {
            throw new BadInput("unknown member " + name + ": " + expected);
        });
        return object;
    }
}
