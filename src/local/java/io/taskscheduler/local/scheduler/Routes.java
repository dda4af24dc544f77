package io.taskscheduler.local.scheduler;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which request is which operation. */
final class Routes {

    private final Schedules schedules;
    private final Groups groups;

    Routes(Schedules schedules, Groups groups) {
        this.schedules = schedules;
        this.groups = groups;
    }

    /** @param path its segments, decoded */
    ObjectNode answer(String method, List<String> path, Query query, byte[] body) {
        var resource = path.isEmpty() ? "" : path.getFirst();
        if (path.size() == 1) {
            return switch (method + " " + resource) {
                case "GET schedules" -> schedules.list(query);
                case "GET schedule-groups" -> groups.list(query);
                default -> throw Refusal.unknownOperation();
            };
        }
        var name = String.join("/", path.subList(Math.min(1, path.size()), path.size()));
        return switch (resource) {
            case "schedules" -> schedule(method, named(name), query, body);
            case "schedule-groups" -> group(method, named(name), query, body);
            case "tags" -> tags(method, name, query, body);
            default -> throw Refusal.unknownOperation();
        };
    }

    private ObjectNode schedule(String method, String name, Query query, byte[] body) {
        return switch (method) {
            case "POST" -> schedules.create(name, read(Model.SCHEDULE, body));
            case "PUT" -> schedules.update(name, read(Model.SCHEDULE, body));
            case "GET" -> schedules.get(name, query);
            case "DELETE" -> schedules.delete(name, query);
            default -> throw Refusal.unknownOperation();
        };
    }

    private ObjectNode group(String method, String name, Query query, byte[] body) {
        return switch (method) {
            case "POST" -> groups.create(name, read(Model.GROUP, body));
            case "GET" -> groups.get(name);
            case "DELETE" -> groups.delete(name, query);
            default -> throw Refusal.unknownOperation();
        };
    }

    private ObjectNode tags(String method, String arn, Query query, byte[] body) {
        return switch (method) {
            case "POST" -> groups.tag(arn, read(Model.TAGGING, body));
            case "GET" -> groups.tags(arn);
            case "DELETE" -> groups.untag(arn, query.all("TagKeys"));
            default -> throw Refusal.unknownOperation();
        };
    }

    private static String named(String name) {
        var faults = new Faults();
        Model.NAME.check("name", name, faults);
        faults.refuseIfAny();
        return name;
    }

    private static ObjectNode read(Shape.Struct shape, byte[] body) {
        JsonNode json = body.length == 0
                ? Json.object()
                : Json.read(body).orElseThrow(() -> Refusal.unreadable(
                        "The body is not well-formed JSON."));
        var faults = new Faults();
        var read = (ObjectNode) shape.read("", json, faults);
        faults.refuseIfAny();
        return read;
    }
}
