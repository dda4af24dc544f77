package io.taskscheduler.local.scheduler;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schedule groups and their tags. */
final class Groups {

    private static final int MAX_TAGS = 200;

    private final ScheduleStore store;
    private final Firing firing;
    private final Tokens tokens;
    private final InstantSource clock;
    private final SchedulerOptions options;
    private final Arns arns;

    Groups(ScheduleStore store, Firing firing, Tokens tokens, InstantSource clock, SchedulerOptions options) {
        this.store = store;
        this.firing = firing;
        this.tokens = tokens;
        this.clock = clock;
        this.options = options;
        this.arns = new Arns(options.region(), options.account());
    }

    /** The default group is there from the beginning. */
    void begin() {
        store.change(() -> {
            if (!store.groups().contains(Schedule.DEFAULT_GROUP)) {
                store.groups().put(Schedule.DEFAULT_GROUP, Json.write(document(Schedule.DEFAULT_GROUP)));
            }
            return true;
        });
    }

    ObjectNode create(String name, ObjectNode body) {
        var token = Json.text(body, "ClientToken");
        body.remove("ClientToken");
        var arn = store.change(() -> tokens.once("CreateScheduleGroup", token, name + body, () -> {
            if (store.groups().contains(name)) {
                throw Refusal.conflict("Schedule group " + name + " already exists.");
            }
            if (store.groups().size() >= options.maxGroups()) {
                throw Refusal.quotaExceeded("The account has its " + options.maxGroups() + " schedule groups already.");
            }
            var group = document(name);
            store.groups().put(name, Json.write(tagged(group, tags(body), List.of())));
            return arns.group(name);
        }));
        return Json.object().put("ScheduleGroupArn", arn);
    }

    ObjectNode get(String name) {
        return shown(stored(name));
    }

    ObjectNode list(Query query) {
        return Page.of(store.groups(), query.text("NamePrefix", Model.NAME).orElse(""), query, "",
                (_, group) -> Optional.of(shown(Json.own(
                        group))))
                .json("ScheduleGroups");
    }

    ObjectNode delete(String name, Query query) {
        store.change(
                () -> tokens.once("DeleteScheduleGroup", query.text("clientToken", Model.CLIENT_TOKEN), name, () -> {
                    stored(name);
                    if (name.equals(Schedule.DEFAULT_GROUP)) {
                        throw Refusal.invalid("The default schedule group cannot be deleted.");
                    }
                    store.schedules().keysWithPrefix(name + "/").forEach(key -> {
                        firing.forget(key);
                        store.schedules().remove(key);
                    });
                    store.groups().remove(name);
                    return "";
                }));
        return Json.object();
    }

    void require(String name) {
        stored(name);
    }

    ObjectNode tags(String arn) {
        var json = Json.object();
        json.set("Tags", tags(stored(nameOf(arn))));
        return json;
    }

    ObjectNode tag(String arn, ObjectNode body) {
        return retag(arn, tags(body), List.of());
    }

    ObjectNode untag(String arn, List<String> keys) {
        var faults = new Faults();
        keys.forEach(key -> Model.TAG_KEY.check("tagKeys", key, faults));
        faults.refuseIfAny();
        return retag(arn, Json.object().putArray("Tags"), keys);
    }

    private ObjectNode retag(String arn, ArrayNode added, List<String> removed) {
        store.change(() -> {
            var group = stored(nameOf(arn));
            group.set("LastModificationDate", Shape.Moment.json(clock.instant()));
            store.groups().put(Json.text(group, "Name").orElseThrow(), Json.write(tagged(group, added, removed)));
            return true;
        });
        return Json.object();
    }

    private static ObjectNode tagged(ObjectNode group, ArrayNode added, List<String> removed) {
        var replaced = new HashSet<>(removed);
        added.forEach(tag -> {
            var key = key(tag);
            if (key.startsWith("aws:")) {
                throw Refusal.invalid("A tag's key must not begin with aws:, as does " + key + ".");
            }
            if (!replaced.add(key)) {
                throw Refusal.invalid("The tag " + key + " is given twice.");
            }
        });
        var kept = Json.object().putArray("Tags");
        tags(group).forEach(tag -> {
            if (!replaced.contains(key(tag))) {
                kept.add(tag);
            }
        });
        kept.addAll(added);
        if (kept.size() > MAX_TAGS) {
            throw Refusal.invalid("A schedule group may have " + MAX_TAGS + " tags.");
        }
        group.set("Tags", kept);
        return group;
    }

    private static String key(JsonNode tag) {
        return tag.required("Key").stringValue();
    }

    private static ArrayNode tags(ObjectNode node) {
        return (ArrayNode) Json.find(node, "Tags").orElseGet(() -> Json.object().putArray("Tags"));
    }

    private ObjectNode document(String name) {
        var now = Shape.Moment.json(clock.instant());
        var group = Json.object().put("Name", name).put("State", "ACTIVE");
        group.set("CreationDate", now);
        group.set("LastModificationDate", now);
        return group;
    }

    private ObjectNode shown(ObjectNode group) {
        group.remove("Tags");
        return group.put("Arn", arns.group(Json.text(group, "Name").orElseThrow()));
    }

    private ObjectNode stored(String name) {
        return store.groups().get(name).map(Json::own)
                .orElseThrow(() -> Refusal.notFound("Schedule group " + name
                        + " does not exist."));
    }

    private String nameOf(String arn) {
        var faults = new Faults();
        Model.TAG_RESOURCE_ARN.check("resourceArn", arn, faults);
        faults.refuseIfAny();
        var name = arn.substring(arn.indexOf('/') + 1);
        if (!arn.equals(arns.group(name))) {
            throw Refusal.notFound("Resource " + arn + " does not exist.");
        }
        return name;
    }
}
