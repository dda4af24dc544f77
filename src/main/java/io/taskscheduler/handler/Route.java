package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.handler.http.Call;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is answered to a method on a path.
 *
 * @param key        as API Gateway writes it: {@code GET /tasks/{task_id}}
 * @param parameters of the query that it takes; any other is refused. One that ends with {@code *} stands for all that begin so.
 */
record Route(String key, Set<String> parameters, Function<Call, APIGatewayV2HTTPResponse> answer) {

    Route {
        parameters = Set.copyOf(parameters);
    }

    /** One that takes no parameters. */
    Route(String key, Function<Call, APIGatewayV2HTTPResponse> answer) {
        this(key, Set.of(), answer);
    }

    String method() {
        return key.substring(0, key.indexOf(' '));
    }

    String path() {
        return key.substring(key.indexOf(' ') + 1);
    }

    boolean takes(String parameter) {
        return parameters.stream().anyMatch(known -> known.endsWith("*")
                ? parameter.startsWith(known.substring(0, known.length() - 1))
                : parameter.equals(known));
    }

    /** What stands in the path for the parts that the route names; empty when it is another path. */
    Optional<Map<String, String>> match(String requested) {
        String[] here = path().split("/", -1);
        String[] there = requested.split("/", -1);
        if (here.length != there.length) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < here.length; i++) {
            if (here[i].startsWith("{") && !there[i].isEmpty()) {
                parts.put(here[i].substring(1, here[i].length() - 1), there[i]);
            } else if (!here[i].equals(there[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }
}
