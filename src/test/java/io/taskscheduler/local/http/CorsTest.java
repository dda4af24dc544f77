package io.taskscheduler.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.taskscheduler.local.template.CorsResource;

class CorsTest {
    private static final String ORIGIN = "https://console.example.com";

    private final Cors cors = cors(ORIGIN, "http://localhost:5173");

    @Test
    void a_browser_that_asks_for_an_allowed_origin_is_told_what_it_may() {
        assertThat(cors.preflight(preflight(ORIGIN))).hasValueSatisfying(answer -> {
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers()).containsOnly(
                    Map.entry("access-control-allow-origin", List.of(ORIGIN)),
                    Map.entry("access-control-allow-methods", List.of("GET,PUT")),
                    Map.entry("access-control-allow-headers", List.of("authorization,if-match")),
                    Map.entry("access-control-max-age", List.of("600")));
        });
    }

    @Test
    void one_that_asks_for_a_foreign_origin_is_told_nothing() {
        assertThat(cors.preflight(preflight("https://evil.example")))
                .hasValueSatisfying(answer -> assertThat(answer.headers()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"OPTIONS, none, PUT", "OPTIONS, https://console.example.com, none",
            "PUT, https://console.example.com, PUT"})
    void what_asks_for_something_else_is_no_preflight(String method, @org.jspecify.annotations.Nullable String origin,
            @org.jspecify.annotations.Nullable String asked) {
        assertThat(cors.preflight(request(method, Optional.ofNullable(origin), Optional.ofNullable(asked)))).isEmpty();
    }

    @Test
    void an_answer_has_these_headers_in_place_of_the_functions() {
        Reply.Answer answer = new Reply.Answer(200, Map.of("etag", List.of("\"1\""), "access-control-allow-origin",
                List.of("*"), "access-control-allow-credentials", List.of("true")), new byte[0]);

        assertThat(cors.to(get(ORIGIN), answer).headers()).containsOnly(Map.entry("etag", List.of("\"1\"")),
                Map.entry("access-control-allow-origin", List.of(ORIGIN)),
                Map.entry("access-control-expose-headers", List.of("etag,location")));
        assertThat(cors.to(get("https://evil.example"), answer).headers()).containsOnlyKeys("etag");
        assertThat(cors.to(request("GET", Optional.empty(), Optional.empty()), answer).headers())
                .containsOnlyKeys("etag");
    }

    @ParameterizedTest
    @CsvSource({"*, http://a.example, *", "https://*, https://a.example, https://a.example",
            "https://*, http://a.example, ''",
            "http://localhost, http://localhost:5173, ''"})
    void an_origin_is_allowed_by_its_name_its_scheme_or_with_all(String allowed, String origin, String answered) {
        assertThat(cors(allowed).preflight(preflight(origin)).orElseThrow().headers()
                .getOrDefault("access-control-allow-origin", List.of("")))
                .containsExactly(answered);
    }

    private static Cors cors(String... origins) {
        return new Cors(new CorsResource(List.of(origins), List.of("GET", "PUT"), List.of("authorization", "if-match"),
                List.of("etag", "location"), Optional.of(600)));
    }

    private static Request preflight(String origin) {
        return request("OPTIONS", Optional.of(origin), Optional.of("PUT"));
    }

    private static Request get(String origin) {
        return request("GET", Optional.of(origin), Optional.empty());
    }

    private static Request request(String method, Optional<String> origin, Optional<String> asked) {
        Map<String, List<String>> headers = new java.util.HashMap<>();
        origin.ifPresent(value -> headers.put("origin", List.of(value)));
        asked.ifPresent(value -> headers.put("access-control-request-method", List.of(value)));
        return new Request(method, "/tasks/1", "", headers, new byte[0], "HTTP/1.1", "::1");
    }
}
