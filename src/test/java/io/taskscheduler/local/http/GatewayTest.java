package io.taskscheduler.local.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.AsyncEvents;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.RouteAuth;
import io.taskscheduler.local.template.RouteResource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GatewayTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final VirtualClock CLOCK = new VirtualClock(() -> Instant.parse("2020-03-12T19:03:58Z"));
    private static final List<RouteResource> ROUTES = List.of(route("GET /tasks/{task_id}"),
            route("ANY /tasks/{task_id}"),
            route("GET /tasks/latest"), route("POST /schedule-task"), route("GET /files/{path+}"), route("GET /"),
            route("$default"));

    private final AtomicReference<byte[]> event = new AtomicReference<>(new byte[0]);
    private final AtomicReference<String> answer = new AtomicReference<>("{\"statusCode\":200}");
    private final Agenda agenda = new Agenda(CLOCK);

    @AfterEach
    void end() {
        agenda.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /tasks/4711        | GET /tasks/{task_id}
            DELETE | /tasks/4711        | ANY /tasks/{task_id}
            GET    | /tasks/latest      | GET /tasks/latest
            DELETE | /tasks/latest      | ANY /tasks/{task_id}
            GET    | /tasks/            | $default
            GET    | /tasks/4711/       | $default
            GET    | /tasks             | $default
            POST   | /schedule-task     | POST /schedule-task
            GET    | /schedule-task     | $default
            GET    | /files/a/b         | GET /files/{path+}
            GET    | /                  | GET /
            """)
    void the_most_specific_route_is_taken(String method, String path, String routeKey) throws InterruptedException {
        call(new Request(method, path, "", Map.of(), new byte[0], "HTTP/1.1", "127.0.0.1"));

        assertThat(json().path("routeKey").stringValue()).isEqualTo(routeKey);
        assertThat(json().at("/requestContext/routeKey").stringValue()).isEqualTo(routeKey);
    }

    @Test
    void an_event_is_what_api_gateway_documents_for_payload_format_2() throws InterruptedException {
        Map<String, List<String>> headers = Map.of("host", List.of("id.execute-api.us-east-1.amazonaws.com"), "header1",
                List.of("value1"), "header2", List.of("value1", "value2"), "cookie", List.of("cookie1=a; cookie2=b"),
                "user-agent",
                List.of("agent"), "content-type", List.of("application/json"));

        call(new Request("GET", "/tasks/a%20b", "parameter1=value1&parameter1=value%202&parameter2=value", headers,
                "{\"ü\":1}".getBytes(StandardCharsets.UTF_8), "HTTP/1.1", "192.0.2.1"));

        JsonNode expected = JSON.readTree(
                """
                        {
                          "version": "2.0",
                          "routeKey": "GET /tasks/{task_id}",
                          "rawPath": "/tasks/a b",
                          "rawQueryString": "parameter1=value1&parameter1=value%202&parameter2=value",
                          "cookies": ["cookie1=a", "cookie2=b"],
                          "headers": {
                            "content-type": "application/json", "header1": "value1", "header2": "value1,value2",
                            "host": "id.execute-api.us-east-1.amazonaws.com", "user-agent": "agent",
                            "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "http"
                          },
                          "queryStringParameters": {"parameter1": "value1,value 2", "parameter2": "value"},
                          "requestContext": {
                            "accountId": "123456789012", "apiId": "local",
                            "domainName": "id.execute-api.us-east-1.amazonaws.com", "domainPrefix": "id",
                            "http": {"method": "GET", "path": "/tasks/a b", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent"},
                            "requestId": "%s", "routeKey": "GET /tasks/{task_id}", "stage": "$default",
                            "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1584039838000
                          },
                          "pathParameters": {"task_id": "a b"},
                          "body": "{\\"ü\\":1}",
                          "isBase64Encoded": false
                        }
                        """
                        .replace("%s", json().at("/requestContext/requestId").stringValue()));
        assertThat(json()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                | 7b7d   | false | {}
            application/json; charset=utf-8 | 7b7d   | false | {}
            application/problem+json        | 7b7d   | false | {}
            text/plain                      | 7b7d   | false | {}
            application/json                | 7bff7d | true  | e/99
            application/octet-stream        | 7b7d   | true  | e30=
            ''                              | 7b7d   | true  | e30=
            """)
    void a_body_is_text_only_when_its_kind_and_its_bytes_are(String contentType, String hex, boolean base64,
            String body)
            throws InterruptedException {
        Map<String, List<String>> headers = contentType.isEmpty()
                ? Map.of()
                : Map.of("content-type", List.of(contentType));

        call(new Request("POST", "/schedule-task", "", headers, java.util.HexFormat.of().parseHex(hex), "HTTP/1.1",
                "::1"));

        assertThat(json().path("isBase64Encoded").booleanValue()).isEqualTo(base64);
        assertThat(json().path("body").stringValue()).isEqualTo(body);
    }

    @Test
    void more_header_bytes_than_api_gateway_takes_are_refused() throws InterruptedException {
        int left = 10_240 - "GET/".length();

        Reply.Answer most = call(
                new Request("GET", "/", "", Map.of("a", List.of("x".repeat(left - 1), "y")), new byte[0],
                        "HTTP/1.1", "::1"));
        Reply.Answer more = call(new Request("GET", "/", "", Map.of("a", List.of("x".repeat(left), "y")), new byte[0],
                "HTTP/1.1", "::1"));

        assertThat(most.status()).isEqualTo(200);
        assertThat(more.status()).isEqualTo(431);
    }

    @Test
    void a_request_without_a_body_has_none_in_its_event() throws InterruptedException {
        call(new Request("GET", "/", "", Map.of(), new byte[0], "HTTP/1.1", "::1"));

        assertThat(json().has("body")).isFalse();
        assertThat(json().path("rawQueryString").stringValue()).isEmpty();
        assertThat(json().has("queryStringParameters")).isFalse();
        assertThat(json().has("pathParameters")).isFalse();
    }

    @Test
    void an_answer_keeps_its_status_headers_cookies_and_bytes() throws InterruptedException {
        answer.set(
                """
                        {"statusCode": 201, "headers": {"Location": "/tasks/1", "content-type": "image/png"}, "cookies": ["a=1", "b=2"],
                         "body": "/wAB", "isBase64Encoded": true}""");

        Reply.Answer reply = call(new Request("GET", "/", "", Map.of(), new byte[0], "HTTP/1.1", "::1"));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.headers()).containsEntry("location", List.of("/tasks/1"))
                .containsEntry("content-type", List.of("image/png")).containsEntry("set-cookie", List.of("a=1", "b=2"));
        assertThat(reply.body()).containsExactly(0xff, 0, 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"statusCode":200,"body":"x"} | 200 | x
            {"message":"hi"}              | 200 | {"message":"hi"}
            {"statusCode":"a"}            | 500 | {"message":"Internal Server Error"}
            {"statusCode":99}             | 500 | {"message":"Internal Server Error"}
            not json                      | 500 | {"message":"Internal Server Error"}
            """)
    void an_answer_is_understood_as_api_gateway_does(String json, int status, String body) throws InterruptedException {
        answer.set(json);

        Reply.Answer reply = call(new Request("GET", "/", "", Map.of(), new byte[0], "HTTP/1.1", "::1"));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo(body);
    }

    @Test
    void a_function_that_throws_shows_nothing_of_the_cause() throws InterruptedException {
        Reply.Answer reply = call(gateway(ROUTES, (in, out, context) -> {
            throw new IllegalStateException("secret");
        }), new Request("GET", "/", "", Map.of(), new byte[0], "HTTP/1.1", "::1"));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"message\":\"Internal Server Error\"}");
    }

    @Test
    void without_a_route_it_is_not_found() throws InterruptedException {
        Reply.Answer reply = call(gateway(List.of(route("GET /a")), (in, out, context) -> {}),
                new Request("GET", "/b", "", Map.of(), new byte[0], "HTTP/1.1", "::1"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("{\"message\":\"Not Found\"}");
    }

    private JsonNode json() {
        return JSON.readTree(event.get());
    }

    private Reply.Answer call(Request request) throws InterruptedException {
        return call(gateway(ROUTES, (in, out, context) -> {
            event.set(in.readAllBytes());
            out.write(answer.get().getBytes(StandardCharsets.UTF_8));
        }), request);
    }

    private static Reply.Answer call(Gateway gateway, Request request) throws InterruptedException {
        return (Reply.Answer) gateway.answer(request);
    }

    private Gateway gateway(List<RouteResource> routes, RequestStreamHandler handler) {
        FunctionResource resource = new FunctionResource("F", "F", "arn:F", "a.B", Duration.ofSeconds(5), 128, Map.of(),
                OptionalInt.empty(),
                new FunctionResource.AsyncPolicy(2, Duration.ofHours(6), Optional.empty(), Optional.empty(),
                        Optional.empty()));
        Functions functions = new Functions(List.of(new LocalFunction(resource, any -> handler)), agenda, CLOCK,
                AsyncEvents.inMemory(), (arn, body, attributes) -> {});
        return new Gateway(routes, Optional.empty(),
                (_, _) -> new Authorizer.Verdict.Allowed(Optional.empty()), functions, CLOCK, "123456789012");
    }

    private static RouteResource route(String key) {
        return new RouteResource("R", key, "F", Duration.ofSeconds(30), new RouteAuth.None());
    }
}
