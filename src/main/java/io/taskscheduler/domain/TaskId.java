package io.taskscheduler.domain;

import java.util.regex.Pattern;

/**
 * What a task is called by: 1 to {@value #MOST_CHARACTERS} of {@code A-Z a-z 0-9 _ . -}. The API gives ULIDs, which sort by the time they were
 * made; callers may bring a name of their own, and so do rows from elsewhere. Anything else is refused with an
 * {@link IllegalArgumentException}.
 */
public record TaskId(String value) {

    static final int MOST_CHARACTERS = 64;

    /** What an id must be, for who brought another. */
    public static final String RULE = "must be 1 to " + MOST_CHARACTERS + " of A-Z a-z 0-9 _ . -";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1," + MOST_CHARACTERS + "}");

    // Crockford's alphabet, in any case; the first character holds three bits.
    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}");

    public TaskId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a task's id " + RULE);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    /** Whether it has the form of those that the API gives, which no caller may choose. */
    public boolean isUlid() {
        return ULID.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
