package io.taskscheduler.domain;

import java.util.regex.Pattern;

/**
 * What a task is called by: a ULID, 26 characters of Crockford's base 32, so that ids sort by the time they were made and are legal
 * names for an EventBridge schedule. A value that is not a ULID in its canonical upper-case form is refused with an
 * {@link IllegalArgumentException}.
 */
public record TaskId(String value) {

    // The first character carries the 3 highest of 128 bits: 0 to 7.
    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    public TaskId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a task id (a ULID of 26 characters): " + value);
        }
    }

    public static boolean isValid(String value) {
        return ULID.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
