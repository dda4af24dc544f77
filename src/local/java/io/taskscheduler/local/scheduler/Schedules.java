package io.taskscheduler.local.scheduler;

import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The schedules: what may be done with them from outside. */
final class Schedules {

    private final ScheduleStore store;
    private final Groups groups;
    private final Firing firing;
    private final Tokens tokens;
    private final InstantSource clock;
    private final SchedulerOptions options;
    private final Arns arns;

    Schedules(ScheduleStore store, Groups groups, Firing firing, Tokens tokens, InstantSource clock,
            SchedulerOptions options) {
        this.store = store;
        this.groups = groups;
        this.firing = firing;
        this.tokens = tokens;
        this.clock = clock;
        this.options = options;
        this.arns = new Arns(options.region(), options.account());
    }

    ObjectNode create(String name, ObjectNode body) {
        return put("CreateSchedule", name, body, key -> {
            if (store.schedules().contains(key)) {
                throw Refusal.conflict("Schedule " + name + " already exists.");
            }
            if (store.schedules().size() >= options.maxSchedules()) {
                throw Refusal.quotaExceeded("The account has its " + options.maxSchedules() + " schedules already.");
            }
            return Optional.empty();
        });
    }

    /** Replaces the whole; what the request leaves out returns to its default. */
    ObjectNode update(String name, ObjectNode body) {
        return put("UpdateSchedule", name, body, key -> Optional.of(stored(key)));
    }

    /** Gives the schedule that is replaced, or refuses. */
    private interface Before {
        Optional<Schedule> check(String key);
    }

    private ObjectNode put(String operation, String name, ObjectNode body, Before before) {
        var token = Json.text(body, "ClientToken");
        body.remove("ClientToken");
        var arn = store.change(() -> tokens.once(operation, token, name + body, () -> {
            var now = clock.instant();
            var schedule = Schedule.of(name, body.deepCopy(), now, now);
            groups.require(schedule.group());
            var replaced = before.check(schedule.key());
            var stored = replaced.map(old -> Schedule.of(name, body.deepCopy(), old.created(), now)).orElse(schedule);
            store.schedules().put(stored.key(), stored.stored());
            firing.plan(stored);
            return arns.schedule(stored.key());
        }));
        return Json.object().put("ScheduleArn", arn);
    }

    ObjectNode get(String name, Query query) {
        var schedule = stored(key(name, query));
        return schedule.document().put("Arn", arns.schedule(schedule.key()));
    }

    ObjectNode delete(String name, Query query) {
        var key = key(name, query);
        store.change(() -> tokens.once("DeleteSchedule", query.text("clientToken", Model.CLIENT_TOKEN), key, () -> {
            stored(key);
            firing.forget(key);
            store.schedules().remove(key);
            return "";
        }));
        return Json.object();
    }

    ObjectNode list(Query query) {
        var group = query.text("ScheduleGroup", Model.NAME);
        var prefix = query.text("NamePrefix", Model.NAME).orElse("");
        var state = query.text("State", Model.STATE);
        group.ifPresent(groups::require);
        var filter = (group.isPresent() ? "" : prefix) + "\t" + state.orElse("");
        return Page.of(store.schedules(), group.map(name -> name + "/" + prefix).orElse(""), query, filter,
                (key, stored) -> {
                    if (!key.substring(key.indexOf('/') + 1).startsWith(prefix)) {
                        return Optional.empty();
                    }
                    var schedule = Schedule.read(stored);
                    var wanted = state.map(asked -> asked.equals("ENABLED") == schedule.enabled()).orElse(true);
                    return wanted ? Optional.of(summary(schedule)) : Optional.empty();
                }).json("Schedules");
    }

    private ObjectNode summary(Schedule schedule) {
        var summary = Json.object().put("Arn", arns.schedule(schedule.key()));
        for (var member : new String[]{"Name", "GroupName", "State", "CreationDate", "LastModificationDate"}) {
            summary.set(member, schedule.document().required(member));
        }
        summary.putObject("Target").put("Arn", schedule.targetArn());
        return summary;
    }

    private Schedule stored(String key) {
        return store.schedule(key).orElseThrow(() -> Refusal.notFound("Schedule " + key.substring(key.indexOf('/') + 1)
                + " does not exist."));
    }

    private static String key(String name, Query query) {
        return query.text("groupName", Model.NAME).orElse(Schedule.DEFAULT_GROUP) + "/" + name;
    }
}
