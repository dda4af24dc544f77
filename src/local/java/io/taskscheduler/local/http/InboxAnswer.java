package io.taskscheduler.local.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the inbox answers to a request, and how long it takes over it. */
record InboxAnswer(Reply reply, Duration delay) {
    static final InboxAnswer OK = new InboxAnswer(new Reply.Answer(200, Map.of(), new byte[0]), Duration.ZERO);

    private static final int LONGEST_DELAY_MS = 600_000;
    private static final String EXPECTED = "send {\"answers\": [...]}, each answer {\"status\": 200 to 599,"
            + " \"headers\": {\"name\": \"text\"}, \"delay_ms\": 0 to 600000, \"body\": \"text\"} or {\"close\": true, \"delay_ms\": ...}";
    // Written by the server itself.
    private static final Set<String> NOT_OURS = Set.of("content-length", "transfer-encoding", "connection", "date");

    /** The answers in the body; a {@link BadInput} says what is wrong with it. */
    static List<InboxAnswer> list(byte[] body) {
        JsonNode answers = Input.object(body, Set.of("answers"), EXPECTED).path("answers");
        if (!answers.isArray()) {
            throw new BadInput(EXPECTED);
        }
        List<InboxAnswer> list = new ArrayList<>();
        answers.forEach(answer -> list
                .add(of(Input.object(answer, Set.of("status", "headers", "delay_ms", "body", "close"), EXPECTED))));
        return List.copyOf(list);
    }

    private static InboxAnswer of(ObjectNode answer) {
        Duration delay = Duration.ofMillis(number(answer, "delay_ms", 0, 0, LONGEST_DELAY_MS));
        if (!answer.has("close")) {
            return new InboxAnswer(
                    new Reply.Answer(number(answer, "status", 200, 200, 599), headers(answer.path("headers")),
                            text(answer).getBytes(StandardCharsets.UTF_8)),
                    delay);
        }
        JsonNode close = answer.path("close");
        if (!close.isBoolean() || !close.booleanValue() || answer.has("status") || answer.has("headers")
                || answer.has("body")) {
            throw new BadInput("close must be true and beside nothing but delay_ms: " + EXPECTED);
        }
        return new InboxAnswer(new Reply.HangUp(), delay);
    }

    private static int number(ObjectNode answer, String member, int absent, int least, int most) {
        JsonNode value = answer.path(member);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least
                || value.intValue() > most) {
            throw new BadInput(member + " must be a whole number from " + least + " to " + most + ", not " + value);
        }
        return value.intValue();
    }

    private static String text(ObjectNode answer) {
        JsonNode body = answer.path("body");
        if (!body.isMissingNode() && !body.isString()) {
            throw new BadInput("body must be text, not " + body);
        }
        return body.asString("");
    }

    private static Map<String, List<String>> headers(JsonNode headers) {
        if (!headers.isMissingNode() && !headers.isObject()) {
            throw new BadInput("headers must be an object of names and texts, not " + headers);
        }
        Map<String, List<String>> result = new LinkedHashMap<>();
        headers.properties().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!header.getValue().isString() || NOT_OURS.contains(name) || !name.matches("[a-z0-9!#$%&'*+.^_`|~-]+")
                    || header.getValue().stringValue().chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new BadInput("headers must be names and texts of one line, and none of "
                        + NOT_OURS.stream().sorted().toList()
                        + ", not " + header);
            }
            result.put(name, List.of(header.getValue().stringValue()));
        });
        return result;
    }
}
