package io.taskscheduler.local.http;

import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Refusals of the control API, in RFC 9457's shape; the detail says what would be right. */
final class Problem {
    private static final JsonMapper JSON = new JsonMapper();

    private Problem() {}

    static Reply.Answer badRequest(String detail) {
        return of(400, "Bad Request", detail);
    }

    static Reply.Answer unknownRoute(String path) {
        return of(404, "Not Found", path + " is not a route of the local control API: it has GET /_local/health,"
                + " GET and POST /_local/clock, ANY /_local/inbox/{name}, GET and DELETE /_local/inbox,"
                + " PUT /_local/inbox/{name}/answers");
    }

    static Reply.Answer methodNotAllowed(String allowed) {
        Reply.Answer problem = of(405, "Method Not Allowed", "this route has " + allowed);
        return new Reply.Answer(405,
                Map.of("content-type", List.of("application/problem+json"), "allow", List.of(allowed)),
                problem.body());
    }

    private static Reply.Answer of(int status, String title, String detail) {
        ObjectNode problem = JSON.createObjectNode();
        problem.put("type", "about:blank").put("title", title).put("status", status).put("detail", detail);
        return Reply.json(status, "application/problem+json", problem.toString());
    }
}
