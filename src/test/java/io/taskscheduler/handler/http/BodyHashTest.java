package io.taskscheduler.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BodyHashTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {"{\"a\":1,\"b\":2} | { \"b\" : 2 ,\t\"a\": 1 }",
            "1 | 1.0",
            "1|1e0", "100|1E+2", "100|10.0e1", "0.5|5e-1", "0.5|0.050e1", "0|-0.0", "0|0e999999999999", "-7|-70e-1",
            "1e999999999|10e999999998", "1e-99999999999999999999|0.1e-99999999999999999998",
            "1e999999999999999999|0.01e1000000000000000001", "10e999999999999999999|1e1000000000000000000",
            "1e100000000000000000|10e99999999999999999",
            "1e-100000000000000000|0.1e-99999999999999999", "100e-1000000000000000000|1e-999999999999999998",
            "1e+00000000000000000000000|1",
            "1e-0|1", "0.0000000000000000000001e22|1", "\"A\"|\"\\u0041\"",
            "\"/\"|\"\\/\"", "\"é\"|\"\\u00E9\"", "\"😀\"|\"\\ud83d\\ude00\"", "[[],{}]|[ [ ] , { } ]",
            "{\"a\":{\"x\":[1],\"y\":null}}|{\"a\":{\"y\":null,\"x\":[1.00]}}", "{\"\\u0061\":1}|{\"a\":1}"})
    void the_same_value_has_the_same_hash(String one, String other) {
        assertThat(BodyHash.of(one)).isEqualTo(BodyHash.of(other)).matches("[A-Za-z0-9_-]{43}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {"1|2", "1|-1", "1|10", "1|\"1\"", "0|null",
            "false|null", "true|false",
            "[]|{}", "[]|[[]]", "[1,2]|[2,1]", "[1,[2]]|[[1],2]", "[12]|[1,2]", "{\"a\":1}|{\"b\":1}",
            "{\"a\":1}|{\"a\":1,\"b\":1}",
            "{\"a\":\"b\"}|[\"a\",\"b\"]", "{\"a\":{},\"b\":1}|{\"a\":{\"b\":1}}", "\"\"|[]", "\"a\"|\"A\"",
            "\"\\ud800\"|\"\\ud801\"",
            "\"\\ud800\"|\"?\"", "\"\\ud800\"|\"\\ufffd\"", "0.1|0.10000000000000000000001", "1e999999999|1e999999998",
            "9007199254740993|9007199254740992", "1e400|1e401", "1e999999999999999999|1e-999999999999999999",
            "1e999999999999999999|1e999999999999999998", "1e1000000000000000000|1e999999999999999999", "\"1e0\"|1"})
    void another_value_has_another_hash(String one, String other) {
        assertThat(BodyHash.of(one)).isNotEqualTo(BodyHash.of(other));
    }

    static Stream<String> largeOnes() {
        int most = Body.MOST_BYTES;
        String deepest = "[".repeat(250) + "{\"a\":".repeat(249) + "\"" + "x".repeat(200_000) + "\"" + "}".repeat(249)
                + "]".repeat(250);
        return Stream.of("[" + "7".repeat(100_000) + "." + "7".repeat(100_000) + "]",
                "[1e" + "9".repeat(most - 10) + "]", "[1e-" + "9".repeat(most - 10) + "]",
                "[" + "1e999999999,".repeat(20_000) + "0]", "[" + "0,".repeat(most / 2 - 2) + "0]",
                "[" + "[],".repeat(most / 3 - 2) + "0]", "[0." + "0".repeat(most - 10) + "1]", deepest,
                IntStream.range(0, 20_000).mapToObj(i -> "\"" + i + "\":{}")
                        .collect(Collectors.joining(",", "{", "}")),
                "\"" + "\\u0041".repeat(most / 6 - 1) + "\"");
    }

    /** In the processor's time, which other programs do not take. A body that is read as numbers needs minutes. */
    @ParameterizedTest
    @MethodSource("largeOnes")
    @Timeout(120)
    void the_largest_and_deepest_bodies_are_cheap(String body) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long begun = thread.getCurrentThreadCpuTime();
        assertThat(BodyHash.of(body)).hasSize(43);
        assertThat(Duration.ofNanos(thread.getCurrentThreadCpuTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    /** Whoever changes the hash refuses the repetitions of all that was accepted before. */
    @Test
    void the_hash_is_the_one_of_the_rows_that_are_stored() {
        assertThat(BodyHash.of("{\"a\":[1.50,\"x\",true,null]}"))
                .isEqualTo("lPa4f8QiBeujgegrtw61LZOc5Pf8TrenS5GeHrw2Yxc");
    }
}
