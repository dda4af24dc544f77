package io.taskscheduler.handler.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import io.taskscheduler.domain.Caller;
import java.util.Map;
import java.util.Optional;

/** Who a request is from, as API Gateway's authorizer tells it: the ARN of an AWS identity, or the subject of a token. */
public final class Callers {

    private Callers() {}

    public static Caller of(APIGatewayV2HTTPEvent event) {
        Optional<Authorizer> authorizer = Optional.ofNullable(event.getRequestContext().getAuthorizer());
        Optional<String> arn = authorizer.map(Authorizer::getIam).map(iam -> iam.getUserArn());
        Optional<Map<String, String>> claims = authorizer.map(Authorizer::getJwt).map(jwt -> jwt.getClaims());
        String name = arn.or(() -> claims.map(all -> all.get("sub"))).or(() -> claims.map(all -> all.get("client_id")))
                .filter(text -> !text.isEmpty()).orElse(Caller.ANONYMOUS.name());
        return new Caller(name, Body.header(event, "traceparent"));
    }
}
