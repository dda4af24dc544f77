package io.taskscheduler.handler;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Requests that must be refused, each with its status and with words of the reason that the caller must read. */
final class BadRequests {

    private BadRequests() {}

    /** A valid body with these members of the root beside {@code action} and {@code payload}. */
    static String with(String members) {
        return "{\"action\": \"webhook\", \"payload\": {\"url\": \"https://example.com\"}, " + members + "}";
    }

    /** A valid body with these members of the payload beside {@code url}. */
    static String payload(String members) {
        return "{\"action\": \"webhook\", \"payload\": {\"url\": \"https://example.com\""
                + (members.isEmpty() ? "" : ", ") + members
                + "}, \"delay\": \"PT1S\"}";
    }

    static Stream<Arguments> all() {
        return Stream.of(bodies(), members(), shapes(), times(), urls(), headers(), others()).flatMap(s -> s);
    }

    private static Stream<Arguments> bodies() {
        String deep = "{\"action\": \"webhook\", \"payload\": {\"url\": \"https://example.com\", \"data\": "
                + "[".repeat(10_000)
                + "]".repeat(10_000) + "}, \"delay\": \"PT1S\"}";
        return Stream.of(bad("empty", "", 400, "The body is empty"), bad("not JSON", "hello", 400, "not valid JSON"),
                bad("white space", "  ", 400, "The body must be a JSON object"),
                bad("array", "[]", 400, "must be a JSON object"),
                bad("text", "\"x\"", 400, "must be a JSON object"), bad("null", "null", 400, "must be a JSON object"),
                bad("broken off", "{\"action\": \"webh", 400, "not valid JSON"),
                bad("broken off between members", "{\"action\": \"webhook\"", 400, "not valid JSON: it breaks off"),
                bad("broken off after a name", "{\"action\"", 400, "not valid JSON: it breaks off"),
                bad("two documents", payload("") + payload(""), 400, "not valid JSON"),
                bad("trailing comma", with("\"delay\": \"PT1S\","), 400, "not valid JSON"),
                bad("comment", "/* hi */" + payload(""), 400, "not valid JSON"),
                bad("NaN", payload("\"data\": NaN"), 400, "not valid JSON"),
                bad("byte order mark", "\uFEFF" + payload(""), 400, "not valid JSON"),
                bad("single quotes", payload("").replace('"', '\''), 400, "not valid JSON"),
                bad("duplicate member", with("\"delay\": \"PT1S\", \"delay\": \"PT2S\""), 400, "Duplicate"),
                bad("duplicate member in data", payload("\"data\": {\"a\": 1, \"a\": 2}"), 400, "Duplicate"),
                bad("10,000 levels", deep, 400, "nested deeper than 500"),
                bad("300 KiB", payload("\"data\": \"" + "x".repeat(300 * 1_024) + "\""), 413, "at most 262144 bytes"),
                bad("one byte too many",
                        payload("\"data\": \"" + "x".repeat(262_145 - payload("\"data\": \"\"").length()) + "\""), 413,
                        "at most 262144 bytes"),
                arguments("invalid UTF-8", Requests.scheduleBytes(new byte[]{'{', '"', (byte) 0xC3, '"', '}'}), 400,
                        "UTF-8"),
                arguments("UTF-16", Requests.scheduleBytes(payload("").getBytes(StandardCharsets.UTF_16LE)), 400,
                        "not valid JSON"),
                media("text/plain"), media("application/x-www-form-urlencoded"),
                media("application/json; charset=iso-8859-1"),
                media("application/jsonp"),
                arguments("no media type", Requests.schedule(payload(""), Map.of()), 415, "application/json"),
                key("empty", ""), key("256 characters", "k".repeat(256)), key("with a space", "a b"),
                key("with a space at its end", "a "), key("of a tab", "\t"), key("with a line break", "a\r\nb"),
                key("with a NUL", "a\u0000"), key("with DEL", "a\u007f"), key("not ASCII", "é"), key("an emoji", "😀"));
    }

