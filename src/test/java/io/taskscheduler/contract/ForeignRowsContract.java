package io.taskscheduler.contract;

import static io.taskscheduler.fixture.Tasks.CREATED;
import static io.taskscheduler.fixture.Tasks.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.app.port.ForeignRows.Row;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.fixture.Tasks;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What every {@link ForeignRows} does, the fake and the real one alike. */
abstract class ForeignRowsContract {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ROW = "{\"action\":\"webhook\",\"payload\":{\"url\":\"https://a.example/\",\"data\":[1,true,null,\"x\"]},\"run_at\":\"2027-05-17T15:00:00Z\",\"task_id\":\"%s\"}";

    private final TaskId id = new TaskId(UUID.randomUUID().toString());
    private final Task task = Tasks.scheduled(id);

    /** Rows of another program, and the store that they become tasks of. */
    interface World {

        TaskStore store();

        ForeignRows rows();

        /** The other program puts a row. */
        void put(String id, String json);
    }

    abstract World world();

    @Test
    void a_row_is_found_with_all_that_was_put() {
        World world = world();
        world.put(id.value(), ROW.formatted(id));

        Row row = world.rows().find(id.value()).orElseThrow();

        assertThat(row.id()).isEqualTo(id.value());
        assertThat(JSON.readTree(row.json())).isEqualTo(JSON.readTree(ROW.formatted(id)));
        assertThat(world.store().find(id)).isEmpty();
    }

    @Test
    void a_row_that_is_not_there_is_not_found() {
        assertThat(world().rows().find(id.value())).isEmpty();
    }

    @Test
    void a_row_becomes_a_task_once() {
        World world = world();
        world.put(id.value(), ROW.formatted(id));
        Row row = world.rows().find(id.value()).orElseThrow();

        assertThat(world.rows().replace(row, task)).isTrue();
        assertThat(world.rows().replace(row, task)).isFalse();

        assertThat(world.store().find(id)).contains(task);
        assertThat(world.rows().find(id.value())).isEmpty();
    }

    @Test
    void a_row_that_has_changed_stays_as_it_is() {
        World world = world();
        world.put(id.value(), ROW.formatted(id));
        Row row = world.rows().find(id.value()).orElseThrow();
        world.put(id.value(), ROW.formatted(id).replace("15:00", "16:00"));

        assertThat(world.rows().replace(row, task)).isFalse();
        assertThat(world.rows().refuse(row, List.of(new Violation("a", "b")), false, CREATED)).isFalse();

        assertThat(world.rows().find(id.value()).orElseThrow().json()).contains("16:00");
    }

    @Test
    void a_row_that_is_to_be_redacted_since_it_was_found_stays_as_it_is() {
        World world = world();
        world.put(id.value(), ROW.formatted(id));
        Row row = world.rows().find(id.value()).orElseThrow();
        world.put(id.value(), ROW.formatted(id).replace("{\"action\"", "{\"redact\":true,\"action\""));

        assertThat(world.rows().replace(row, task)).isFalse();
    }

    @Test
    void a_row_without_any_of_the_attributes_can_be_replaced_too() {
        World world = world();
        world.put(id.value(), "{\"task_id\":\"" + id + "\"}");
        Row row = world.rows().find(id.value()).orElseThrow();

        assertThat(world.rows().replace(row, task)).isTrue();
    }

    @Test
    void a_refused_row_is_found_no_more() {
        World world = world();
        String odd = "no id! " + id;
        world.put(odd, ROW.formatted(odd));

        assertThat(world.rows().refuse(world.rows().find(odd).orElseThrow(),
                List.of(new Violation("task_id", "is odd")), false, RUN_AT)).isTrue();

        assertThat(world.rows().find(odd)).isEmpty();
    }
}
