package io.taskscheduler.local.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/** What goes back to a caller. */
public sealed interface Reply {

    /** A whole answer. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, Map<String, List<String>> headers, byte[] body) implements Reply {

        /** The same with one more header, its name in lower case. */
        public Answer with(String name, String value) {
            Map<String, List<String>> more = new LinkedHashMap<>(headers);
            more.put(name, List.of(value));
            return new Answer(status, more, body);
        }
    }

    /** None: the connection is closed. */
    record HangUp() implements Reply {}

    /** An answer of API Gateway's own. */
    static Answer message(int status, String message) {
        return json(status, "application/json", "{\"message\":\"" + message + "\"}");
    }

    /** An answer in JSON. */
    static Answer json(int status, JsonNode body) {
        return json(status, "application/json", body.toString());
    }

    /** An answer in JSON text of this kind. */
    static Answer json(int status, String contentType, String body) {
        return new Answer(status, Map.of("content-type", List.of(contentType)), body.getBytes(StandardCharsets.UTF_8));
    }
}
