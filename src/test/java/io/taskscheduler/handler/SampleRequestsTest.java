package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.template.DeployedTemplate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The samples of requests under {@code events/} are what API Gateway hands over: there is one for each route, and each does what its route is for. */
class SampleRequestsTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(
            InMemory.useCases(store, new RecordingTimers(), clock), "{openapi: 3.1.0, info: {}, paths: {}}",
            Webhooks.RULES, clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    static List<Path> samples() throws IOException {
        List<Path> samples = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("events"))) {
            for (Path file : files.sorted().toList()) {
                if (JSON.readTree(Files.readString(file)).has("routeKey")) {
                    samples.add(file);
                }
            }
        }
        return samples;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_sample_is_answered_with_success_as_it_is_described(Path sample) throws IOException {
        store.add(Tasks.scheduled());

        APIGatewayV2HTTPResponse answer = Requests.answer(handler, read(sample));

        assertThat(answer.getStatusCode()).as(answer.getBody()).isBetween(200, 299);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_sample_says_the_same_in_all_its_places(Path sample) throws IOException {
        APIGatewayV2HTTPEvent event = read(sample);
        var http = event.getRequestContext().getHttp();

        assertThat(event.getRequestContext().getRouteKey()).isEqualTo(event.getRouteKey());
        assertThat(http.getPath()).isEqualTo(event.getRawPath());
        assertThat(new Route(event.getRouteKey(), Right.READ, call -> new APIGatewayV2HTTPResponse()))
                .satisfies(route -> assertThat(route.method()).isEqualTo(http.getMethod()))
                .satisfies(route -> assertThat(route.match(event.getRawPath()))
                        .contains(event.getPathParameters() == null ? java.util.Map.of() : event.getPathParameters()));
        if (event.getBody() != null) {
            assertThat(event.getHeaders()).containsEntry("content-length",
                    Integer.toString(Requests.bytes(event.getBody()).length));
        }
    }

    @Test
    void every_route_that_is_deployed_has_a_sample() throws IOException {
        List<String> routes = new ArrayList<>();
        for (Path sample : samples()) {
            routes.add(read(sample).getRouteKey());
        }

        assertThat(routes).containsExactlyInAnyOrderElementsOf(
                RouteResource.of(DeployedTemplate.asWritten().stack()).stream().map(RouteResource::routeKey)
                        .filter(route -> !route.equals("$default")).toList());
    }

    private static APIGatewayV2HTTPEvent read(Path sample) throws IOException {
        return LambdaEventSerializers
                .serializerFor(APIGatewayV2HTTPEvent.class, SampleRequestsTest.class.getClassLoader())
                .fromJson(Files.readString(sample));
    }
}
