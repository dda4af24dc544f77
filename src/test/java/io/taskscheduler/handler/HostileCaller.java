package io.taskscheduler.handler;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What somebody sends who means harm, byte by byte.
 *
 * @param request in ISO 8859-1, so that every byte is a character
 * @param outcome the status that it is answered with, or {@code closed}
 */
record HostileCaller(String name, String request, String outcome) {

    private static final int MEGABYTE = 1 << 20;

    @Override
    public String toString() {
        return name;
    }

    private HostileCaller(String name, byte[] request, String outcome) {
        this(name, new String(request, StandardCharsets.ISO_8859_1), outcome);
    }

    byte[] onTheWire() {
        return request.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<HostileCaller> all() {
        return Stream.of(json(), names(), bytes(), framing(), heads()).flatMap(s -> s);
    }

    /** Of a body that declares its length. */
    static byte[] post(String path, byte[] body) {
        return raw("POST " + path, "content-type: application/json\r\ncontent-length: " + body.length, body);
    }

    /** As many names of 20 letters, all of the same {@code String.hashCode} or each with its own. */
    static String members(int count, boolean colliding) {
        return names(count, colliding ? new String[]{"Aa", "BB", "C#"} : new String[]{"Aa", "Bb", "Cc"});
    }

    private static String names(int count, String... pairs) {
        return IntStream.range(0, count).mapToObj(number -> {
            StringBuilder name = new StringBuilder();
            for (int left = number, i = 0; i < 10; i++, left /= 3) {
                name.append(pairs[left % 3]);
            }
            return "\"" + name + "\":1";
        }).collect(Collectors.joining(",", "{", "}"));
    }

    private static Stream<HostileCaller> json() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        return Stream.of(scheduled("100,000 levels of data", BadRequests.payload("\"data\": " + deep), "400"),
                scheduled("100,000 levels beside it", BadRequests.with("\"delay\": \"PT1S\", \"x\": " + deep), "400"),
                scheduled("100,000 levels, never closed", "[".repeat(100_000), "400"),
                scheduled("1e999999999 as data", BadRequests.payload("\"data\": 1e999999999"), "201"),
                scheduled("1e999999999 s", BadRequests.payload("\"timeout_seconds\": 1e999999999"), "400"),
                scheduled("10,000 digits as data", BadRequests.payload("\"data\": " + "7".repeat(10_000)), "201"),
                scheduled("10,000 digits of seconds", BadRequests.payload("\"timeout_seconds\": " + "7".repeat(10_000)),
                        "400"),
                scheduled("250,000 digits of a rate",
                        BadRequests.with(
                                "\"delay\": \"PT1S\", \"retry\": {\"backoff_rate\": 1." + "7".repeat(250_000) + "}"),
                        "400"),
                scheduled("250,000 digits of an unknown",
                        BadRequests.with("\"delay\": \"PT1S\", \"x\": 1." + "7".repeat(250_000)), "400"),
                scheduled("a member twice", BadRequests.with("\"delay\": \"PT1S\", \"delay\": \"PT2S\""), "400"),
                scheduled("a member twice in data", BadRequests.payload("\"data\": {\"a\": {\"b\": 1, \"b\": 2}}"),
                        "400"),
                scheduled("half a character as data", BadRequests.payload("\"data\": \"\\ud800\""), "201"),
                scheduled("half a character as a label",
                        BadRequests.with("\"delay\": \"PT1S\", \"labels\": {\"a\": \"\\udc00\"}"), "400"),
                scheduled("an escaped NUL as a label",
                        BadRequests.with("\"delay\": \"PT1S\", \"labels\": {\"a\": \"\\u0000\"}"), "201"));
    }

    private static Stream<HostileCaller> names() {
        return Stream.of(
                scheduled("10,000 labels", BadRequests.with("\"delay\": \"PT1S\", \"labels\": " + numbered(10_000)),
                        "400"),
                scheduled("10,000 headers", BadRequests.payload("\"headers\": " + numbered(10_000)), "400"),
                scheduled("20,000 unknown members", numbered(20_000), "400"),
                scheduled("9,000 members of one hash", members(9_000, true), "400"),
                scheduled("9,000 members of one hash as data", BadRequests.payload("\"data\": " + members(9_000, true)),
                        "201"),
                // The JSON library's own table of names goes by 33 and not by 31.
                scheduled("9,000 members of the parser's hash", names(9_000, "Ab", "BA", "C "), "400"),
                scheduled("the same as data", BadRequests.payload("\"data\": " + names(9_000, "Ab", "BA", "C ")),
                        "201"),
                new HostileCaller("50,000 members of one hash, batch",
                        post("/schedule-tasks", utf8(members(50_000, true))), "400"),
                new HostileCaller("50,000 of the parser's hash, batch",
                        post("/schedule-tasks", utf8(names(50_000, "Ab", "BA", "C "))), "400"),
                new HostileCaller("100,000 tasks in a batch",
                        post("/schedule-tasks",
                                utf8("{\"tasks\": [" + "{},".repeat(99_999) + "{}]}")),
                        "400"));
    }

