package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import io.taskscheduler.domain.Caller;
import java.util.Map;

/** Who a request is from, as API Gateway's authorizer tells it: the ARN of an AWS identity, or the subject of a token. */
public final class Callers {

    private Callers() {}

    public static Caller of(APIGatewayV2HTTPEvent event) {
        Authorizer authorizer = event.getRequestContext().getAuthorizer();
        String name = authorizer == null ? "" : nameOf(authorizer);
        return new Caller(name.isEmpty() ? Caller.ANONYMOUS.name() : name, Body.header(event, "traceparent"));
    }

    private static String nameOf(Authorizer authorizer) {
        if (authorizer.getIam() != null && authorizer.getIam().getUserArn() != null) {
            return authorizer.getIam().getUserArn();
        }
        Map<String, String> claims = authorizer.getJwt() == null || authorizer.getJwt().getClaims() == null
                ? Map.of()
                : authorizer.getJwt().getClaims();
        return claims.getOrDefault("sub", claims.getOrDefault("client_id", ""));
    }
}
