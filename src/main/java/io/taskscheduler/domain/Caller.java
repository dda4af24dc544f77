package io.taskscheduler.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who asked for a change of a task.
 *
 * @param name        what the API's authentication calls the caller, {@value #MOST_CHARACTERS} characters of it at most
 * @param traceparent of the request, in the form of W3C Trace Context; empty when there was none, or none that is valid
 */
public record Caller(String name, Optional<String> traceparent) {

    /** Source: it is stored with every change, and the longest ARN of a usual role session has less. */
    public static final int MOST_CHARACTERS = 256;

    /** Nobody was asked who they are. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Optional.empty());

    /** Another program, by a row that it put into the table. */
    public static final Caller TABLE = new Caller("table", Optional.empty());

    // Version 00; an all-zero trace or span is invalid by the specification.
    private static final Pattern TRACEPARENT = Pattern
            .compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    public Caller {
        name = name.length() <= MOST_CHARACTERS ? name : name.substring(0, MOST_CHARACTERS);
        // The specification wants one that is not valid to be ignored.
        traceparent = traceparent.filter(value -> TRACEPARENT.matcher(value).matches());
    }
}
