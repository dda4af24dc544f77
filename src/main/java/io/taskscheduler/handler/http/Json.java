package io.taskscheduler.handler.http;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * A request's body, read strictly: RFC 8259, no member twice, at most {@value #MOST_LEVELS} levels deep. The value of {@code payload.data} is
 * taken out as the text that the caller wrote and never turned into values: a number of a hundred thousand digits stays one.
 *
 * @param root the document, with a placeholder where {@code payload.data} was
 * @param data the text of {@code payload.data}
 */
record Json(JsonNode root, Optional<String> data) {

    static final int MOST_LEVELS = 500;

    private static final Pattern INTERNALS = Pattern
            .compile("\\s*[(\\[][^()\\[\\]]*(?:Source|Feature)[^\\])]*(?:\\([^)]*\\)[^\\])]*)?[\\])]?|:? ?enable .*$");

    private static final String PLACEHOLDER = "0";

    private static final JsonFactory FACTORY = JsonParsing.factory()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS)
                    .maxNumberLength(Body.MOST_BYTES).maxStringLength(Body.MOST_BYTES)
                    .maxNameLength(Body.MOST_BYTES).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** What a body turned out to be. */
    sealed interface Reading {

        record Read(Json json) implements Reading {}

        record Malformed(String why) implements Reading {}
    }

    static Reading read(String text) {
        try (JsonParser parser = parser(text)) {
            Optional<Slice> data = check(parser);
            if (parser.nextToken() != null) {
                finish(parser);
                return new Reading.Malformed("The body is not valid JSON: something follows the document.");
            }
            String rest = data.map(d -> text.substring(0, d.from()) + PLACEHOLDER + text.substring(d.to()))
                    .orElse(text);
            return new Reading.Read(
                    new Json(JsonTree.read(rest), data.map(d -> text.substring(d.from(), d.to()).strip())));
        } catch (JacksonException e) {
            return new Reading.Malformed(why(e));
        }
    }

    /** What a parser found wrong, for the caller. */
    static String why(RuntimeException fault) {
        return switch (fault) {
            // The parser's own words for it name its settings.
            case UnexpectedEndOfInputException e -> "The body is not valid JSON: it breaks off.";
            case StreamReadException e ->
                "The body is not valid JSON: " + inShort(e.getOriginalMessage()) + ", at line "
                        + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ".";
            default -> "The body is nested deeper than " + MOST_LEVELS
                    + " levels, or holds a name or a number that is too long.";
        };
    }

    /** Without what the parser says of its own settings and of its source. */
    private static String inShort(String message) {
        String first = INTERNALS.matcher(message.lines().findFirst().orElse("")).replaceAll("").strip();
        return first.isEmpty() || first.contains("Feature") ? "an unexpected character" : first;
    }

    /** Reads under the rules of bodies. */
    static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    private record Slice(int from, int to) {}

    /** What follows is told by its own fault, if it has one. */
    private static void finish(JsonParser parser) {
        while (parser.nextToken() != null) {
            parser.skipChildren();
        }
    }

    /** Reads every token of a document once, so that all of it is known to be JSON, and notes where {@code payload.data} stands. */
    private static Optional<Slice> check(JsonParser parser) {
        Optional<Slice> data = Optional.empty();
        int depth = 0;
        boolean inPayload = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME) {
                if (depth == 1) {
                    inPayload = parser.currentName().equals("payload");
                } else if (depth == 2 && inPayload && parser.currentName().equals("data")) {
                    parser.nextToken();
                    int from = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                    parser.skipChildren();
                    parser.finishToken();
                    data = Optional.of(new Slice(from, Math.toIntExact(parser.currentLocation().getCharOffset())));
                }
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            if (depth == 0) {
                break;
            }
        }
        return data;
    }
}
