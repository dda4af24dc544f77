package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.template.Resource;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes that are deployed, those that the handler answers and those that the OpenAPI document describes are the same. */
class DeclaredRoutesTest {

    private static final String DEFAULT = "$default";

    private final ManualClock clock = new ManualClock(Tasks.CREATED);
    private final InMemoryTaskStore store = new InMemoryTaskStore();
    private final RecordingTimers timers = new RecordingTimers();
    private final ScheduleTaskHandler handler = new ScheduleTaskHandler(
            InMemory.useCases(store, timers, clock), "openapi: 3.1.0", Webhooks.RULES,
            clock,
            new Log(clock, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void what_is_deployed_is_answered_and_described_and_the_other_way_round() throws IOException {
        assertThat(described()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(faults(template)).isEmpty();
    }

    @Test
    void a_route_that_is_deployed_under_another_name_is_found() throws IOException {
        assertThat(faults(template.where("GetTaskRoute", "{task_id}", "{id}"))).containsExactly(
                "GET /tasks/{id}: deployed, but the handler does not know it",
                "GET /tasks/{id}: deployed, but not described", "GET /tasks/{task_id}: described, but not deployed",
                "GET /tasks/{task_id}: answered by the handler, but not deployed");
    }

    @Test
    void a_missing_default_route_is_found() throws IOException {
        assertThat(faults(template.where("UnknownRoute", "Type: AWS::ApiGatewayV2::Route",
                "Condition: ApiAuthIsNone\n    Type: AWS::ApiGatewayV2::Route")))
                .containsExactly("there is no default route: API Gateway's own 404 would show");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void a_path_that_is_described_refuses_other_methods_with_those_that_are(String path) throws IOException {
        Set<String> methods = described().stream().filter(route -> route.endsWith(" " + path))
                .map(route -> route.substring(0, route.indexOf(' '))).collect(Collectors.toCollection(TreeSet::new));
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }

        APIGatewayV2HTTPResponse answer = call(DEFAULT, path);

        assertThat(answer.getStatusCode()).isEqualTo(405);
        assertThat(answer.getHeaders()).containsEntry("Allow", String.join(", ", methods));
    }

    static Set<String> paths() throws IOException {
        return described().stream().map(route -> route.substring(route.indexOf(' ') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({"iam, AWS_IAM, false", "jwt, JWT, true", "none, NONE, false"})
    void every_route_asks_for_the_authentication_in_force(String chosen, String type, boolean authorizer) {
        for (Resource route : routes(template.with(Map.of("ApiAuth", chosen, "JwtIssuer", "https://issuer.example",
                "JwtAudience", "tasks")))) {
            assertThat(route.properties().text("AuthorizationType")).contains(type);
            assertThat(route.properties().text("AuthorizerId"))
                    .isEqualTo(authorizer ? Optional.of("JwtAuthorizer") : Optional.empty());
        }
    }

    @Test
    void api_gateway_may_call_the_function_behind_the_routes_for_this_api_only() {
        List<Resource> permissions = template.stack().resources("AWS::Lambda::Permission");

        assertThat(permissions).singleElement().satisfies(permission -> {
            assertThat(template.functionsBehindTheApi())
                    .containsExactly(permission.properties().requiredText("FunctionName").replaceAll(".*:", ""));
            assertThat(permission.properties().requiredText("Principal")).isEqualTo("apigateway.amazonaws.com");
            assertThat(permission.properties().requiredText("SourceArn"))
                    .isEqualTo(template.account().arn("execute-api", template.resource("HttpApi").ref() + "/*"));
        });
    }

    private List<String> faults(DeployedTemplate deployment) throws IOException {
        List<String> faults = new ArrayList<>();
        Set<String> deployed = deployed(deployment);
        if (!deployed.remove(DEFAULT)) {
            faults.add("there is no default route: API Gateway's own 404 would show");
        }
        deployed.stream().filter(route -> !handler.routes().contains(route))
                .forEach(route -> faults.add(route + ": deployed, but the handler does not know it"));
        without(deployed, described()).forEach(route -> faults.add(route + ": deployed, but not described"));
        without(described(), deployed).forEach(route -> faults.add(route + ": described, but not deployed"));
        without(new TreeSet<>(handler.routes()), deployed)
                .forEach(route -> faults.add(route + ": answered by the handler, but not deployed"));
        return faults;
    }

    private APIGatewayV2HTTPResponse call(String route, String path) {
        return handler.handleRequest(Requests.event(route, path.replaceAll("\\{.*}", Tasks.ID.value()))
                .withPathParameters(Map.of("task_id", Tasks.ID.value())).build(), new NoContext());
    }

    private static Set<String> deployed(DeployedTemplate deployment) {
        return RouteResource.of(deployment.stack()).stream().map(RouteResource::routeKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Resource> routes(DeployedTemplate deployment) {
        List<Resource> routes = deployment.stack().resources("AWS::ApiGatewayV2::Route");
        assertThat(routes).hasSameSizeAs(deployed(deployment));
        return routes;
    }

    private static Set<String> described() throws IOException {
        JsonNode document = new JsonMapper().valueToTree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))));
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().propertyNames().stream().filter(name -> !name.equals("parameters"))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(route -> !some.contains(route));
    }
}
