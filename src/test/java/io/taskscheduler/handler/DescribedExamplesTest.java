package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ApiDocument;
import io.taskscheduler.fixture.ApiDocument.Operation;
import io.taskscheduler.fixture.ApiDocument.Place;
import io.taskscheduler.fixture.ApiExamples;
import io.taskscheduler.fixture.ApiExamples.Example;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.handler.http.OpenApiDocument;
import io.taskscheduler.wiring.Settings.ApiAuth;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The examples of {@code openapi.yaml} are possible: each fits its schema, and a call that is made of them succeeds. */
class DescribedExamplesTest {

    private static final ApiDocument DOCUMENT = ApiDocument.asWritten();

    /** Their values come out of an earlier answer; an example shows no more than their form. */
    private static final Set<String> OUT_OF_AN_ANSWER = Set.of("next_token", "If-Match");

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(
            InMemory.useCases(store, new RecordingTimers(), clock),
            OpenApiDocument.inForce(ApiAuth.IAM, Optional.empty()), Webhooks.RULES, clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @ParameterizedTest
    @MethodSource
    void an_example_fits_its_schema(Example example) {
        assertThat(example.faults()).isEmpty();
    }

    static List<Example> an_example_fits_its_schema() {
        return ApiExamples.all(DOCUMENT);
    }

    /** A call of an operation: one body, and all parameters that must be given, beside at most one that may. */
    record Call(Operation operation, List<Parameter> parameters, Optional<Example> body) {

        APIGatewayV2HTTPEvent event() {
            Map<String, String> headers = in("header");
            body.ifPresent(any -> headers.put("content-type", "application/json"));
            Map<String, String> pathParameters = in("path");
            String path = operation.path().name();
            for (Map.Entry<String, String> parameter : pathParameters.entrySet()) {
                path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
            }
            return Requests.event(operation.route(), path).withPathParameters(pathParameters).withHeaders(headers)
                    .withQueryStringParameters(in("query")).withBody(body.map(b -> b.value().toString()).orElse(null))
                    .build();
        }

        private Map<String, String> in(String where) {
            Map<String, String> found = new HashMap<>();
            parameters.stream().filter(parameter -> parameter.in().equals(where))
                    .forEach(parameter -> found.putAll(parameter.pairs()));
            return found;
        }

        @Override
        public String toString() {
            return operation.route() + parameters.stream().map(p -> " " + p.example()).toList()
                    + body.map(Example::toString).orElse("");
        }
    }

    record Parameter(String name, String in, boolean isRequired, Example example) {

        /** As it is written in a query: the members of an object stand there as parameters themselves. */
        Map<String, String> pairs() {
            JsonNode value = example.value();
            return value.isObject()
                    ? value.properties().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, member -> member.getValue().asString()))
                    : Map.of(name, value.asString());
        }

        boolean isNamedAs(Parameter other) {
            return name.equals(other.name) && in.equals(other.in);
        }

        static Stream<Parameter> of(Place place) {
            return ApiExamples.of(place).map(example -> new Parameter(place.node().path("name").asString(),
                    place.node().path("in").asString(), place.node().path("required").asBoolean(false), example));
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_call_that_is_made_of_examples_succeeds(Call call) {
        store.add(Tasks.scheduled());

        APIGatewayV2HTTPResponse answer = Requests.answer(handler, call.event());

        assertThat(answer.getStatusCode()).as(answer.getBody()).isBetween(200, 299);
    }

    static List<Call> calls() {
        return DOCUMENT.operations().stream().flatMap(DescribedExamplesTest::calls).toList();
    }

    private static Stream<Call> calls(Operation operation) {
        List<Parameter> own = parameters(operation.place());
        // An operation's parameter stands in the place of the path's.
        List<Parameter> parameters = Stream.concat(parameters(operation.path()).stream()
                .filter(parameter -> own.stream().noneMatch(parameter::isNamedAs)), own.stream()).toList();
        List<Parameter> required = parameters.stream().filter(Parameter::isRequired).toList();
        Stream<List<Parameter>> optional = parameters.stream().filter(parameter -> !parameter.isRequired())
                .filter(parameter -> !OUT_OF_AN_ANSWER.contains(parameter.name()))
                .map(parameter -> Stream.concat(required.stream(), Stream.of(parameter)).toList());
        List<Optional<Example>> bodies = bodies(operation);
        return Stream.concat(Stream.of(required), optional)
                .flatMap(given -> bodies.stream().map(body -> new Call(operation, given, body)));
    }

    private static List<Parameter> parameters(Place place) {
        return place.get("parameters").members().map(Place::followed).flatMap(Parameter::of).toList();
    }

    private static List<Optional<Example>> bodies(Operation operation) {
        Place request = operation.place().get("requestBody");
        return request.exists()
                ? ApiExamples.of(request.get("content").get("application/json")).map(Optional::of).toList()
                : List.of(Optional.empty());
    }

    @Test
    void no_operation_is_without_a_call() {
        assertThat(calls().stream().map(call -> call.operation().route()).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        DOCUMENT.operations().stream().map(Operation::route).toList());
    }
}