    private static Stream<Arguments> members() {
        Stream<Arguments> wrongShapes = Stream
                .of("\"action\"", "\"payload\"", "\"run_at\"", "\"timezone\"", "\"delay\"", "\"retry\"",
                        "\"labels\"")
                .flatMap(
                        member -> Stream.of("null", "7", "[]", "true").map(value -> bad(member + " " + value,
                                "{\"delay2\": 1, " + member + ": " + value + "}", 400, member)));
        return Stream.concat(wrongShapes, Stream.of(bad("nothing", "{}", 400, "\"action\",\"problem\":\"is required"),
                bad("no payload", "{\"action\": \"webhook\", \"delay\": \"PT1S\"}", 400,
                        "\"payload\",\"problem\":\"is required"),
                bad("unknown member", with("\"delay\": \"PT1S\", \"runAt\": 1"), 400,
                        "\"runAt\",\"problem\":\"is not known"),
                bad("member of a later version", with("\"delay\": \"PT1S\", \"expires_at\": \"x\""), 400,
                        "\"expires_at\""),
                bad("redact null", with("\"delay\": \"PT1S\", \"redact\": null"), 400,
                        "\"redact\",\"problem\":\"must not be null"),
                bad("redact as text", with("\"delay\": \"PT1S\", \"redact\": \"true\""), 400,
                        "\"redact\",\"problem\":\"must be true or false"),
                bad("unknown action", with("\"delay\": \"PT1S\"").replace("webhook", "email"), 400,
                        "known are: webhook"),
                bad("text for payload",
                        with("\"delay\": \"PT1S\"").replace("{\"url\": \"https://example.com\"}", "\"x\""), 400,
                        "must be an object"),
                bad("label of a number", with("\"delay\": \"PT1S\", \"labels\": {\"a\": 1}"), 400, "labels.a"),
                bad("emoji key", with("\"delay\": \"PT1S\", \"labels\": {\"😀\": \"x\"}"), 400, "not a label's key"),
                bad("empty key", with("\"delay\": \"PT1S\", \"labels\": {\"\": \"x\"}"), 400, "not a label's key"),
                bad("long key", with("\"delay\": \"PT1S\", \"labels\": {\"" + "k".repeat(65) + "\": \"x\"}"), 400,
                        "not a label's key"),
                bad("long label", with("\"delay\": \"PT1S\", \"labels\": {\"a\": \"" + "é".repeat(257) + "\"}"), 400,
                        "256 characters"),
                bad("half a character", with("\"delay\": \"PT1S\", \"labels\": {\"a\": \"\\ud83d\"}"), 400,
                        "surrogate"),
                bad("eleven labels", with("\"delay\": \"PT1S\", \"labels\": {" + numbered(11) + "}"), 400,
                        "must be at most 10")));
    }

    /** The members inside the root's: each of them is a text, a number or an object. */
    private static Stream<Arguments> shapes() {
        return Stream.of("null", "[]", "true", "[{}]").flatMap(value -> Stream.concat(
                Stream.of("url", "method", "headers", "timeout_seconds").map(member -> bad(
                        "payload." + member + " " + value,
                        "{\"action\": \"webhook\", \"payload\": {\"" + member + "\": "
                                + value + "}, \"delay\": \"PT1S\"}",
                        400, "payload." + member + "\",\"problem\":\"must")),
                Stream.of("max_attempts", "initial_delay_seconds", "backoff_rate", "max_delay_seconds").map(
                        member -> bad("retry." + member + " " + value,
                                with("\"delay\": \"PT1S\", \"retry\": {\"" + member + "\": " + value + "}"), 400,
                                "retry." + member + "\",\"problem\":\"must"))));
    }

