package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.handler.http.Call;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is answered to a method on a path.
 *
 * @param key        as API Gateway writes it: {@code GET /tasks/{task_id}}
 * @param right          that its caller has
 * @param takesParameters of the query; then it judges them itself, else any is refused
 */
record Route(String key, Right right, boolean takesParameters, Function<Call, APIGatewayV2HTTPResponse> answer) {

    /** One that takes no parameters. */
    Route(String key, Right right, Function<Call, APIGatewayV2HTTPResponse> answer) {
        this(key, right, false, answer);
    }

    static Route withParameters(String key, Right right, Function<Call, APIGatewayV2HTTPResponse> answer) {
        return new Route(key, right, true, answer);
    }

    String method() {
        return key.substring(0, key.indexOf(' '));
    }

    /** Whether {@code HEAD} is answered here too. It comes by the default route, whose callers have shown that they may read and no more. */
    boolean answersHead() {
        return method().equals("GET") && right == Right.READ;
    }

    String path() {
        return key.substring(key.indexOf(' ') + 1);
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
