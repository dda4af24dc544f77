package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.RouteAuth;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.local.template.TemplateException;
import io.taskscheduler.template.DeployedTemplate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes that are deployed, those that the handler answers and those that the OpenAPI document describes are the same. */
class DeclaredRoutesTest {

    private static final String DEFAULT = "$default";
    private static final String ROUTE = "AWS::ApiGatewayV2::Route";
    private static final Map<String, String> SCOPED = Map.of("ApiAuth", "jwt", "JwtIssuer", "https://issuer.example",
            "JwtAudience", "tasks");

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
        if (handler.rights().get("GET " + path) == Right.READ) {
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
    @ValueSource(strings = {"iam", "jwt"})
    void every_route_asks_its_callers_for_what_they_must_be_allowed_to_do(String auth) {
        assertThat(open(template, auth)).isEmpty();
        assertThat(template.with(SCOPED).stack().resources(ROUTE)).hasSize(handler.rights().size() + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            iam | InvariantRoute | AWS_IAM           | NONE                  | GET /invariant: None[]
            jwt | PutTaskRoute   | AuthorizationScopes: !If [ApiAuthIsJwt, [!Ref JwtWriteScope], !Ref AWS::NoValue] | OperationName: x | PUT /tasks/{task_id}: Jwt[issuer=https://issuer.example, audiences=[tasks], scopes=[]]
            jwt | RunTaskRoute   | !Ref JwtOperateScope | !Ref JwtWriteScope | POST /tasks/{task_id}/run: Jwt[issuer=https://issuer.example, audiences=[tasks], scopes=[task-scheduler/write]]
            jwt | UnknownRoute   | [!Ref JwtReadScope] | [!Ref JwtReadScope, !Ref JwtWriteScope] | $default: Jwt[issuer=https://issuer.example, audiences=[tasks], scopes=[task-scheduler/read, task-scheduler/write]]
            """)
    void a_route_that_asks_for_too_little_is_found(String auth, String route, String written, String instead,
            String fault) {
        assertThat(open(template.where(route, written, instead), auth)).containsExactly(fault);
    }

    /** API Gateway does too, half-way through the deployment. */
    @Test
    void scopes_on_a_route_that_asks_for_no_token_are_refused() {
        DeployedTemplate altered = template.where("CancelTaskRoute", ", JWT, NONE]", ", NONE, NONE]");

        assertThatThrownBy(() -> open(altered, "jwt")).isInstanceOf(TemplateException.class)
                .hasMessageContaining("CancelTaskRoute.Properties.AuthorizationScopes");
    }

    @Test
    void without_authentication_no_route_asks_and_the_stack_says_so() {
        DeployedTemplate open = template.with(Map.of("ApiAuth", "none"));

        assertThat(RouteResource.of(open.stack())).extracting(RouteResource::auth)
                .containsOnly(new RouteAuth.None());
        assertThat(open.stack().outputs().get("OpenApiWarning")).startsWith("WARNING");
        assertThat(template.stack().outputs()).doesNotContainKey("OpenApiWarning");
    }

    /** All that the default route lets its callers, who may read, do: it must not lead to what asks for more. */
    @ParameterizedTest
    @MethodSource("spellings")
    void no_spelling_of_a_path_leads_past_its_own_route(String path) {
        store.add(Tasks.scheduled());
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post")) {
            APIGatewayV2HTTPResponse answer = handler.answer(Requests.other(method, path));

            boolean read = method.equals("HEAD") && !path.startsWith("/invariant") && !path.startsWith("/lateness");
            assertThat(answer.getStatusCode()).as(method + " " + path).matches(
                    status -> status == 404 || status == 405 || (status == 204 && method.equals("OPTIONS"))
                            || (status == 200 && read));
        }
        assertThat(store.all()).containsExactly(Tasks.scheduled());
        assertThat(timers.set()).isEmpty();
    }

    static Stream<String> spellings() throws IOException {
        return paths().stream().map(path -> path.replace("{task_id}", Tasks.ID.value()))
                .flatMap(path -> Stream.of(path, path + "/", "/" + path, path.replace("/", "//"), path + "/.",
                        "/x/.." + path, path.toUpperCase(Locale.ROOT), path + ";a=b", path + "%20", path + "\0"));
    }

    @Test
    void dear_routes_are_slower_than_the_others_and_the_stage_waits_for_them() {
        Properties stage = template.resource("ApiStage").properties();
        int usual = stage.child("DefaultRouteSettings").number("ThrottlingRateLimit").orElseThrow();
        Map<String, String> ids = RouteResource.of(template.stack()).stream()
                .collect(Collectors.toMap(RouteResource::routeKey, RouteResource::logicalId));
        Set<String> dear = Set.copyOf(stage.child("RouteSettings").json().propertyNames());

        assertThat(dear).containsExactlyInAnyOrder("POST /schedule-tasks", "GET /tasks", DEFAULT, "GET /invariant",
                "GET /lateness");
        assertThat(dear).allSatisfy(route -> {
            JsonNode settings = stage.child("RouteSettings").json().path(route);
            assertThat(settings.path("ThrottlingRateLimit").intValue()).isBetween(1, usual / 10);
            assertThat(settings.path("ThrottlingBurstLimit").intValue()).isBetween(1, 40);
        });
        assertThat(template.written("ApiStage").path("DependsOn").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(dear.stream().map(ids::get).toList());
    }

    @Test
    void api_gateway_may_call_the_function_behind_the_routes_for_this_api_only() {
        List<Resource> permissions = template.stack().resources("AWS::Lambda::Permission");

        assertThat(permissions).singleElement().satisfies(permission -> {
            assertThat(permission.properties().requiredText("FunctionName"))
                    .isEqualTo(template.aliasOf("ScheduleTaskFunction"));
            assertThat(template.functionsBehindTheApi())
                    .containsExactly(template.function("ScheduleTaskFunction").name());
            assertThat(permission.properties().requiredText("Principal")).isEqualTo("apigateway.amazonaws.com");
            assertThat(permission.properties().requiredText("SourceArn"))
                    .isEqualTo(template.account().arn("execute-api", template.resource("HttpApi").ref() + "/*"));
        });
    }

    /** Routes whose callers need not be allowed what they get. */
    private List<String> open(DeployedTemplate deployment, String auth) {
        Map<String, String> parameters = new HashMap<>(SCOPED);
        parameters.put("ApiAuth", auth);
        return RouteResource.of(deployment.with(parameters).stack()).stream()
                .filter(route -> !route.auth().equals(auth.equals("iam") ? new RouteAuth.Iam() : token(route)))
                .map(route -> route.routeKey() + ": " + route.auth()).toList();
    }

    private RouteAuth token(RouteResource route) {
        Right right = handler.rights().getOrDefault(route.routeKey(), Right.READ);
        return new RouteAuth.Jwt("https://issuer.example", List.of("tasks"),
                List.of("task-scheduler/" + right.name().toLowerCase(Locale.ROOT)));
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
        return handler.answer(Requests.event(route, path.replaceAll("\\{.*}", Tasks.ID.value()))
                .withPathParameters(Map.of("task_id", Tasks.ID.value())).build());
    }

    private static Set<String> deployed(DeployedTemplate deployment) {
        return RouteResource.of(deployment.stack()).stream().map(RouteResource::routeKey)
                .collect(Collectors.toCollection(TreeSet::new));
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
