package io.taskscheduler.local.auth;

import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import io.taskscheduler.local.http.Authorizer.Verdict;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;
import io.taskscheduler.local.template.RouteAuth;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges tokens as an HTTP API's JWT authorizer does: an RSA signature by the key that {@code kid} names, {@code iss}, {@code aud} or
 * where that is missing {@code client_id}, {@code exp}, {@code nbf}, {@code iat}, and one of the route's scopes in {@code scope} or
 * {@code scp}. A token that never ends is refused. What is wrong is 401, a missing scope 403; the words in {@code www-authenticate} are ours.
 */
public final class TokenCheck {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512);
    private static final String BEARER = "bearer ";

    private final JWKSet keys;
    private final InstantSource clock;

    /**
     * @param keys
     *            of the only issuer there is
     * @param clock
     *            that tokens begin and end by
     */
    public TokenCheck(JWKSet keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    Verdict judge(RouteAuth.Jwt wanted, Request request) {
        Optional<String> token = request.header("authorization").map(TokenCheck::withoutScheme)
                .filter(text -> !text.isEmpty());
        if (token.isEmpty()) {
            return refused(401, "Unauthorized", "Bearer");
        }
        JWTClaimsSet claims;
        try {
            claims = claims(token.get(), wanted);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return refused(401, "Unauthorized", "Bearer scope=\"" + String.join(" ", wanted.scopes())
                    + "\" error=\"invalid_token\" error_description=\"the token is not valid here\"");
        }
        List<String> scopes = scopes(claims).stream().filter(wanted.scopes()::contains).toList();
        if (!wanted.scopes().isEmpty() && scopes.isEmpty()) {
            return refused(403, "Forbidden", "Bearer scope=\"" + String.join(" ", wanted.scopes())
                    + "\" error=\"insufficient_scope\" error_description=\"the token has none of these scopes\"");
        }
        return new Verdict.Allowed(Optional.of(caller(claims, scopes)));
    }

    private JWTClaimsSet claims(String token, RouteAuth.Jwt wanted)
            throws ParseException, BadJOSEException, JOSEException {
        // Also refuses one that is not signed at all.
        SignedJWT signed = SignedJWT.parse(token);
        if (signed.getHeader().getKeyID() == null) {
            throw new BadJWTException("names no key");
        }
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT,
                new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(RSA, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier((claims, _) -> check(claims, wanted, clock.instant()));
        return processor.process(signed, null);
    }

    private static void check(JWTClaimsSet claims, RouteAuth.Jwt wanted, Instant now) throws BadJWTException {
        if (!wanted.issuer().equals(claims.getIssuer())) {
            throw new BadJWTException("of another issuer");
        }
        List<String> audience = claims.getAudience().isEmpty()
                ? Optional.ofNullable(claims.getClaim("client_id")).map(id -> List.of(id.toString())).orElse(List.of())
                : claims.getAudience();
        if (audience.stream().noneMatch(wanted.audiences()::contains)) {
            throw new BadJWTException("for another audience");
        }
        Date end = claims.getExpirationTime();
        if (end == null || !end.toInstant().isAfter(now) || isAfter(claims.getNotBeforeTime(), now)
                || isAfter(claims.getIssueTime(), now)) {
            throw new BadJWTException("not valid now");
        }
    }

    private static boolean isAfter(@org.jspecify.annotations.Nullable Date date, Instant now) {
        return date != null && date.toInstant().isAfter(now);
    }

    private static List<String> scopes(JWTClaimsSet claims) {
        Object scopes = Optional.ofNullable(claims.getClaim("scope")).orElseGet(() -> claims.getClaim("scp"));
        return switch (scopes) {
            case String text -> Arrays.asList(text.split(" ", -1));
            case Collection<?> list -> list.stream().map(Object::toString).toList();
            case null, default -> List.of();
        };
    }

    /** An HTTP API hands over every claim as text, a list in brackets. */
    private static ObjectNode caller(JWTClaimsSet claims, List<String> scopes) {
        ObjectNode jwt = JSON.createObjectNode();
        ObjectNode texts = jwt.putObject("claims");
        Map<String, Object> all = claims.toPayload().toJSONObject();
        all.forEach((name, value) -> texts.put(name, text(value)));
        jwt.set("scopes", JSON.valueToTree(scopes));
        return JSON.createObjectNode().set("jwt", jwt);
    }

    private static String text(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(" ", "[", "]"))
                : value.toString();
    }

    private static String withoutScheme(String header) {
        boolean named = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return (named ? header.substring(BEARER.length()) : header).strip();
    }

    private static Verdict refused(int status, String message, String wwwAuthenticate) {
        return new Verdict.Refused(Reply.message(status, message).with("www-authenticate", wwwAuthenticate));
    }
}
