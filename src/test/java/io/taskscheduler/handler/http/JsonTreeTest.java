package io.taskscheduler.handler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.json.JsonMapper;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JsonTreeTest {

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "true", "-0", "2147483648", "9223372036854775808", "\"a\\u0000b\"",
            "{\"a\": [1, {\"b\": null}, [\"c\", false]], \"d\": {}}"})
    void makes_the_tree_that_the_mapper_makes(String text) {
        assertThat(JsonTree.read(text)).isEqualTo(new JsonMapper().readTree(text));
        assertThat(JsonTree.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new JsonMapper().readTree(text));
    }

    @Test
    void a_fraction_keeps_every_digit() {
        assertThat(JsonTree.read("300.00000000000000001").decimalValue())
                .isEqualTo(new BigDecimal("300.00000000000000001"));
    }

    @Test
    void of_a_member_that_comes_twice_the_last_counts() {
        assertThat(JsonTree.read("{\"a\": 1, \"a\": 2}").path("a").intValue()).isEqualTo(2);
    }

    @Test
    void nothing_is_a_missing_node() {
        assertThat(JsonTree.read("  ").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7E77777777777777718", "{\"a\": [-1.5e-99999999999]}"})
    void a_number_that_no_BigDecimal_holds_is_told(String text) {
        assertThatExceptionOfType(StreamConstraintsException.class).isThrownBy(() -> JsonTree.read(text))
                .withMessageContaining("out of range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"a\"", "{\"a\":", "{\"a\":}", "]", "nul", "01"})
    void what_is_no_JSON_is_told(String text) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JsonTree.read(text));
    }

    @Test
    void deeper_than_the_parser_goes_is_told() {
        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> JsonTree.read("[".repeat(501) + "]".repeat(501)));
    }
}
