package io.taskscheduler.local.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The event of payload format 2.0 that an HTTP API makes of a request. */
final class GatewayEvent {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter REQUEST_TIME = DateTimeFormatter
            .ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Request request;
    private final RouteTable.Match match;
    private final Optional<ObjectNode> caller;

    GatewayEvent(Request request, RouteTable.Match match, Optional<ObjectNode> caller) {
        this.request = request;
        this.match = match;
        this.caller = caller;
    }

    byte[] json(String accountId, String requestId, Instant now) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "2.0");
        event.put("routeKey", match.route().routeKey());
        // An HTTP API decodes the "raw" path, unlike the raw query.
        event.put("rawPath", RouteTable.decoded(request.rawPath()));
        event.put("rawQueryString", request.rawQuery());
        cookies(event);
        headers(event);
        if (!request.rawQuery().isEmpty()) {
            event.set("queryStringParameters", JSON.valueToTree(queryParameters(request.rawQuery())));
        }
        event.set("requestContext", context(accountId, requestId, now));
        if (!match.parameters().isEmpty()) {
            event.set("pathParameters", JSON.valueToTree(match.parameters()));
        }
        body(event);
        return JSON.writeValueAsBytes(event);
    }

    private void cookies(ObjectNode event) {
        request.header("cookie").ifPresent(cookie -> event.set("cookies",
                JSON.valueToTree(
                        Arrays.stream(cookie.split("[;,]")).map(String::strip).filter(c -> !c.isEmpty()).toList())));
    }

    private void headers(ObjectNode event) {
        Map<String, String> headers = request.joinedHeaders();
        headers.remove("cookie");
        headers.put("x-forwarded-for",
                request.header("x-forwarded-for").map(earlier -> earlier + ", ").orElse("") + request.sourceAddress());
        headers.putIfAbsent("x-forwarded-proto", "http");
        event.set("headers", JSON.valueToTree(headers));
    }

    private ObjectNode context(String accountId, String requestId, Instant now) {
        ObjectNode context = JSON.createObjectNode();
        context.put("accountId", accountId);
        context.put("apiId", "local");
        caller.ifPresent(known -> context.set("authorizer", known));
        String domain = request.header("host").orElse("localhost");
        context.put("domainName", domain);
        context.put("domainPrefix", domain.split("[.:]", 2)[0]);
        context.putObject("http").put("method", request.method()).put("path", RouteTable.decoded(request.rawPath()))
                .put("protocol", request.protocol()).put("sourceIp", request.sourceAddress())
                .put("userAgent", request.header("user-agent").orElse(""));
        context.put("requestId", requestId);
        context.put("routeKey", match.route().routeKey());
        context.put("stage", "$default");
        context.put("time", REQUEST_TIME.format(now));
        context.put("timeEpoch", now.toEpochMilli());
        return context;
    }

    private void body(ObjectNode event) {
        Optional<String> text = isText() ? decoded(request.body()) : Optional.empty();
        boolean none = request.body().length == 0;
        if (!none) {
            event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(request.body())));
        }
        event.put("isBase64Encoded", !none && text.isEmpty());
    }

    private boolean isText() {
        String type = request.header("content-type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return request.header("content-encoding").isEmpty() && (type.startsWith("text/") || type.endsWith("/json")
                || type.endsWith("+json") || type.endsWith("/xml") || type.endsWith("+xml")
                || type.endsWith("/javascript"));
    }

    private static Optional<String> decoded(byte[] body) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    private static Map<String, String> queryParameters(String rawQuery) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.merge(queryDecoded(parts[0]), parts.length == 2 ? queryDecoded(parts[1]) : "",
                        (first, second) -> first + "," + second);
            }
        }
        return parameters;
    }

    private static String queryDecoded(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return raw;
        }
    }
}
