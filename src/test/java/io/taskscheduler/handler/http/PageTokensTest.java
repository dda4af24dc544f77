package io.taskscheduler.handler.http;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.ListTasks.Filter;
import io.taskscheduler.app.ListTasks.Status;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.app.port.TaskList.Stretch;
import io.taskscheduler.fixture.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokensTest {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final Filter FILTER = new Filter(Status.OPEN, Tasks.CREATED, Tasks.RUN_AT, Optional.of("a.example"),
            Map.of("a", "b", "c", "d"));
    private static final Position POSITION = new Position(Tasks.RUN_AT,
            Map.of(0, "01JD5ZK6E0R9W1V8M3Q7T2X4YB", 15, "x"));

    private final PageTokens tokens = new PageTokens(bytes("key"));

    @Test
    void what_was_written_is_read_again() {
        assertThat(tokens.read(FILTER, tokens.write(FILTER, POSITION))).contains(POSITION);
        Position empty = new Position(Stretch.BEGINNING, Map.of());
        assertThat(tokens.read(FILTER, tokens.write(FILTER, empty))).contains(empty);
    }

    @Test
    void every_character_counts() {
        String token = tokens.write(FILTER, POSITION);
        for (int at = 0; at < token.length(); at++) {
            for (String other : ALPHABET.split("", -1)) {
                String tampered = token.substring(0, at) + other + token.substring(at + 1);
                assertThat(tokens.read(FILTER, tampered)).isEqualTo(
                        tampered.equals(token) ? Optional.of(POSITION) : Optional.empty());
            }
        }
    }

    @Test
    void every_bit_counts() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.write(FILTER, POSITION));
        for (int bit = 0; bit < token.length * 8; bit++) {
            byte[] tampered = token.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(tokens.read(FILTER, text(tampered))).isEmpty();
        }
    }

    @Test
    void a_token_that_was_cut_or_prolonged_is_none() {
        String token = tokens.write(FILTER, POSITION);
        for (int length = 0; length < token.length(); length++) {
            assertThat(tokens.read(FILTER, token.substring(0, length))).isEmpty();
        }
        for (String more : new String[]{"A", "AA", "AAA", "AAAA", "=", "==", " "}) {
            assertThat(tokens.read(FILTER, token + more)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "nonsense", "é", "a+b/", "====", "AAAA AAAA"})
    void what_is_no_token_is_none(String text) {
        assertThat(tokens.read(FILTER, text)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("others")
    void a_token_is_good_for_its_filter_only(Filter other) {
        assertThat(tokens.read(other, tokens.write(FILTER, POSITION))).isEmpty();
    }

    static Stream<Filter> others() {
        Instant from = FILTER.from();
        Instant to = FILTER.to();
        return Stream.of(new Filter(Status.SCHEDULED, from, to, FILTER.host(), FILTER.labels()),
                new Filter(Status.OPEN, from.plusMillis(1), to, FILTER.host(), FILTER.labels()),
                new Filter(Status.OPEN, from, to.plusMillis(1), FILTER.host(), FILTER.labels()),
                new Filter(Status.OPEN, from, to, Optional.empty(), FILTER.labels()),
                new Filter(Status.OPEN, from, to, Optional.of("b.example"), FILTER.labels()),
                new Filter(Status.OPEN, from, to, FILTER.host(), Map.of("a", "b")),
                new Filter(Status.OPEN, from, to, FILTER.host(), Map.of("a", "b\",\"c\":\"d")),
                new Filter(Status.OPEN, from, to, FILTER.host(), Map.of("a", "d", "c", "b")));
    }

    @Test
    void a_token_is_good_with_its_key_only() {
        String token = tokens.write(FILTER, POSITION);

        assertThat(new PageTokens(bytes("another")).read(FILTER, token)).isEmpty();
        assertThat(new PageTokens(bytes("key")).read(FILTER, token)).contains(POSITION);
    }

    /** A header line and with it a URL of API Gateway ends at 10,240 bytes. */
    @Test
    void a_token_is_short_enough_for_a_query_even_at_its_longest() {
        assertThat(tokens.write(FILTER, position(1, 26))).hasSizeLessThan(110);
        assertThat(tokens.write(FILTER, position(16, 26))).hasSizeLessThan(1_200);
        assertThat(tokens.write(FILTER, position(64, 64))).hasSizeLessThan(8_000);
        assertThat(tokens.read(FILTER, tokens.write(FILTER, position(64, 64)))).contains(position(64, 64));
    }

    @Test
    void a_token_shows_nothing_of_the_filter() {
        String decoded = new String(Base64.getUrlDecoder().decode(tokens.write(FILTER, POSITION)),
                StandardCharsets.ISO_8859_1);

        assertThat(decoded).doesNotContain("example", "OPEN", "key");
    }

    private static Position position(int parts, int characters) {
        return new Position(Tasks.RUN_AT, IntStream.range(0, parts).boxed()
                .collect(toMap(identity(), part -> "x".repeat(characters))));
    }

    private static String text(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
