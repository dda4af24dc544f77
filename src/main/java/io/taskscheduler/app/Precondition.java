package io.taskscheduler.app;

import io.taskscheduler.domain.Task;
import java.util.Optional;
import java.util.Set;

/** What a caller takes for granted about a task that they want to change: when it does not hold, nothing is changed. */
public sealed interface Precondition {

    boolean holds(Optional<Task> task);

    /** Nothing. */
    record None() implements Precondition {

        @Override
        public boolean holds(Optional<Task> task) {
            return true;
        }
    }

    /** There is one. */
    record Exists() implements Precondition {

        @Override
        public boolean holds(Optional<Task> task) {
            return task.isPresent();
        }
    }

    /** There is none. */
    record IsAbsent() implements Precondition {

        @Override
        public boolean holds(Optional<Task> task) {
            return task.isEmpty();
        }
    }

    /** It has not moved since it had one of these versions. */
    record HasVersion(Set<Long> versions) implements Precondition {

        public HasVersion {
            versions = Set.copyOf(versions);
        }

        @Override
        public boolean holds(Optional<Task> task) {
            return task.map(Task::version).filter(versions::contains).isPresent();
        }
    }
}
