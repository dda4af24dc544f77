package io.taskscheduler.local.scheduler;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request's query string, checked as they are asked for. */
record Query(Map<String, List<String>> parameters) {

    private static final int DEFAULT_RESULTS = 100;

    static Query parse(Optional<String> raw) {
        var parameters = new HashMap<String, List<String>>();
        for (var pair : raw.orElse("").split("&", -1)) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.computeIfAbsent(decode(pair.substring(0, equals)), _ -> new ArrayList<>())
                        .add(decode(pair.substring(equals
                                + 1)));
            }
        }
        return new Query(parameters);
    }

    Optional<String> text(String name, Shape.Text shape) {
        var given = all(name).stream().findFirst();
        given.ifPresent(value -> {
            var faults = new Faults();
            shape.check(Character.toLowerCase(name.charAt(0)) + name.substring(1), value, faults);
            faults.refuseIfAny();
        });
        return given;
    }

    List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    int maxResults() {
        return all("MaxResults").stream().findFirst().map(Query::resultsOf).orElse(DEFAULT_RESULTS);
    }

    Optional<String> nextToken() {
        return text("NextToken", Model.NEXT_TOKEN);
    }

    private static int resultsOf(String value) {
        try {
            var faults = new Faults();
            var results = Model.MAX_RESULTS.check("maxResults", Integer.parseInt(value), faults);
            faults.refuseIfAny();
            return results;
        } catch (NumberFormatException e) {
            throw Refusal.unreadable("MaxResults must be an integer");
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
