package io.taskscheduler.local.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request as it came.
 *
 * @param rawPath
 *            percent-encoded
 * @param rawQuery
 *            percent-encoded, empty when there is none
 * @param headers
 *            by lower-case name, values in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(String method, String rawPath, String rawQuery, Map<String, List<String>> headers, byte[] body,
        String protocol, String sourceAddress) {

    /** The header's values, joined with a comma. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(values -> String.join(",", values));
    }

    /** All headers, the values of one that came several times joined with a comma. */
    public Map<String, String> joinedHeaders() {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> String.join(",", e.getValue()),
                        (a, b) -> a + "," + b, java.util.TreeMap::new));
    }
}
