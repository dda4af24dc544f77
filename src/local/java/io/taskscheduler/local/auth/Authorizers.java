package io.taskscheduler.local.auth;

import java.util.Optional;

import io.taskscheduler.local.http.Authorizer;
import io.taskscheduler.local.http.Request;
import io.taskscheduler.local.template.RouteAuth;

/** Asks each caller for what the route says: a token, a signature or nothing. */
public final class Authorizers implements Authorizer {
    private final TokenCheck tokens;
    private final SignatureCheck signatures;

    public Authorizers(TokenCheck tokens, SignatureCheck signatures) {
        this.tokens = tokens;
        this.signatures = signatures;
    }

    @Override
    public Verdict judge(RouteAuth wanted, Request request) {
        return switch (wanted) {
            case RouteAuth.None() -> new Verdict.Allowed(Optional.empty());
            case RouteAuth.Iam() -> signatures.judge(request);
            case RouteAuth.Jwt jwt -> tokens.judge(jwt, request);
        };
    }
}