    private static Stream<HostileCaller> bytes() {
        return Stream.of(raw("invalid UTF-8", new byte[]{'{', '"', (byte) 0xC3, '"', '}'}),
                raw("a surrogate in UTF-8", new byte[]{'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}),
                raw("an overlong slash", new byte[]{'"', (byte) 0xC0, (byte) 0xAF, '"'}),
                raw("a byte order mark", utf8("\uFEFF" + BadRequests.payload(""))),
                raw("a NUL", utf8("\0" + BadRequests.payload(""))),
                raw("a NUL behind", utf8(BadRequests.payload("") + "\0")),
                raw("256 KiB of zeros", new byte[256 * 1_024]),
                new HostileCaller("10 MB", post("/schedule-task", new byte[10 * MEGABYTE]), "413"),
                new HostileCaller("20 MB", post("/schedule-task", new byte[20 * MEGABYTE]), "413"));
    }

    private static Stream<HostileCaller> framing() {
        byte[] body = utf8(BadRequests.payload(""));
        String json = "content-type: application/json\r\n";
        String size = Integer.toHexString(body.length);
        return Stream.of(new HostileCaller("a length too short",
                raw("POST /schedule-task", json + "content-length: 10", body), "400"),
                new HostileCaller("a length too long", raw("POST /schedule-task", json + "content-length: 9999", body),
                        "closed"),
                new HostileCaller("a length below zero", raw("POST /schedule-task", json + "content-length: -1", body),
                        "400"),
                new HostileCaller("a length beyond 64 bits",
                        raw("POST /schedule-task", json + "content-length: 99999999999999999999", body), "400"),
                new HostileCaller("a length that is no number",
                        raw("POST /schedule-task", json + "content-length: ten", body), "400"),
                new HostileCaller("two lengths",
                        raw("POST /schedule-task", json + "content-length: 10\r\ncontent-length: " + body.length, body),
                        "400"),
                new HostileCaller("a length and chunks",
                        raw("POST /schedule-task", json + "content-length: 5\r\ntransfer-encoding: chunked",
                                chunked(size, body)),
                        "400"),
                new HostileCaller("chunks",
                        raw("POST /schedule-task", json + "transfer-encoding: chunked", chunked(size, body)), "201"),
                new HostileCaller("a chunk that is no number",
                        raw("POST /schedule-task", json + "transfer-encoding: chunked", chunked("xyz", body)),
                        "closed"),
                new HostileCaller("a chunk below zero",
                        raw("POST /schedule-task", json + "transfer-encoding: chunked", chunked("-5", body)), "closed"),
                new HostileCaller("chunks of one byte, 300,000",
                        raw("POST /schedule-task", json + "transfer-encoding: chunked",
                                utf8("1\r\n \r\n".repeat(300_000) + "0\r\n\r\n")),
                        "413"));
    }

    private static Stream<HostileCaller> heads() {
        String query = IntStream.range(0, 300).mapToObj(i -> "p" + i + "=1").collect(Collectors.joining("&"));
        byte[] none = new byte[0];
        return Stream.of(new HostileCaller("300 query parameters", raw("GET /tasks?" + query, "a: b", none), "400"),
                new HostileCaller("a parameter 300 times",
                        raw("GET /tasks?" + "limit=1&".repeat(299) + "limit=1", "a: b", none), "400"),
                new HostileCaller("a path of 9,000", raw("GET /tasks/" + "x".repeat(9_000), "a: b", none), "404"),
                new HostileCaller("a path of 100,000", raw("GET /tasks/" + "x".repeat(100_000), "a: b", none), "431"),
                new HostileCaller("a path of 1,000,000", raw("GET /" + "x".repeat(1_000_000), "a: b", none), "closed"),
                new HostileCaller("2,000 slashes", raw("GET " + "/a".repeat(2_000), "a: b", none), "404"),
                new HostileCaller("a path that is none", raw("GET /tasks/%zz", "a: b", none), "400"),
                new HostileCaller("1,000 headers", raw("GET /tasks", "a: b\r\n".repeat(999) + "a: b", none), "200"),
                new HostileCaller("a header of 100,000", raw("GET /tasks", "a: " + "x".repeat(100_000), none), "431"),
                new HostileCaller("no HTTP", utf8("hello\r\n\r\n"), "400"));
    }

    private static HostileCaller scheduled(String name, String body, String outcome) {
        return new HostileCaller(name, post("/schedule-task", utf8(body)), outcome);
    }

    private static HostileCaller raw(String name, byte[] body) {
        return new HostileCaller(name, post("/schedule-task", body), "400");
    }

    private static byte[] raw(String line, String headers, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8(line + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" + headers + "\r\n\r\n"));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static byte[] chunked(String size, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8(size + "\r\n"));
        bytes.writeBytes(body);
        bytes.writeBytes(utf8("\r\n0\r\n\r\n"));
        return bytes.toByteArray();
    }

    private static String numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
