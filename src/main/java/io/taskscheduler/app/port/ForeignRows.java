package io.taskscheduler.app.port;

import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows that another program put into the table of tasks and that are not tasks yet. Throws {@link Unavailable} like {@link TaskStore}. */
public interface ForeignRows {

    /** The row as it stands now; empty when it is gone or was written by this program. */
    Optional<Row> find(String id);

    /**
     * Makes the row a task, if it is still as it was found.
     *
     * @return {@code false} when the row has changed, and must be found again
     */
    boolean replace(Row row, Task task);

    /**
     * Marks a row whose id no task can have, so that it is found no more.
     *
     * @param redact whether all that the other program put is taken away, but for the id; else all of it stays
     */
    boolean refuse(Row row, List<Violation> violations, boolean redact, Instant now);

    /** A row as it was found. */
    interface Row {

        String id();

        /** All of it as a JSON object; sets are arrays, binary values texts. */
        String json();
    }
}
