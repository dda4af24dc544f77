package io.taskscheduler.local.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.taskscheduler.local.http.BadInput;
import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Input;
import io.taskscheduler.local.http.Problem;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An issuer of tokens for trying: it gives one to whoever asks, with any claims, also with wrong ones. Its key is new at each start. Its
 * name is a URL of {@code https}, as an issuer's must be, in a domain that is nobody's; what would be there is at {@code /_local/issuer}.
 */
public final class LocalIssuer implements Endpoint {
    /** What its tokens have as {@code iss}. */
    public static final String NAME = "https://issuer.invalid";
    /** What they have as {@code aud} unless another is asked for. */
    public static final String AUDIENCE = "task-scheduler";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String EXPECTED = "send an object with any of {\"scope\": \"task-scheduler/read\", \"sub\": \"me\","
            + " \"expires_in\": 3600, \"claims\": {}}; scopes are separated by spaces, expires_in is in seconds, claims are put over"
            + " the others";
    private static final long LONGEST_SECONDS = 1_000_000_000;

    private final RSAKey key;
    private final InstantSource clock;

    private LocalIssuer(RSAKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** Makes one with a new key. */
    public static LocalIssuer create(InstantSource clock) {
        try {
            return new LocalIssuer(new RSAKeyGenerator(2048).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true).generate(), clock);
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java makes RSA keys", e);
        }
    }

    /** What its tokens are verified with. */
    public JWKSet keys() {
        return new JWKSet(key.toPublicJWK());
    }

    @Override
    public Reply answer(Request request) {
        return switch (request.rawPath()) {
            case "/_local/tokens" ->
                request.method().equals("POST") ? token(request.body()) : Problem.methodNotAllowed("POST");
            case "/_local/issuer/.well-known/openid-configuration" -> shown(request, configuration(request));
            case "/_local/issuer/jwks.json" -> shown(request, JSON.readTree(keys().toString()));
            default -> Problem.unknownRoute(request.rawPath());
        };
    }

    private static Reply shown(Request request, JsonNode document) {
        return Set.of("GET", "HEAD").contains(request.method())
                ? Reply.json(200, document)
                : Problem.methodNotAllowed("GET");
    }

    private static JsonNode configuration(Request request) {
        String here = "http://" + request.header("host").orElse("localhost") + "/_local/";
        ObjectNode configuration = JSON.createObjectNode().put("issuer", NAME)
                .put("jwks_uri", here + "issuer/jwks.json").put("token_endpoint", here + "tokens");
        configuration.set("id_token_signing_alg_values_supported", JSON.valueToTree(List.of("RS256")));
        return configuration;
    }

    private Reply token(byte[] body) {
        ObjectNode order = Input.object(body, Set.of("scope", "sub", "expires_in", "claims"), EXPECTED);
        JsonNode seconds = order.path("expires_in");
        long lasts = seconds.isMissingNode() ? 3_600 : seconds.isIntegralNumber() ? seconds.asLong(0) : 0;
        if (lasts < 1 || lasts > LONGEST_SECONDS || (order.has("claims") && !order.path("claims").isObject())) {
            throw new BadInput(EXPECTED);
        }
        String scope = text(order, "scope", "");
        ObjectNode answer = JSON.createObjectNode().put("access_token", signed(order, scope, lasts))
                .put("token_type", "Bearer").put("expires_in", lasts).put("scope", scope);
        return Reply.json(200, answer);
    }

    private String signed(ObjectNode order, String scope, long lasts) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(NAME).audience(AUDIENCE)
                .subject(text(order, "sub", "local")).issueTime(Date.from(now)).notBeforeTime(Date.from(now))
                .jwtID(UUID.randomUUID().toString());
        try {
            claims.expirationTime(Date.from(now.plusSeconds(lasts)));
            if (!scope.isEmpty()) {
                claims.claim("scope", scope);
            }
            put(order.path("claims"), claims);
            SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT)
                    .keyID(key.getKeyID()).build(), claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new BadInput(EXPECTED);
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key signs", e);
        }
    }

    /** A claim that is null is left out. */
    private static void put(JsonNode extra, JWTClaimsSet.Builder claims) {
        for (Map.Entry<String, JsonNode> claim : extra.properties()) {
            JsonNode value = claim.getValue();
            boolean isTime = Set.of("exp", "nbf", "iat").contains(claim.getKey()) && !value.isNull();
            if (isTime && !value.isIntegralNumber()) {
                throw new BadInput(EXPECTED);
            }
            claims.claim(claim.getKey(), isTime
                    ? Date.from(Instant.ofEpochSecond(value.asLong()))
                    : JSON.convertValue(value, Object.class));
        }
    }

    private static String text(ObjectNode order, String member, String otherwise) {
        JsonNode value = order.path(member);
        if (!value.isMissingNode() && !value.isString()) {
            throw new BadInput(EXPECTED);
        }
        return value.asString(otherwise);
    }
}
