package io.taskscheduler.local.faults;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One told fault, member by member. What is wrong is noted, and read as if it were not there. */
final class Entry {
    private static final int MOST = 1_000_000;
    private static final int LONGEST_HANG_MS = 600_000;

    private final ObjectNode json;
    private final String path;
    private final Map<String, String> violations;

    Entry(ObjectNode json, String path, Map<String, String> violations) {
        this.json = json;
        this.path = path;
        this.violations = violations;
    }

    /** Notes the first thing that is wrong with a member, or, without a name, with the whole. */
    void wrong(String member, String problem) {
        violations.putIfAbsent(member.isEmpty() ? path : path + "." + member, problem);
    }

    boolean has(String member) {
        return json.has(member);
    }

    void onlyKnows(Set<String> members, String who) {
        Set<String> all = new TreeSet<>(members);
        all.addAll(Set.of("service", "when", "times", "skip"));
        json.propertyNames().stream().filter(name -> !all.contains(name))
                .forEach(name -> wrong(name, "is unknown here: a fault of " + who + " has " + String.join(", ", all)));
    }

    Optional<String> text(String member, String expected) {
        JsonNode value = json.path(member);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            wrong(member, expected);
            return Optional.empty();
        }
        return Optional.of(value.stringValue());
    }

    OptionalInt number(String member, int least, int most) {
        JsonNode value = json.path(member);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least
                || value.intValue() > most) {
            wrong(member, "must be a whole number from " + least + " to " + most);
            return OptionalInt.empty();
        }
        return OptionalInt.of(value.intValue());
    }

    Duration hang() {
        return Duration.ofMillis(number("hang_ms", 1, LONGEST_HANG_MS).orElse(0));
    }

    Fault.When when() {
        String expected = "must be before or after";
        return switch (text("when", expected).orElse("before")) {
            case "before" -> Fault.When.BEFORE;
            case "after" -> Fault.When.AFTER;
            default -> {
                wrong("when", expected);
                yield Fault.When.BEFORE;
            }
        };
    }

    /** The fault as it is kept, with what it was told beside its own. */
    Optional<Waiting> waiting(Optional<Fault> fault) {
        int times = number("times", 1, MOST).orElse(1);
        int skip = number("skip", 0, MOST).orElse(0);
        return fault.map(read -> new Waiting(read, json.deepCopy(), skip, times));
    }
}
