package io.taskscheduler.domain;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {

    @Test
    void a_ulid_is_a_task_id() {
        assertThat(TaskId.isValid("01JD5ZK6E0R9W1V8M3Q7T2X4YB")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-4711", "a", "A.b_c-9", "0f8fad5b-d9cb-469f-a165-70867728950e"})
    void what_another_program_calls_a_task_is_a_task_id(String text) {
        assertThat(TaskId.isValid(text)).isTrue();
    }

    @Property
    void what_is_not_in_the_form_is_refused(@ForAll String text) {
        boolean names = text.length() >= 1 && text.length() <= TaskId.MOST_CHARACTERS
                && text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0));

        assertThat(TaskId.isValid(text)).isEqualTo(names);
    }

    @Test
    void an_id_has_64_characters_at_most() {
        assertThat(TaskId.isValid("x".repeat(64))).isTrue();
        assertThat(TaskId.isValid("x".repeat(65))).isFalse();
    }
}
