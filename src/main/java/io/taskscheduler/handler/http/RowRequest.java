package io.taskscheduler.handler.http;

import io.taskscheduler.app.AdoptTask.Reading;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a row that another program put into the table as what {@code POST /schedule-task} would take: the same members under the same rules.
 * {@code payload} is a map or JSON text. Attributes that the API does not know belong to the other program and are passed over.
 */
public final class RowRequest {

    private static final JsonMapper MAPPER = JsonParsing.mapper();

    /** {@code delay} is not among them: nobody knows what it would be counted from. */
    private static final List<String> MEMBERS = List.of("action", "run_at", "timezone", "expires_at", "precision",
            "retry", "labels", "redact");

    private static final String NOT_JSON = "not valid JSON";
    private static final Pattern PLACE = Pattern.compile(", at line \\d+, column \\d+");

    private RowRequest() {}

    /**
     * Reads it.
     *
     * @param row   a JSON object
     * @param rules the operator's
     * @param putAt when the row was put: what "in the past" is measured from
     */
    public static Reading read(String row, TaskRules rules, Instant putAt) {
        JsonNode attributes = MAPPER.readTree(row);
        String action = attributes.path("action").asString("");
        List<Violation> faults = new ArrayList<>();
        Optional<Order> order = body(attributes, faults).flatMap(body -> switch (Json.read(body)) {
            case Json.Reading.Malformed(String why) -> {
                faults.add(new Violation("payload", why));
                yield Optional.empty();
            }
            case Json.Reading.Read(Json json) -> TaskRequest.order(json, rules, putAt, faults);
        });
        return order.<Reading>map(Reading.Valid::new).orElseGet(() -> new Reading.Invalid(action,
                faults.stream().map(RowRequest::unquoted).toList(), redacts(attributes)));
    }

    /** What is there and not clearly false may have been meant to be true. */
    private static boolean redacts(JsonNode attributes) {
        JsonNode redact = attributes.path("redact");
        return !redact.isMissingNode() && !(redact.isBoolean() && !redact.booleanValue());
    }

    /**
     * A parser tells what it stumbled over by quoting it. That is for who sent it; these faults are stored, and told to whoever may list tasks.
     */
    private static Violation unquoted(Violation fault) {
        if (!fault.member().equals("payload") || !fault.problem().contains(NOT_JSON)) {
            return fault;
        }
        Matcher place = PLACE.matcher(fault.problem());
        return new Violation(fault.member(), "is " + NOT_JSON + (place.find() ? place.group() : ""));
    }

    /** The body that would ask the API for the same; empty when there can be none. */
    private static Optional<String> body(JsonNode attributes, List<Violation> faults) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        for (String name : MEMBERS) {
            if (attributes.has(name)) {
                members.add(member(name, MAPPER.writeValueAsString(attributes.get(name))));
            }
        }
        if (attributes.has("payload")) {
            JsonNode payload = attributes.get("payload");
            String text = payload.isString() ? payload.stringValue() : MAPPER.writeValueAsString(payload);
            // Read by itself first: a text that closes the payload and goes on must not become members of the order.
            if (Json.read(text) instanceof Json.Reading.Malformed(String why)) {
                faults.add(new Violation("payload", why.replace("The body", "The text")));
                return Optional.empty();
            }
            members.add(member("payload", text));
        }
        String body = members.toString();
        if (body.getBytes(StandardCharsets.UTF_8).length > Body.MOST_BYTES) {
            faults.add(new Violation("", "the row may have at most " + Body.MOST_BYTES + " bytes"));
            return Optional.empty();
        }
        return Optional.of(body);
    }

    private static String member(String name, String json) {
        return "\"" + name + "\":" + json;
    }
}
