package io.taskscheduler.domain;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TaskIdTest {

    @Test
    void a_ulid_is_a_task_id() {
        assertThat(TaskId.isValid("01JD5ZK6E0R9W1V8M3Q7T2X4YB")).isTrue();
    }

    @Property
    void anything_else_is_refused(@ForAll String text) {
        assertThat(TaskId.isValid(text)).isFalse();
    }
}
