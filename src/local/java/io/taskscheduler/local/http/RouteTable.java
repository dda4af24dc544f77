package io.taskscheduler.local.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.taskscheduler.local.template.RouteResource;

/**
 * Chooses a route as an HTTP API does: a literal segment before a parameter, a parameter before a greedy one, the method
 * itself before {@code ANY}, and {@code $default} when nothing else fits.
 */
final class RouteTable {
    private static final Comparator<Pattern> MOST_SPECIFIC_FIRST = Comparator.comparing(Pattern::rank)
            .thenComparing(pattern -> pattern.method().equals("ANY"));

    private final List<Pattern> patterns;
    private final Optional<RouteResource> fallback;

    /** A route that fits, and what its path parameters are, decoded. */
    record Match(RouteResource route, Map<String, String> parameters) {}

    private record Pattern(RouteResource route, String method, List<String> segments) {

        static Pattern of(RouteResource route) {
            String[] key = route.routeKey().split(" ", 2);
            return new Pattern(route, key[0], split(key[1]));
        }

        /** Compares as a list would: the earlier a segment is less specific, the later its route is tried. */
        String rank() {
            StringBuilder rank = new StringBuilder();
            segments.forEach(segment -> rank.append(isGreedy(segment) ? '2' : isParameter(segment) ? '1' : '0'));
            return rank.toString();
        }

        Optional<Match> match(String requestMethod, List<String> path) {
            boolean greedy = !segments.isEmpty() && isGreedy(segments.getLast());
            if (!(method.equals("ANY") || method.equals(requestMethod))
                    || (greedy ? path.size() < segments.size() : path.size() != segments.size())) {
                return Optional.empty();
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                String value = isGreedy(segment) ? String.join("/", path.subList(i, path.size())) : path.get(i);
                if (isParameter(segment) ? value.isEmpty() : !segment.equals(value)) {
                    return Optional.empty();
                }
                if (isParameter(segment)) {
                    parameters.put(segment.substring(1, segment.length() - (isGreedy(segment) ? 2 : 1)), value);
                }
            }
            return Optional.of(new Match(route, parameters));
        }

        private static boolean isParameter(String segment) {
            return segment.startsWith("{") && segment.endsWith("}");
        }

        private static boolean isGreedy(String segment) {
            return isParameter(segment) && segment.endsWith("+}");
        }
    }

    RouteTable(List<RouteResource> routes) {
        this.patterns = routes.stream().filter(route -> !route.routeKey().equals("$default")).map(Pattern::of)
                .sorted(MOST_SPECIFIC_FIRST).toList();
        this.fallback = routes.stream().filter(route -> route.routeKey().equals("$default")).findFirst();
    }

    Optional<Match> match(String method, String rawPath) {
        List<String> path = split(rawPath).stream().map(RouteTable::decoded).toList();
        return patterns.stream().flatMap(pattern -> pattern.match(method, path).stream()).findFirst()
                .or(() -> fallback.map(route -> new Match(route, Map.of())));
    }

    /** Percent-decoding of a path, in which a plus is a plus. */
    static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return raw;
        }
    }

    private static List<String> split(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        return new ArrayList<>(Arrays.asList(relative.split("/", -1)));
    }
}
