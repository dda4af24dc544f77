package io.taskscheduler.handler.http;

import java.io.StringWriter;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON by hand, member by member: nothing is found by reflection, so nothing is shown that was not named. */
public final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    public static String write(Consumer<JsonGenerator> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            content.accept(json);
        }
        return text.toString();
    }

    /** Members whose values are whole numbers, or texts. */
    public static void writeMembers(JsonGenerator json, Map<String, ?> members) {
        members.forEach((name, value) -> {
            if (value instanceof Number number) {
                json.writeNumberProperty(name, number.longValue());
            } else {
                json.writeStringProperty(name, value.toString());
            }
        });
    }
}
