package io.taskscheduler.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Tasks;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Actions} does, the fake and the real one alike. */
@Timeout(60)
abstract class ActionsContract {

    /** Where the time-out is what the test waits for. */
    static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** How a receiver fails. */
    enum Trouble {
        SILENT, CLOSES, NOT_HTTP, NOBODY_THERE
    }

    /** One receiver, and the actions that lead to it. */
    interface World extends AutoCloseable {

        Actions actions();

        URI url();

        /** How many requests have come to the receiver. */
        int requests();

        @Override
        void close();
    }

    /** A receiver that answers each request with the status and the body. */
    abstract World answering(int status, String body) throws IOException;

    /** A receiver that fails at each request. */
    abstract World failing(Trouble trouble) throws IOException;

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 404, 429, 503})
    void whatever_the_receiver_answers_is_the_result_of_one_try(int status) throws IOException {
        try (World world = answering(status, "")) {
            assertThat(perform(world)).isInstanceOfSatisfying(Response.class,
                    response -> assertThat(response.statusCode()).isEqualTo(status));
            assertThat(world.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SILENT, TIMEOUT, 1", "CLOSES, CONNECTION_CLOSED, 1", "NOT_HTTP, INVALID_RESPONSE, 1",
            "NOBODY_THERE, CONNECTION_REFUSED, 0"})
    void whatever_goes_wrong_is_the_result_of_one_try(Trouble trouble, FailureKind kind, int requests)
            throws IOException {
        try (World world = failing(trouble)) {
            assertThat(perform(world, trouble)).isInstanceOfSatisfying(Failure.class,
                    failure -> assertThat(failure.kind()).isEqualTo(kind));
            assertThat(world.requests()).isEqualTo(requests);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_result_says_when_it_began_and_how_long_it_took_within_the_time_out(Trouble trouble) throws IOException {
        try (World world = failing(trouble)) {
            AttemptResult result = perform(world, trouble);

            assertThat(result.startedAt()).isEqualTo(Tasks.RUN_AT.plusMillis(20));
            assertThat(result.duration()).isBetween(trouble == Trouble.SILENT ? SHORT : Duration.ZERO,
                    SHORT.plusSeconds(4));
        }
    }

    @Test
    void of_a_long_answer_the_beginning_is_kept() throws IOException {
        try (World world = answering(200, "0123456789".repeat(10_000))) {
            assertThat(perform(world)).isInstanceOfSatisfying(Response.class, response -> assertThat(response.body())
                    .hasSize(AttemptResult.MAX_TEXT).startsWith("0123456789012"));
        }
    }

    @Test
    void each_try_is_a_new_one_however_many_run_at_a_time() throws Exception {
        List<Callable<AttemptResult>> tries;
        try (World world = answering(200, "ok"); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            tries = IntStream.range(0, 24).<Callable<AttemptResult>>mapToObj(i -> () -> perform(world)).toList();

            assertThat(threads.invokeAll(tries).stream().map(Future::resultNow)).hasSize(24)
                    .allSatisfy(result -> assertThat(result).isInstanceOf(Response.class));
            assertThat(world.requests()).isEqualTo(24);
        }
    }

    private static AttemptResult perform(World world) {
        return perform(world, LONG);
    }

    private static AttemptResult perform(World world, Trouble trouble) {
        return perform(world, trouble == Trouble.SILENT ? SHORT : LONG);
    }

    private static AttemptResult perform(World world, Duration timeout) {
        Webhook webhook = new Webhook(world.url(), Webhook.Method.POST, Map.of(), Optional.of("{}"), timeout);
        return world.actions().perform(new Attempt(Tasks.ID, webhook, 1, Tasks.RUN_AT, false, Optional.empty()));
    }
}
