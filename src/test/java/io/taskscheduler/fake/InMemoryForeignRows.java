package io.taskscheduler.fake;

import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rows of another program in memory, beside the store that they become tasks of. */
public final class InMemoryForeignRows implements ForeignRows {

    private final TaskStore store;
    private final Map<String, String> rows = new ConcurrentHashMap<>();

    public InMemoryForeignRows(TaskStore store) {
        this.store = store;
    }

    private record FoundRow(String id, String json) implements Row {}

    /** The other program puts a row. */
    public void put(String id, String json) {
        rows.put(id, json);
    }

    @Override
    public Optional<Row> find(String id) {
        return Optional.ofNullable(rows.get(id)).map(json -> new FoundRow(id, json));
    }

    @Override
    public boolean replace(Row row, Task task) {
        boolean unchanged = rows.remove(row.id(), row.json());
        if (unchanged && store.add(task).isPresent()) {
            throw new IllegalStateException("a task stands beside the row " + row.id());
        }
        return unchanged;
    }

    @Override
    public boolean refuse(Row row, List<Violation> violations, boolean redact, Instant now) {
        return rows.remove(row.id(), row.json());
    }
}
