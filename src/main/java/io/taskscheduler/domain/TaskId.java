package io.taskscheduler.domain;

import java.util.regex.Pattern;

/**
 * What a task is called by: 1 to {@value #MOST_CHARACTERS} of {@code A-Z a-z 0-9 _ . -}, so that with a wake-up's number it is a legal name for
 * an EventBridge schedule. The API gives ULIDs, which sort by the time they were made; rows from elsewhere bring their own. Anything else is
 * refused with an {@link IllegalArgumentException}.
 */
public record TaskId(String value) {

    /** Source: a schedule's name has at most 64 characters; a hyphen and a wake-up's number, 15 digits at most, follow the id. */
    static final int MOST_CHARACTERS = 48;

    /** What an id must be, for who brought another. */
    public static final String RULE = "must be 1 to " + MOST_CHARACTERS + " of A-Z a-z 0-9 _ . -";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1," + MOST_CHARACTERS + "}");

    public TaskId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a task's id " + RULE);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
