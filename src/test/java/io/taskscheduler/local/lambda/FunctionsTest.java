package io.taskscheduler.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.faults.Faults;
import io.taskscheduler.local.faults.FaultyActions;
import io.taskscheduler.local.http.Request;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.FunctionResource.AsyncPolicy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FunctionsTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVENT = "{\"n\":1}";
    private static final AsyncPolicy TO_QUEUE = new AsyncPolicy(2, Duration.ofHours(6), Optional.empty(),
            Optional.of("arn:queue"), Optional.empty());

    private final VirtualClock clock = new VirtualClock(() -> NOON);
    private final Agenda agenda = new Agenda(clock);
    private final List<Instant> runs = new CopyOnWriteArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    private record Sent(String arn, String body, Map<String, String> attributes) {}

    @AfterEach
    void end() {
        agenda.close();
    }

    @Test
    void a_failed_event_is_tried_again_after_one_minute_and_after_two_more() throws InterruptedException {
        Functions functions = functions(function(TO_QUEUE, failing()));

        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(runs).containsExactly(NOON, NOON.plusSeconds(60), NOON.plusSeconds(180));
    }

    @Test
    void of_very_many_events_a_hundred_run_at_a_time_and_all_in_the_end() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(100);
        Functions functions = functions(function(TO_QUEUE, (RequestStreamHandler) (in, out, context) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            full.countDown();
            awaitUninterruptibly(full);
            running.decrementAndGet();
            done.incrementAndGet();
        }));

        for (int i = 0; i < 250; i++) {
            functions.accept(functions.find("work").orElseThrow(), EVENT);
        }
        agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(done).hasValue(250);
        assertThat(most).hasValue(100);
    }

    /** The real time stands still: a run that held up the move would be timed out and tried again. */
    @Test
    void a_run_that_pauses_does_not_hold_up_a_move() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        Functions functions = functions(function(TO_QUEUE, (RequestStreamHandler) (in, out, context) -> {
            running.countDown();
            agenda.pauseUntil(NOON.plusMillis(900));
            runs.add(clock.instant());
        }));
        LocalFunction work = functions.find("work").orElseThrow();

        functions.accept(work, EVENT);
        CompletableFuture<Outcome> invoked = CompletableFuture.supplyAsync(() -> invoke(functions, work));
        running.await();
        agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(runs).containsExactly(NOON.plusMillis(900), NOON.plusMillis(900));
        assertThat(invoked.get()).isInstanceOf(Outcome.Answer.class);
    }

    private static Outcome invoke(Functions functions, LocalFunction function) {
        try {
            return functions.invoke(function, EVENT.getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_event_given_up_goes_to_the_failure_destination_in_lambdas_shape() throws InterruptedException {
        Functions functions = functions(function(TO_QUEUE, failing()));

        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(record.arn()).isEqualTo("arn:queue");
            JsonNode body = JSON.readTree(record.body());
            assertThat(body.path("version").stringValue()).isEqualTo("1.0");
            assertThat(body.path("timestamp").stringValue()).isEqualTo("2026-11-20T12:03:00Z");
            assertThat(body.at("/requestContext/functionArn").stringValue())
                    .isEqualTo("arn:aws:lambda:us-east-1:123456789012:function:work:$LATEST");
            assertThat(body.at("/requestContext/condition").stringValue()).isEqualTo("RetriesExhausted");
            assertThat(body.at("/requestContext/approximateInvokeCount").intValue()).isEqualTo(3);
            assertThat(body.path("requestPayload").toString()).isEqualTo(EVENT);
            assertThat(body.at("/responseContext/statusCode").intValue()).isEqualTo(200);
            assertThat(body.at("/responseContext/functionError").stringValue()).isEqualTo("Unhandled");
            assertThat(body.at("/responsePayload/errorMessage").stringValue()).isEqualTo("no luck");
            assertThat(body.at("/responsePayload/errorType").stringValue())
                    .isEqualTo("java.lang.IllegalStateException");
        });
    }

    @Test
    void a_dead_letter_queue_gets_the_bare_event() throws InterruptedException {
        AsyncPolicy deadLetter = new AsyncPolicy(0, Duration.ofHours(6), Optional.empty(), Optional.empty(),
                Optional.of("arn:dlq"));
        Functions functions = functions(function(deadLetter, failing()));

        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(runs).containsExactly(NOON);
        assertThat(sent).singleElement().satisfies(message -> {
            assertThat(message.body()).isEqualTo(EVENT);
            assertThat(message.attributes()).containsEntry("ErrorMessage", "no luck").containsKeys("RequestID",
                    "ErrorCode");
        });
    }

    @Test
    void an_event_that_would_be_too_old_for_its_next_try_is_given_up() throws InterruptedException {
        AsyncPolicy young = new AsyncPolicy(2, Duration.ofSeconds(90), Optional.empty(), Optional.of("arn:queue"),
                Optional.empty());
        Functions functions = functions(function(young, failing()));

        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(runs).containsExactly(NOON, NOON.plusSeconds(60));
        assertThat(sent).singleElement().extracting(Sent::body).asString().contains("EventAgeExceeded");
    }

    @Test
    void a_success_ends_it_and_is_told_to_the_success_destination() throws InterruptedException {
        AsyncPolicy told = new AsyncPolicy(2, Duration.ofHours(6), Optional.of("arn:done"), Optional.of("arn:queue"),
                Optional.empty());
        Functions functions = functions(function(told, (RequestStreamHandler) (in, out, context) -> {
            runs.add(clock.instant());
            out.write("\"done\"".getBytes(StandardCharsets.UTF_8));
        }));

        functions.accept(functions.find("arn:aws:lambda:us-east-1:123456789012:function:work:live").orElseThrow(),
                EVENT);
        agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(runs).hasSize(1);
        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(record.arn()).isEqualTo("arn:done");
            assertThat(record.body()).contains("\"condition\":\"Success\"").contains("\"responsePayload\":\"done\"");
        });
    }

    @Test
    void a_function_that_is_switched_off_gives_its_events_up() throws InterruptedException {
        FunctionResource off = resource(TO_QUEUE, Duration.ofSeconds(5), OptionalInt.of(0));
        Functions functions = functions(new LocalFunction(off, any -> failing()));

        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(runs).isEmpty();
        assertThat(sent).singleElement().extracting(Sent::body).asString().contains("ZeroReservedConcurrency");
    }

    @Test
    void an_accepted_event_survives_the_process(@TempDir Path folder) throws Exception {
        Functions functions = functions(function(TO_QUEUE, failing()), new FileAsyncEvents(folder));
        functions.accept(functions.find("work").orElseThrow(), EVENT);
        agenda.advanceBy(Duration.ofSeconds(30));
        agenda.close();
        // What a process leaves that was killed while it wrote.
        Files.writeString(folder.resolve("cut-short.begun"), "{\"requestId\":");

        AsyncEvents events = new FileAsyncEvents(folder);
        try (Agenda next = new Agenda(clock)) {
            Functions again = new Functions(List.of(function(TO_QUEUE, failing())), next, clock, events, this::send);
            again.resume();
            next.advanceBy(Duration.ofMinutes(10));
        }
        assertThat(events.left()).isEmpty();
        assertThat(runs).containsExactly(NOON, NOON.plusSeconds(60), NOON.plusSeconds(180));
        assertThat(sent).hasSize(1);
    }

    @Test
    void a_run_that_died_with_the_process_is_tried_again_after_a_pause(@TempDir Path folder) throws Exception {
        dieWhileRunning(folder, 0);

        AsyncEvents events = new FileAsyncEvents(folder);
        try (Agenda next = new Agenda(clock)) {
            Functions again = new Functions(List.of(function(TO_QUEUE, failing())), next, clock, events, this::send);
            again.resume();
            next.advanceBy(Duration.ofMinutes(10));
        }
        assertThat(runs).containsExactly(NOON.plusSeconds(60), NOON.plusSeconds(180));
        assertThat(sent).hasSize(1);
    }

    @Test
    void the_last_run_that_died_with_the_process_is_given_up(@TempDir Path folder) throws Exception {
        dieWhileRunning(folder, 2);

        AsyncEvents events = new FileAsyncEvents(folder);
        try (Agenda next = new Agenda(clock)) {
            Functions again = new Functions(List.of(function(TO_QUEUE, failing())), next, clock, events, this::send);
            again.resume();
            next.advanceBy(Duration.ofMinutes(10));
        }
        assertThat(runs).isEmpty();
        assertThat(sent).singleElement().extracting(Sent::body).asString().contains("RetriesExhausted");
        assertThat(events.left()).isEmpty();
    }

    /** What a killed process leaves: an event whose run, after that many failed ones, has begun and not ended. */
    private void dieWhileRunning(Path folder, int failed) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AsyncEvents events = new FileAsyncEvents(folder);
        events.put(new AsyncEvent("died", "work", EVENT, NOON, failed, NOON));
        Functions functions = functions(function(TO_QUEUE, (RequestStreamHandler) (in, out, context) -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }), events);
        functions.resume();
        running.await();
    }

    @Test
    void a_run_that_outlasts_the_functions_time_out_is_reported_as_lambda_does() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        FunctionResource hasty = resource(TO_QUEUE, Duration.ofMillis(50), OptionalInt.empty());
        LocalFunction function = new LocalFunction(hasty, any -> (RequestStreamHandler) (in, out, context) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        Outcome outcome = function.invoke("id-1", EVENT.getBytes(StandardCharsets.UTF_8));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failure.class,
                failure -> assertThat(new String(failure.json(),
                        StandardCharsets.UTF_8)).contains("Sandbox.Timedout")
                        .contains("RequestId: id-1 Error: Task timed out after 0.05 seconds"));
    }

    @Test
    void a_run_that_dies_is_reported_as_lambda_does_and_gives_its_place_free() throws InterruptedException {
        Faults faults = new Faults();
        faults.control(Set.of("Work")).answer(new Request("PUT", "/_local/faults", "", Map.of(),
                "[{\"service\": \"lambda\", \"function\": \"Work\", \"kill_at_call\": 1}]"
                        .getBytes(StandardCharsets.UTF_8),
                "HTTP/1.1", "127.0.0.1"));
        Actions outside = new FaultyActions(attempt -> new Response(NOON, Duration.ZERO, 200, "", Optional.empty()),
                clock);
        LocalFunction function = new LocalFunction(resource(TO_QUEUE, Duration.ofMinutes(1), OptionalInt.of(1)),
                any -> (RequestStreamHandler) (in, out, context) -> outside
                        .perform(new Actions.Attempt(Tasks.ID, Tasks.WEBHOOK, 1, NOON, false, Optional.empty())),
                faults);

        Outcome first = invoke(function);
        Outcome second = invoke(function);

        assertThat(first).isInstanceOfSatisfying(Outcome.Failure.class,
                failure -> assertThat(new String(failure.json(), StandardCharsets.UTF_8))
                        .matches("\\{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":"
                                + "\"RequestId: .+ Error: Runtime exited with error: exit status 1\"}"));
        assertThat(second).isInstanceOf(Outcome.Answer.class);
    }

    @Test
    void no_more_run_at_a_time_than_the_template_reserves() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        FunctionResource single = resource(TO_QUEUE, Duration.ofMinutes(1), OptionalInt.of(1));
        LocalFunction function = new LocalFunction(single, any -> (RequestStreamHandler) (in, out, context) -> {
            running.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<Outcome> first = new ArrayList<>();
        Thread other = Thread.ofVirtual().start(() -> first.add(invoke(function)));
        running.await();

        Outcome second = invoke(function);
        end.countDown();
        other.join();

        assertThat(second).isInstanceOf(Outcome.Throttled.class);
        assertThat(first).singleElement().isInstanceOf(Outcome.Answer.class);
    }

    @Test
    void typed_events_pass_through_lambdas_serialisation() throws InterruptedException {
        class Echo implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
            @Override
            public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
                return APIGatewayV2HTTPResponse.builder().withStatusCode(200)
                        .withBody(event.getRawPath() + " " + event.getRequestContext().getHttp().getMethod() + " "
                                + context.getFunctionName() + " " + context.getMemoryLimitInMB() + " "
                                + (context.getRemainingTimeInMillis() > 0))
                        .build();
            }
        }
        LocalFunction function = function(TO_QUEUE, new Echo());

        Outcome outcome = function.invoke("id",
                "{\"rawPath\":\"/a\",\"requestContext\":{\"http\":{\"method\":\"PUT\"}}}"
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Answer.class,
                answer -> assertThat(JSON.readTree(answer.json()).path("body").stringValue())
                        .isEqualTo("/a PUT work 256 true"));
    }

    @Test
    void typed_events_of_ones_own_pass_through_lambdas_serialisation() throws InterruptedException {
        class Sizes implements RequestHandler<Map<String, Object>, Map<String, Integer>> {
            @Override
            public Map<String, Integer> handleRequest(Map<String, Object> event, Context context) {
                return Map.of("size", event.size());
            }
        }
        LocalFunction function = function(TO_QUEUE, new Sizes());

        Outcome outcome = function.invoke("id", "{\"a\":1,\"b\":2}".getBytes(StandardCharsets.UTF_8));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Answer.class,
                answer -> assertThat(new String(answer.json(), StandardCharsets.UTF_8)).isEqualTo("{\"size\":2}"));
    }

    private static Outcome invoke(LocalFunction function) {
        try {
            return function.invoke("id", EVENT.getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RequestStreamHandler failing() {
        return new RequestStreamHandler() {
            @Override
            public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
                runs.add(clock.instant());
                assertThat(new String(input.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(EVENT);
                throw new IllegalStateException("no luck");
            }
        };
    }

    private void send(String arn, String body, Map<String, String> attributes) {
        sent.add(new Sent(arn, body, attributes));
    }

    private Functions functions(LocalFunction function) {
        return functions(function, AsyncEvents.inMemory());
    }

    private Functions functions(LocalFunction function, AsyncEvents events) {
        return new Functions(List.of(function), agenda, clock, events, this::send);
    }

    private static LocalFunction function(AsyncPolicy policy, Object handler) {
        return new LocalFunction(resource(policy, Duration.ofSeconds(5), OptionalInt.empty()), any -> handler);
    }

    private static FunctionResource resource(AsyncPolicy policy, Duration timeout, OptionalInt concurrency) {
        return new FunctionResource("Work", "work", "arn:aws:lambda:us-east-1:123456789012:function:work", "a.B",
                timeout, 256,
                Map.of(), concurrency, policy);
    }
}
