package io.taskscheduler.local.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.taskscheduler.local.template.CorsResource;

/**
 * What an HTTP API does for pages of other origins: it answers the question that a browser asks beforehand, adds its headers to
 * the answers for an origin that is allowed, and takes away those that the function gave, whoever asks.
 */
final class Cors {
    private static final String PREFIX = "access-control-";

    private final CorsResource allowed;

    Cors(CorsResource allowed) {
        this.allowed = allowed;
    }

    /** The answer to a browser that asks whether it may; empty when this is another request. An origin that may not call is told nothing. */
    Optional<Reply.Answer> preflight(Request request) {
        if (!request.method().equals("OPTIONS") || request.header("origin").isEmpty()
                || request.header(PREFIX + "request-method").isEmpty()) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        origin(request).ifPresent(origin -> {
            headers.put(PREFIX + "allow-origin", List.of(origin));
            put(headers, "allow-methods", allowed.allowMethods());
            put(headers, "allow-headers", allowed.allowHeaders());
            allowed.maxAge().ifPresent(seconds -> headers.put(PREFIX + "max-age", List.of(seconds.toString())));
        });
        return Optional.of(new Reply.Answer(204, headers, new byte[0]));
    }

    /** The same answer with these headers and no others of their kind. */
    Reply.Answer to(Request request, Reply.Answer answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>(answer.headers());
        headers.keySet().removeIf(name -> name.startsWith(PREFIX));
        origin(request).ifPresent(origin -> {
            headers.put(PREFIX + "allow-origin", List.of(origin));
            put(headers, "expose-headers", allowed.exposeHeaders());
        });
        return new Reply.Answer(answer.status(), headers, answer.body());
    }

    /** What stands in the answer for the caller's origin; empty when there is none or it may not call. */
    private Optional<String> origin(Request request) {
        if (allowed.allowOrigins().contains("*")) {
            return request.header("origin").map(any -> "*");
        }
        return request.header("origin").filter(origin -> allowed.allowOrigins().stream().anyMatch(
                pattern -> pattern.endsWith("://*")
                        ? origin.startsWith(pattern.substring(0, pattern.length() - 1))
                        : pattern.equals(origin)));
    }

    private static void put(Map<String, List<String>> headers, String name, List<String> values) {
        if (!values.isEmpty()) {
            headers.put(PREFIX + name, List.of(String.join(",", values)));
        }
    }
}
