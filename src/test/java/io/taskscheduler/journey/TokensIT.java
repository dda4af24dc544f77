package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.taskscheduler.journey.WhoMayCall.Call;
import io.taskscheduler.local.RunningSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** With {@code ApiAuth=jwt}: which token opens which route, over the whole local run and by the template's own routes. */
class TokensIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ALL = "task-scheduler/read task-scheduler/write task-scheduler/operate";
    private static final Set<String> OPERATE = Set.of("POST /tasks/nobody/run", "GET /invariant", "GET /lateness");
    private static final Set<String> WRITE = Set.of("POST /schedule-task", "POST /schedule-tasks",
            "PUT /tasks/nobody", "PATCH /tasks/nobody", "DELETE /tasks/nobody");

    private static @Nullable RunningSystem system;

    private final URI api = requireNonNull(system).api();

    @BeforeAll
    static void start() {
        system = RunningSystem.startWithAuth("jwt");
    }

    @AfterAll
    static void end() {
        requireNonNull(system).close();
    }

    /** The claims are put over those of a token that opens every route. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a token for all              | {}                                                | in  | in  | in
            read only                    | {"scope": "task-scheduler/read"}                  | in  | 403 | 403
            write only                   | {"scope": "task-scheduler/write"}                 | 403 | in  | 403
            operate only                 | {"scope": "task-scheduler/operate"}               | 403 | 403 | in
            all as a list                | {"scope": null, "scp": ["task-scheduler/read", "task-scheduler/write", "task-scheduler/operate"]} | in | in | in
            no scope                     | {"scope": null}                                   | 403 | 403 | 403
            scopes of other names        | {"scope": "openid task-scheduler/reader task-scheduler READ"} | 403 | 403 | 403
            expired                      | {"exp": 1000000000}                               | 401 | 401 | 401
            without an end               | {"exp": null}                                     | 401 | 401 | 401
            not yet valid                | {"nbf": 32000000000}                              | 401 | 401 | 401
            issued in the future         | {"iat": 32000000000}                              | 401 | 401 | 401
            of another issuer            | {"iss": "https://issuer.invalid/"}                | 401 | 401 | 401
            of no issuer                 | {"iss": null}                                     | 401 | 401 | 401
            for another audience         | {"aud": "another-app"}                            | 401 | 401 | 401
            for several audiences        | {"aud": ["another-app", "task-scheduler"]}        | in  | in  | in
            for no audience              | {"aud": null}                                     | 401 | 401 | 401
            for a client                 | {"aud": null, "client_id": "task-scheduler"}      | in  | in  | in
            for another audience and this client | {"aud": "another-app", "client_id": "task-scheduler"} | 401 | 401 | 401
            """)
    void a_token_opens_the_routes_of_its_scopes_while_it_is_valid(String name, String claims, String read,
            String write, String operate) throws Exception {
        assertThat(outcomes("Bearer " + token(claims))).as(name).isEqualTo(expected(read, write, operate));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"nothing", "an empty one", "garbage", "a password", "three dots", "another key", "another key's id",
            "no key's id", "no signature", "the public key as a password", "changed claims", "a token twice"})
    void what_is_no_token_of_the_issuer_opens_nothing(String what) throws Exception {
        assertThat(outcomes(forged(what))).isEqualTo(expected("401", "401", "401"));
    }

    @Test
    void a_token_goes_with_and_without_its_scheme() throws Exception {
        for (String scheme : new String[]{"Bearer ", "bearer ", ""}) {
            assertThat(outcomes(scheme + token("{}"))).isEqualTo(expected("in", "in", "in"));
        }
    }

    @Test
    void a_caller_is_told_what_is_wrong_with_the_token() throws Exception {
        Call put = new Call("PUT", "/tasks/nobody", "{");

        assertThat(challenge(WhoMayCall.send(api, put, Map.of()))).isEqualTo("Bearer");
        assertThat(challenge(WhoMayCall.send(api, put, Map.of("authorization", "x")))).contains("invalid_token");
        assertThat(challenge(WhoMayCall.send(api, put,
                Map.of("authorization", token("{\"scope\": \"task-scheduler/read\"}")))))
                .startsWith("Bearer scope=\"task-scheduler/write\" error=\"insufficient_scope\"");
    }

    @Test
    void a_browser_asks_beforehand_without_a_token() throws Exception {
        HttpResponse<String> answer = WhoMayCall.send(api, new Call("OPTIONS", "/schedule-task", ""),
                Map.of("origin", "https://console.example.com", "access-control-request-method", "POST"));
        HttpResponse<String> methods = WhoMayCall.send(api, new Call("OPTIONS", "/schedule-task", ""), Map.of());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("access-control-allow-headers").orElse("")).contains("authorization");
        assertThat(methods.statusCode()).isEqualTo(204);
        assertThat(methods.headers().firstValue("allow")).contains("OPTIONS, POST");
    }

    @Test
    void a_task_remembers_the_subject_of_the_token_that_scheduled_it() throws Exception {
        String token = token("{\"sub\": \"alice\"}");

        JsonNode task = JSON.readTree(WhoMayCall.send(api, new Call("POST", "/schedule-task", """
                {"action": "webhook", "delay": "P1D", "payload": {"url": "%s/_local/inbox/by"}}""".formatted(api)),
                Map.of("authorization", "Bearer " + token, "content-type", "application/json")).body());

        assertThat(task.at("/history/0/by").asString()).as(task.toString()).isEqualTo("alice");
    }

    @Test
    void a_token_ends_on_the_clock_of_the_local_run() throws Exception {
        String token = token("{}");
        Call get = new Call("GET", "/tasks/nobody", "");

        WhoMayCall.send(api, new Call("POST", "/_local/clock", "{\"advance\": \"PT3601S\"}"), Map.of());

        assertThat(WhoMayCall.outcome(WhoMayCall.send(api, get, Map.of("authorization", token)))).isEqualTo("401");
        assertThat(WhoMayCall.outcome(WhoMayCall.send(api, get, Map.of("authorization", token("{}")))))
                .isEqualTo("in");
    }

    @Test
    void the_document_names_the_scopes() throws Exception {
        String document = WhoMayCall.send(api, new Call("GET", "/openapi.yaml", ""),
                Map.of("authorization", token("{}"))).body();

        assertThat(document).contains("\nsecurity: [{jwt: []}]\n", "security: [{jwt: [\"task-scheduler/operate\"]}]");
    }

    @Test
    void the_issuer_shows_where_its_public_key_is_and_never_the_other() throws Exception {
        JsonNode configuration = JSON.readTree(WhoMayCall
                .send(api, new Call("GET", "/_local/issuer/.well-known/openid-configuration", ""), Map.of()).body());
        String keys = WhoMayCall.send(api, new Call("GET", "/_local/issuer/jwks.json", ""), Map.of()).body();

        assertThat(configuration.path("issuer").asString()).isEqualTo("https://issuer.invalid");
        assertThat(configuration.path("jwks_uri").asString()).isEqualTo(api + "/_local/issuer/jwks.json");
        assertThat(JWKSet.parse(keys).containsNonPublicKeys()).isFalse();
        assertThat(JWKSet.parse(keys).getKeys()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []
            {"scopes": "x"}
            {"scope": ["task-scheduler/read"]}
            {"expires_in": 0}
            {"expires_in": "3600"}
            {"claims": "all"}
            {"claims": {"exp": "tomorrow"}}
            """)
    void what_is_no_order_for_a_token_is_told_what_is_right(String order) throws Exception {
        HttpResponse<String> answer = WhoMayCall.send(api, new Call("POST", "/_local/tokens", order), Map.of());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("expires_in is in seconds");
    }

    private Map<String, String> outcomes(String authorization) throws Exception {
        Map<String, String> outcomes = new TreeMap<>();
        for (Call call : WhoMayCall.calls()) {
            outcomes.put(call.toString(), WhoMayCall.outcome(WhoMayCall.send(api, call,
                    authorization.isEmpty() ? Map.of() : Map.of("authorization", authorization))));
        }
        return outcomes;
    }

    private static Map<String, String> expected(String read, String write, String operate) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        // With origins there is a route for what browsers ask, and it asks nobody.
        WhoMayCall.calls().forEach(call -> expected.put(call.toString(), call.method().equals("OPTIONS")
                ? "in"
                : OPERATE.contains(call.toString()) ? operate : WRITE.contains(call.toString()) ? write : read));
        assertThat(expected).hasSize(18);
        return expected;
    }

    private String token(String claims) throws Exception {
        ObjectNode order = JSON.createObjectNode().put("scope", ALL);
        order.set("claims", JSON.readTree(claims));
        return JSON.readTree(
                WhoMayCall.send(api, new Call("POST", "/_local/tokens", order.toString()), Map.of()).body())
                .path("access_token").asString();
    }

    private String forged(String what) throws Exception {
        SignedJWT good = SignedJWT.parse(token("{}"));
        String id = good.getHeader().getKeyID();
        RSAKey published = JWKSet.parse(WhoMayCall.send(api, new Call("GET", "/_local/issuer/jwks.json", ""), Map.of())
                .body()).getKeys().getFirst().toRSAKey();
        RSAKey stranger = new RSAKeyGenerator(2048).generate();
        return switch (what) {
            case "nothing" -> "";
            case "an empty one" -> "Bearer ";
            case "garbage" -> "Bearer 4711";
            case "a password" -> "Basic bG9jYWw6bG9jYWw=";
            case "three dots" -> "Bearer ...";
            case "another key" -> signed(JWSAlgorithm.RS256, id, good, new RSASSASigner(stranger));
            case "another key's id" -> signed(JWSAlgorithm.RS256, "other", good, new RSASSASigner(stranger));
            case "no key's id" -> signed(JWSAlgorithm.RS256, null, good, new RSASSASigner(stranger));
            case "no signature" -> "Bearer " + new PlainJWT(good.getJWTClaimsSet()).serialize();
            case "the public key as a password" -> signed(JWSAlgorithm.HS256, id, good, new MACSigner(
                    published.toRSAPublicKey().getEncoded()));
            case "changed claims" -> changed(good);
            case "a token twice" -> "Bearer " + good.serialize() + ",Bearer " + good.serialize();
            default -> throw new AssertionError(what);
        };
    }

    private static String signed(JWSAlgorithm algorithm, @Nullable String keyId, SignedJWT like, JWSSigner signer)
            throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), like.getJWTClaimsSet());
        token.sign(signer);
        return "Bearer " + token.serialize();
    }

    private static String changed(SignedJWT good) throws Exception {
        Map<String, Object> claims = new LinkedHashMap<>(good.getJWTClaimsSet().toJSONObject());
        claims.put("sub", "root");
        String[] parts = good.serialize().split("\\.", -1);
        return "Bearer " + parts[0] + "." + JWTClaimsSet.parse(claims).toPayload().toBase64URL() + "." + parts[2];
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("www-authenticate").orElse("none");
    }
}
