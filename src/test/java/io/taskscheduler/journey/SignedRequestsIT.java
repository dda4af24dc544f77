package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.WhoMayCall.Call;
import io.taskscheduler.local.RunningSystem;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** With {@code ApiAuth=iam}: requests signed by the SDK get in over every route, and none that differs in anything from what was signed. */
class SignedRequestsIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static @Nullable RunningSystem system;

    private final URI api = requireNonNull(system).api();

    /** What a request is signed with. */
    private record Signer(String key, String secret, String region, String service, Duration ahead) {

        static final Signer RIGHT = new Signer("local", "local", "us-east-1", "execute-api", Duration.ZERO);

        Map<String, String> headers(URI api, Call call, Map<String, String> more) {
            SdkHttpRequest request = SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(call.method()))
                    .uri(URI.create(api + call.path())).build();
            SdkHttpRequest.Builder with = request.toBuilder();
            more.forEach(with::putHeader);
            Map<String, String> headers = new LinkedHashMap<>();
            AwsV4HttpSigner.create().sign(sign -> sign.identity(AwsCredentialsIdentity.create(key, secret))
                    .request(with.build()).payload(ContentStreamProvider.fromByteArray(call.bytes()))
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.offset(Clock.systemUTC(), ahead)))
                    .request().headers().forEach((name, values) -> headers.put(name, values.getFirst()));
            headers.remove("Host");
            return headers;
        }
    }

    @BeforeAll
    static void start() {
        system = RunningSystem.startWithAuth("iam");
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"local, local, us-east-1, execute-api, PT0S, in", "local, local, us-east-1, execute-api, PT4M50S, in",
            "local, local, us-east-1, execute-api, -PT4M50S, in", "local, local, us-east-1, execute-api, PT5M10S, 403",
            "local, local, us-east-1, execute-api, -PT5M10S, 403", "other, local, us-east-1, execute-api, PT0S, 403",
            "local, other, us-east-1, execute-api, PT0S, 403", "local, local, eu-west-1, execute-api, PT0S, 403",
            "local, local, us-east-1, sqs, PT0S, 403"})
    void who_signs_with_the_key_for_this_api_and_now_gets_in_over_every_route(String key, String secret, String region,
            String service, Duration ahead, String outcome) throws Exception {
        Signer signer = new Signer(key, secret, region, service, ahead);

        assertThat(outcomes(signer, "nothing")).isEqualTo(expected(outcome));
    }

    @ParameterizedTest
    @CsvSource({"no signature", "a token", "half a signature", "another signature", "a changed header",
            "a missing header", "one more x-amz header", "a changed body", "a body that is not signed",
            "a changed query", "a changed path", "a changed method", "a later date"})
    void what_is_not_as_it_was_signed_gets_in_nowhere(String change) throws Exception {
        assertThat(outcomes(Signer.RIGHT, change)).isEqualTo(expected("403"));
    }

    @ParameterizedTest
    @CsvSource({"/tasks?limit=2&status=failed", "/tasks?status=failed&limit=2", "/tasks?label=a%3Ab%20c%2Bd&limit=2",
            "/tasks/a%20b", "/tasks/a%3Ab", "/tasks/%C3%BC", "/tasks/a~b*c", "/tasks?limit"})
    void a_signature_covers_what_is_encoded_in_paths_and_queries(String path) throws Exception {
        Call call = new Call("GET", path, "");

        assertThat(WhoMayCall.outcome(WhoMayCall.send(api, call, Signer.RIGHT.headers(api, call, Map.of()))))
                .isEqualTo("in");
    }

    @Test
    void a_task_remembers_the_identity_that_scheduled_it_also_when_the_clock_was_moved() throws Exception {
        Call clock = new Call("POST", "/_local/clock", "{\"advance\": \"P3D\"}");
        assertThat(WhoMayCall.send(api, clock, Map.of()).statusCode()).isEqualTo(200);
        Call schedule = new Call("POST", "/schedule-task", """
                {"action": "webhook", "delay": "P1D", "payload": {"url": "%s/_local/inbox/by"}}""".formatted(api));

        JsonNode task = JSON.readTree(WhoMayCall.send(api, schedule,
                Signer.RIGHT.headers(api, schedule, Map.of("content-type", "application/json"))).body());

        assertThat(task.at("/history/0/by").asString()).as(task.toString())
                .isEqualTo("arn:aws:iam::123456789012:user/local");
    }

    @Test
    void there_are_no_tokens() throws Exception {
        assertThat(WhoMayCall.send(api, new Call("POST", "/_local/tokens", "{}"), Map.of()).statusCode())
                .isEqualTo(404);
    }

    private Map<String, String> outcomes(Signer signer, String change) throws Exception {
        Map<String, String> outcomes = new TreeMap<>();
        for (Call call : WhoMayCall.calls()) {
            Map<String, String> headers = new LinkedHashMap<>(
                    signer.headers(api, call, Map.of("traceparent", "as-signed", "if-match", "*")));
            Call sent = altered(call, headers, change);
            outcomes.put(call.toString(), WhoMayCall.outcome(WhoMayCall.send(api, sent, headers)));
        }
        return outcomes;
    }

    private static Map<String, String> expected(String outcome) throws Exception {
        Map<String, String> expected = new TreeMap<>();
        WhoMayCall.calls()
                .forEach(call -> expected.put(call.toString(), call.method().equals("OPTIONS") ? "in" : outcome));
        return expected;
    }

    /** What is sent in place of what was signed. */
    private static Call altered(Call call, Map<String, String> headers, String change) {
        String signed = headers.getOrDefault("Authorization", "");
        switch (change) {
            case "no signature" -> headers.remove("Authorization");
            case "a token" -> headers.put("Authorization", "Bearer e30.e30.e30");
            case "half a signature" -> headers.put("Authorization", signed.substring(0, signed.length() - 32));
            case "another signature" -> headers.put("Authorization",
                    signed.substring(0, signed.length() - 1) + (signed.endsWith("0") ? "1" : "0"));
            case "a changed header" -> headers.put("if-match", "\"1\"");
            case "a missing header" -> headers.remove("if-match");
            case "one more x-amz header" -> headers.put("x-amz-security-token", "x");
            case "a body that is not signed" -> headers.put("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
            case "a later date" -> headers.compute("X-Amz-Date", (_, date) -> later(requireNonNull(date)));
            default -> {
                // Below.
            }
        }
        return switch (change) {
            case "a changed body" -> new Call(call.method(), call.path(), call.body() + " ");
            case "a changed query" -> new Call(call.method(), call.path() + "?limit=2", call.body());
            case "a changed path" -> new Call(call.method(), call.path() + "x", call.body());
            case "a changed method" -> new Call(call.method().equals("OPTIONS") ? "OPTIONS" : "PURGE", call.path(),
                    call.body());
            default -> call;
        };
    }

    private static String later(String date) {
        char last = date.charAt(date.length() - 2);
        return date.substring(0, date.length() - 2) + (last == '0' ? '1' : '0') + "Z";
    }
}
