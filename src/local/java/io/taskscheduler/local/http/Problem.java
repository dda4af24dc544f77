package io.taskscheduler.local.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Refusals of the control API, in RFC 9457's shape; the detail says what would be right. */
public final class Problem {
    private static final JsonMapper JSON = new JsonMapper();

    private Problem() {}

    static Reply.Answer badRequest(String detail) {
        return of(400, "Bad Request", detail);
    }

    /** Not from there. */
    static Reply.Answer forbidden(String detail) {
        return of(403, "Forbidden", detail);
    }

    /** There is no such route. */
    public static Reply.Answer unknownRoute(String path) {
        return of(404, "Not Found", path + " is not a route of the local control API: it has GET /_local/health,"
                + " GET and POST /_local/clock, ANY /_local/inbox/{name}, GET and DELETE /_local/inbox,"
                + " PUT /_local/inbox/{name}/answers, GET, PUT and DELETE /_local/faults, and with -Dlocal.auth=jwt POST /_local/tokens,"
                + " GET /_local/issuer/.well-known/openid-configuration and GET /_local/issuer/jwks.json");
    }

    /** The route is there, but not for this method. */
    public static Reply.Answer methodNotAllowed(String allowed) {
        Reply.Answer problem = of(405, "Method Not Allowed", "this route has " + allowed);
        return new Reply.Answer(405,
                Map.of("content-type", List.of("application/problem+json"), "allow", List.of(allowed)),
                problem.body());
    }

    /** A body with these members wrong, each with what would be right. */
    public static Reply.Answer invalid(Map<String, String> violations) {
        String detail = violations.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining("; "));
        ObjectNode problem = json(400, "Bad Request", detail);
        ArrayNode list = problem.putArray("violations");
        violations.forEach((member, what) -> list.addObject().put("member", member).put("problem", what));
        return reply(400, problem);
    }

    private static Reply.Answer of(int status, String title, String detail) {
        return reply(status, json(status, title, detail));
    }

    private static ObjectNode json(int status, String title, String detail) {
        return JSON.createObjectNode().put("type", "about:blank").put("title", title).put("status", status)
                .put("detail", detail);
    }

    private static Reply.Answer reply(int status, ObjectNode problem) {
        return Reply.json(status, "application/problem+json", problem.toString());
    }
}
