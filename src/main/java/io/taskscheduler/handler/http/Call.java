package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Caller;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A request to the API.
 *
 * @param path the parts of the path that the route names, decoded
 * @param now  when it came, to the millisecond
 */
public record Call(APIGatewayV2HTTPEvent event, Map<String, String> path, Instant now) {

    public Call {
        path = Map.copyOf(path);
    }

    public String id() {
        return event.getRequestContext().getRequestId();
    }

    /** What stands in the path for the task; nothing that is a task's when it is not there. */
    public String taskId() {
        return path.getOrDefault("task_id", "");
    }

    public Caller caller() {
        return Callers.of(event);
    }

    public Optional<String> header(String name) {
        return Body.header(event, name);
    }

    /** Parameters of the query, decoded; one that came several times has its values joined by commas. */
    public Map<String, String> query() {
        return Optional.ofNullable(event.getQueryStringParameters()).orElse(Map.of());
    }
}
