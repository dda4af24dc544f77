package io.taskscheduler.handler.http;

import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.SecretReference;
import io.taskscheduler.domain.Webhook;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the {@code payload} of the action {@code webhook}. */
final class WebhookMembers {

    private static final int LONGEST_URL = 2_048;
    private static final int MOST_HEADERS = 50;
    // Each is a call more on a function that has just started.
    private static final int MOST_SECRETS = 5;
    private static final int HIGHEST_PORT = 65_535;

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]*");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern HEADER_VALUE = Pattern.compile("(?:[!-~](?:[ -~\\t]*[!-~])?)?");

    // Hop-by-hop (RFC 9110, 7.6.1), the ones the HTTP client computes, and the ones this system sets.
    private static final Set<String> REFUSED_HEADERS = Set.of("connection", "keep-alive", "proxy-connection",
            "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "expect",
            "host",
            "content-length", "task-attempt", "task-scheduled-at", "task-possible-duplicate");

    private WebhookMembers() {}

    /** Empty when a fault was noted. */
    static Optional<Webhook> read(Members payload, Optional<String> data, Destinations destinations) {
        payload.required("url", "where to send the webhook");
        boolean hasData = payload.has("data");
        Optional<URI> url = payload.text("url").flatMap(text -> url(payload, text, destinations));
        Optional<Webhook.Method> method = method(payload);
        Optional<Map<String, String>> headers = payload.has("headers")
                ? payload.object("headers").flatMap(WebhookMembers::headers)
                : Optional.of(Map.of());
        Optional<Integer> timeout = payload.has("timeout_seconds")
                ? payload.integer("timeout_seconds", (int) Webhook.MIN_TIMEOUT.toSeconds(),
                        (int) Webhook.MAX_TIMEOUT.toSeconds())
                : Optional.of((int) Webhook.DEFAULT_TIMEOUT.toSeconds());
        payload.refuseUnknown();
        if (hasData && method.filter(Webhook.Method.GET::equals).isPresent()) {
            payload.fault("data", "cannot be sent with GET");
            return Optional.empty();
        }
        return url.flatMap(u -> method.flatMap(m -> headers.flatMap(
                h -> timeout.map(t -> new Webhook(u, m, h, data, Duration.ofSeconds(t))))));
    }

    private static Optional<Webhook.Method> method(Members payload) {
        if (!payload.has("method")) {
            return Optional.of(Webhook.Method.POST);
        }
        return payload.text("method").flatMap(text -> {
            Optional<Webhook.Method> method = Arrays.stream(Webhook.Method.values()).filter(m -> m.name().equals(text))
                    .findFirst();
            if (method.isEmpty()) {
                payload.fault("method", "must be one of POST, PUT, PATCH, GET, DELETE");
            }
            return method;
        });
    }

    private static Optional<URI> url(Members payload, String text, Destinations destinations) {
        Optional<String> problem = problemOf(text, destinations);
        problem.ifPresent(p -> payload.fault("url", p));
        return problem.isPresent() ? Optional.empty() : Optional.of(URI.create(text));
    }

    private static Optional<String> problemOf(String text, Destinations destinations) {
        if (text.length() > LONGEST_URL) {
            return Optional.of("must have at most 2,048 characters");
        }
        if (!VISIBLE_ASCII.matcher(text).matches()) {
            return Optional.of(
                    "must be written in ASCII without spaces: percent-encode them, and write a host with other letters in its xn-- form");
        }
        try {
            return problemOf(new URI(text), destinations);
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL: " + e.getReason() + " at position " + e.getIndex());
        }
    }

    private static Optional<String> problemOf(URI url, Destinations destinations) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!List.of("http", "https").contains(scheme)) {
            return Optional.of("must be absolute, with http or https");
        }
        if (url.getRawUserInfo() != null || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            return Optional.of("must not hold user info; put credentials into a header");
        }
        if (url.getHost() == null) {
            return Optional.of("must name a valid host, and a port of 1 to 65535 if any");
        }
        if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            return Optional.of("must have a port of 1 to 65535");
        }
        return url.getRawFragment() == null
                ? destinations.problemOf(url)
                : Optional.of("must not have a fragment: it would not be sent");
    }

    private static Optional<Map<String, String>> headers(Members members) {
        Map<String, String> headers = members.texts();
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (headers.size() > MOST_HEADERS) {
            members.fault("", "must be at most 50");
        }
        if (SecretReference.namesIn(headers.values()).size() > MOST_SECRETS) {
            members.fault("", "must refer to at most 5 secrets");
        }
        headers.forEach((name, value) -> {
            problemOf(name, value).ifPresent(problem -> members.fault(name, problem));
            if (seen.put(name, value) != null) {
                members.fault(name, "stands there twice, in different case");
            }
        });
        return Optional.of(headers);
    }

    private static Optional<String> problemOf(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!HEADER_NAME.matcher(name).matches()) {
            return Optional.of("is not a header name: letters, digits and !#$%&'*+-.^_`|~, at most 128");
        }
        if (REFUSED_HEADERS.contains(lower) || lower.startsWith("webhook-")) {
            return Optional.of("cannot be set: it belongs to the connection or to this scheduler");
        }
        if (!HEADER_VALUE.matcher(value).matches()) {
            return Optional.of("must have a value of visible ASCII, with spaces or tabs between at most");
        }
        return SecretReference.isWellFormed(value) ? Optional.empty() : Optional.of("must " + SecretReference.RULE);
    }
}
