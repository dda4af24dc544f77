package io.taskscheduler.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.adapter.dynamodb.StoreFuzz;
import io.taskscheduler.handler.EventFuzz;
import io.taskscheduler.local.scheduler.TimeFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fuzzing has found worth keeping, tried again in every build. {@code .ci/fuzz} looks for more. */
class CorpusTest {

    private static final Map<String, FuzzTarget> TARGETS = Map.of("request", RequestFuzz::fuzzerTestOneInput, "url",
            UrlFuzz::fuzzerTestOneInput, "token", TokenFuzz::fuzzerTestOneInput, "event",
            EventFuzz::fuzzerTestOneInput, "time", TimeFuzz::fuzzerTestOneInput, "store",
            StoreFuzz::fuzzerTestOneInput);

    @ParameterizedTest
    @ValueSource(strings = {"request", "url", "token", "event", "time", "store"})
    void what_was_tried_once_holds_today(String name) throws Exception {
        List<Path> inputs = inputs(name);

        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            try {
                TARGETS.getOrDefault(name, _ -> {
                    throw new AssertionError(name);
                }).accept(bytes);
            } catch (Exception | AssertionError broken) {
                throw new AssertionError(input + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static List<Path> inputs(String name) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz", name))) {
            return files.sorted().toList();
        }
    }
}