    private static Stream<Arguments> times() {
        return Stream.of(bad("no time", with("\"labels\": {}"), 400, "is required, or delay"),
                bad("two times", with("\"run_at\": \"2027-05-17T15:00:00Z\", \"delay\": \"PT1S\""), 400,
                        "cannot stand beside delay"),
                runAt("2027-05-17T15:00:00", "has no zone"), runAt("2027-02-30T15:00:00Z", "30 February"),
                runAt("2027-06-30T23:59:60Z", "no second 60"), runAt("2027-05-17T24:00:00Z", "no date"),
                runAt("9999-12-31T23:59:59Z", "more than 5 years ahead"),
                runAt("2032-05-17T14:00:00.001Z", "5 years ahead"),
                runAt("2027-05-17T13:54:59.999Z", "it is 2027-05-17T14:00:00Z now"), runAt("2027-05-17", "RFC 3339"),
                runAt("2027-05-17 15:00:00Z", "RFC 3339"), runAt("2027-05-17T15:00Z", "RFC 3339"),
                runAt("1779030000", "RFC 3339"),
                runAt("2027-05-17T15:00:00+25:00", "no date"), runAt("", "RFC 3339"),
                runAt("2027-05-17T15:00:00[Europe/Rome]", "RFC 3339"),
                bad("zone beside offset", with("\"run_at\": \"2027-05-17T15:00:00Z\", \"timezone\": \"Europe/Rome\""),
                        400,
                        "own offset"),
                bad("zone beside delay", with("\"delay\": \"PT1S\", \"timezone\": \"Europe/Rome\""), 400,
                        "goes with a local run_at"),
                bad("unknown zone", with("\"run_at\": \"2027-05-17T15:00:00\", \"timezone\": \"Mars/Base\""), 400,
                        "IANA"),
                bad("a zone of the JDK's own",
                        with("\"run_at\": \"2027-05-17T15:00:00\", \"timezone\": \"SystemV/EST5\""), 400, "IANA"),
                bad("offset as a zone", with("\"run_at\": \"2027-05-17T15:00:00\", \"timezone\": \"+02:00\""), 400,
                        "IANA"),
                delay("P1M"), delay("P1Y"), delay("PT"), delay("P"), delay(""), delay("-PT1S"), delay("PT-1S"),
                delay("1h30"),
                delay("1m2h"), delay("90"), delay("pt1s"), delay("PT1S "), delay("PT99999999999999999999S"),
                bad("delay beyond the horizon", with("\"delay\": \"P1828D\""), 400, "5 years ahead"),
                bad("greatest delay", with("\"delay\": \"PT999999999999S\""), 400, "5 years ahead"));
    }

    private static Stream<Arguments> urls() {
        return Stream.of(url("", "absolute"), url("/hook", "absolute"), url("example.com/hook", "absolute"),
                url("//example.com", "absolute"), url("ftp://example.com", "http or https"),
                url("file:///etc/passwd", "http or https"),
                url("http:", "is not a URL"), url("http://", "is not a URL"), url("http:///x", "valid host"),
                url("http:x", "valid host"),
                url("https://user:pw@example.com", "user info"), url("https://user@example.com", "user info"),
                url("https://@example.com", "user info"), url("https://example.com/#top", "fragment"),
                url("https://example.com/#", "fragment"), url("https://example.com/a b", "ASCII without spaces"),
                url(" https://example.com", "ASCII without spaces"), url("https://exämple.com", "xn--"),
                url("https://例え.jp", "xn--"), url("https://example.com/é", "percent-encode"),
                url("https://example.com:0/", "port of 1 to 65535"),
                url("https://example.com:99999/", "port of 1 to 65535"),
                url("https://example.com:99999999999/", "port of 1 to 65535"),
                url("https://example.com:-1/", "port of 1 to 65535"),
                url("https://example.com:x/", "port of 1 to 65535"), url("https://example.com/%zz", "is not a URL"),
                url("https://example.com/{id}", "is not a URL"), url("https://my_host/", "valid host"),
                url("https://[::1/", "is not a URL"),
                url("https://example.com/\\n", "ASCII without spaces"),
                url("https://example.com/" + "x".repeat(2_029), "at most 2,048 characters"));
    }

    private static Stream<Arguments> headers() {
        return Stream.of(header("x\\ny", "v", "not a header name"), header("x y", "v", "not a header name"),
                header("", "v", "not a header name"), header("é", "v", "not a header name"),
                header("x:", "v", "not a header name"),
                header("x", "a\\r\\nb", "visible ASCII"), header("x", "é", "visible ASCII"),
                header("x", " a", "visible ASCII"),
                header("x", "a\\u0000", "visible ASCII"), header("Host", "v", "cannot be set"),
                header("content-length", "1", "cannot be set"), header("Transfer-Encoding", "chunked", "cannot be set"),
                header("Connection", "close", "cannot be set"), header("webhook-id", "v", "cannot be set"),
                header("Webhook-Signature", "v", "cannot be set"), header("task-attempt", "1", "cannot be set"),
                bad("header of a number", payload("\"headers\": {\"x\": 1}"), 400, "payload.headers.x"),
                bad("headers as a list", payload("\"headers\": []"), 400, "payload.headers"),
                bad("header twice", payload("\"headers\": {\"x-a\": \"1\", \"X-A\": \"2\"}"), 400,
                        "twice, in different case"),
                bad("51 headers", payload("\"headers\": {" + numbered(51) + "}"), 400, "must be at most 50"));
    }

