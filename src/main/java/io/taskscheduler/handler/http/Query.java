package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Violation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A request's query parameters, each asked for by name. Faults are collected, and named {@code query.<name>}. */
final class Query {

    private static final String PATH = "query.";

    private final Map<String, String> parameters;
    private final Set<String> repeated;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> families = new TreeSet<>();
    private final List<Violation> faults = new ArrayList<>();

    private Query(Map<String, String> parameters, Set<String> repeated) {
        this.parameters = parameters;
        this.repeated = repeated;
    }

    static Query of(APIGatewayV2HTTPEvent event) {
        Map<String, String> parameters = Optional.ofNullable(event.getQueryStringParameters()).orElse(Map.of());
        return new Query(new TreeMap<>(parameters),
                repeated(Optional.ofNullable(event.getRawQueryString()).orElse("")));
    }

    /** API Gateway joins the values of a name with commas, which a value may hold itself: only the raw text tells them apart. */
    private static Set<String> repeated(String raw) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (String pair : raw.split("&", -1)) {
            String name = decoded(pair.split("=", 2)[0]);
            if (!seen.add(name)) {
                repeated.add(name);
            }
        }
        return repeated;
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return name;
        }
    }

    /** Empty when it is not there, or there more than once, which is a fault. */
    Optional<String> value(String name) {
        known.add(name);
        if (repeated.contains(name)) {
            return fault(name, "stands there more than once");
        }
        return Optional.ofNullable(parameters.get(name));
    }

    /** The names that begin so; further ones are not unknown. */
    List<String> namesFrom(String beginning) {
        families.add(beginning + "<key>");
        return parameters.keySet().stream().filter(name -> name.startsWith(beginning)).toList();
    }

    /** Notes a fault, and is empty. */
    <T> Optional<T> fault(String name, String problem) {
        faults.add(new Violation(PATH + name, problem));
        return Optional.empty();
    }

    /** Notes each name that was not asked for; one that is ignored would be a wish that is lost. */
    void refuseOthers() {
        Set<String> names = new TreeSet<>(families);
        for (String name : known) {
            if (!isOfFamily(name)) {
                names.add(name);
            }
        }
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                fault(name, "is not known here; known are " + String.join(", ", names));
            }
        }
    }

    private boolean isOfFamily(String name) {
        for (String family : families) {
            if (name.startsWith(family.substring(0, family.indexOf('<')))) {
                return true;
            }
        }
        return false;
    }

    /** All that were noted, in order of their names. */
    List<Violation> faults() {
        return faults.isEmpty() ? List.of() : faults.stream().sorted(Comparator.comparing(Violation::member)).toList();
    }
}
