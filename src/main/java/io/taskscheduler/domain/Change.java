package io.taskscheduler.domain;

import java.util.List;

/** What a caller's wish to change a task comes to. */
public sealed interface Change {

    /** Store the transition; then set the task's timer, if it waits for one. */
    record Made(Transition transition) implements Change {}

    /** As {@link Made}; it makes a new task in the place of one that has come to its end. */
    record Anew(Transition transition) implements Change {}

    /** The task is as the caller wants it. */
    record Unneeded() implements Change {}

    /** An attempt holds the task. */
    record TooLate() implements Change {}

    /** The task has come to its end. */
    record AlreadyFinished() implements Change {}

    /** The wish does not fit to what the task has already. */
    record Invalid(List<Violation> violations) implements Change {

        public Invalid {
            violations = List.copyOf(violations);
        }
    }
}
