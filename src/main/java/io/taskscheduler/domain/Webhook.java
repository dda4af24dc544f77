package io.taskscheduler.domain;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request to an HTTP receiver.
 *
 * @param url     absolute, {@code http} or {@code https}, kept as the caller spelt it
 * @param headers the caller's own headers; they may hold credentials and are never shown or logged
 * @param body    the JSON text that is sent, byte for byte; empty when the caller gave no data
 * @param timeout one attempt's whole time, 1 to 300 seconds
 */
public record Webhook(URI url, Method method, Map<String, String> headers, Optional<String> body, Duration timeout)
        implements
            Action {

    public static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** The methods a webhook can use. */
    public enum Method {
        POST, PUT, PATCH, GET, DELETE
    }

    public Webhook {
        if (!url.isAbsolute() || url.getHost() == null) {
            throw new IllegalArgumentException("not an absolute URL with a host");
        }
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be 1 to 300 seconds: " + timeout);
        }
        if (method == Method.GET && body.isPresent()) {
            throw new IllegalArgumentException("a GET has no body");
        }
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** Whether it goes to the host; upper and lower case are the same. */
    public boolean goesTo(String host) {
        return url.getHost().equalsIgnoreCase(host);
    }
}
