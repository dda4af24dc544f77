package io.taskscheduler.domain;

import java.time.Duration;
import java.util.List;

/**
 * An action that cannot be carried out, because what is stored of the task cannot be understood. A task that has it can only fail.
 *
 * @param kind       the stored word for the action, empty when there is none
 * @param found      what is stored, the first {@value #MOST_FOUND} characters of it as JSON text, for who wants to repair it; it may hold credentials and is never shown or logged
 * @param violations what is wrong with it, at least one
 */
public record Unusable(String kind, String found, List<Violation> violations) implements Action {

    /** Keeps a task that holds it below DynamoDB's 400 KB, whatever letters it is written in. */
    public static final int MOST_FOUND = 80_000;

    public Unusable {
        found = found.substring(0, Math.min(found.length(), MOST_FOUND));
        violations = Violation.few(violations);
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("what is not wrong is usable");
        }
    }

    @Override
    public Duration timeout() {
        return Duration.ZERO;
    }
}
