package io.taskscheduler.handler.http;

import io.taskscheduler.app.Precondition;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A task's version as an entity tag, and the conditions that callers put with such tags (RFC 9110, 13.1). */
public final class EntityTag {

    // One tag and what ends it. A weak one is never equal to another where equality must be strong.
    private static final Pattern NEXT = Pattern
            .compile("\\G[ \\t]*(?<weak>W/)?\"(?<tag>[!#-~]*)\"[ \\t]*(?<end>,|$)");
    private static final Pattern VERSION = Pattern.compile("0|[1-9][0-9]{0,17}");

    private EntityTag() {}

    static String of(Task task) {
        return "\"" + task.version() + "\"";
    }

    /** Whether the caller of a {@code GET} has the task as it stands. */
    public static boolean isKnown(Optional<String> ifNoneMatch, Task task) {
        return ifNoneMatch.filter(header -> header.strip().equals("*")
                || tags(header, true).contains(Long.toString(task.version()))).isPresent();
    }

    /**
     * What a change takes for granted.
     *
     * @param faults takes what is wrong with the headers
     */
    public static Precondition precondition(Optional<String> ifMatch, Optional<String> ifNoneMatch,
            List<Violation> faults) {
        if (ifMatch.isPresent() && ifNoneMatch.isPresent()) {
            faults.add(new Violation("If-None-Match", "cannot stand beside If-Match"));
        }
        if (ifNoneMatch.isPresent()) {
            if (!ifNoneMatch.get().strip().equals("*")) {
                faults.add(new Violation("If-None-Match",
                        "must be * where something is changed: only if there is no such task"));
            }
            return new Precondition.IsAbsent();
        }
        return ifMatch.map(header -> ifMatch(header, faults)).orElseGet(Precondition.None::new);
    }

    private static Precondition ifMatch(String header, List<Violation> faults) {
        if (header.strip().equals("*")) {
            return new Precondition.Exists();
        }
        if (!areTags(header)) {
            faults.add(new Violation("If-Match", "must be * or tags in double quotes, as ETag gives them"));
        }
        Set<Long> versions = new HashSet<>();
        tags(header, false).stream().filter(tag -> VERSION.matcher(tag).matches()).map(Long::valueOf)
                .forEach(versions::add);
        return new Precondition.HasVersion(versions);
    }

    /** One after the other: a pattern for all of them would be matched by recursion, which ends in a long header. */
    private static boolean areTags(String header) {
        Matcher next = NEXT.matcher(header);
        while (next.find()) {
            if (next.group("end").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static List<String> tags(String header, boolean weakToo) {
        List<String> tags = new ArrayList<>();
        Matcher next = NEXT.matcher(header);
        while (next.find()) {
            if (weakToo || next.group("weak") == null) {
                tags.add(next.group("tag"));
            }
        }
        return tags;
    }
}