    private static Stream<Arguments> others() {
        Stream<Arguments> retries = Stream.of("\"max_attempts\": 0", "\"max_attempts\": 21", "\"max_attempts\": 1.5",
                "\"max_attempts\": \"3\"", "\"max_attempts\": 1e99999",
                "\"max_attempts\": 20.00000000000000000001", "\"max_attempts\": 1e-999999999",
                "\"max_attempts\": " + "9".repeat(900), "\"max_attempts\": -" + "9".repeat(900),
                "\"initial_delay_seconds\": 1e999999999", "\"backoff_rate\": " + "9".repeat(900),
                "\"backoff_rate\": 10.00000000000000000001", "\"backoff_rate\": 0.99999999999999999999",
                "\"initial_delay_seconds\": 0",
                "\"initial_delay_seconds\": 86401", "\"max_delay_seconds\": 0", "\"backoff_rate\": 0.99",
                "\"backoff_rate\": 10.01",
                "\"backoff_rate\": 1e-400", "\"backoff_rate\": 1e400", "\"backoff_rate\": \"2\"",
                "\"backoff_rate\": null",
                "\"max_attemps\": 3").map(
                        retry -> bad("retry " + retry, with("\"delay\": \"PT1S\", \"retry\": {" + retry + "}"), 400,
                                "retry." + retry.split("\"", -1)[1]));
        return Stream.concat(retries,
                Stream.of(
                        bad("data with GET", payload("\"method\": \"GET\", \"data\": {}"), 400,
                                "cannot be sent with GET"),
                        bad("null data with GET", payload("\"method\": \"GET\", \"data\": null"), 400,
                                "cannot be sent with GET"),
                        bad("unknown method", payload("\"method\": \"HEAD\""), 400, "must be one of POST"),
                        bad("lower-case method", payload("\"method\": \"post\""), 400, "must be one of POST"),
                        bad("no time for an attempt", payload("\"timeout_seconds\": 0"), 400, "from 1 to 300"),
                        bad("too much time", payload("\"timeout_seconds\": 301"), 400, "from 1 to 300"),
                        bad("a number of a huge exponent", payload("\"timeout_seconds\": 1e99999999999"), 400,
                                "number"),
                        bad("a number of 2,000 digits", payload("\"timeout_seconds\": " + "1".repeat(2_000)), 400,
                                "number that is too long"),
                        bad("unknown payload member", payload("\"dta\": {}"), 400, "payload.dta")));
    }

    private static Arguments bad(String name, String body, int status, String reason) {
        return arguments(name, Requests.schedule(body), status, reason);
    }

    private static Arguments key(String name, String key) {
        return arguments("a key " + name, Requests.schedule(payload(""), key), 400,
                "\"Idempotency-Key\",\"problem\":\"must be 1 to 255 visible ASCII characters");
    }

    private static Arguments media(String type) {
        APIGatewayV2HTTPEvent event = Requests.schedule(payload(""), Map.of("content-type", type));
        return arguments(type, event, 415, "application/json");
    }

    private static Arguments runAt(String text, String reason) {
        return bad("run_at " + text, with("\"run_at\": \"" + text + "\""), 400, reason);
    }

    private static Arguments delay(String text) {
        return bad("delay " + text, with("\"delay\": \"" + text + "\""), 400, "months and years have no fixed length");
    }

    private static Arguments url(String text, String reason) {
        return bad("url " + text.substring(0, Math.min(60, text.length())),
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + text + "\"}, \"delay\": \"PT1S\"}", 400,
                reason);
    }

    private static Arguments header(String name, String value, String reason) {
        return bad("header " + name + ": " + value, payload("\"headers\": {\"" + name + "\": \"" + value + "\"}"), 400,
                reason);
    }

    private static String numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\": \"v\"").collect(Collectors.joining(", "));
    }
}
