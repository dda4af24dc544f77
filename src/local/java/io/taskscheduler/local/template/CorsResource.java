package io.taskscheduler.local.template;

import java.util.List;
import java.util.Optional;

/**
 * Which pages in browsers may call the stack's HTTP API, and how.
 *
 * @param allowOrigins
 *            origins, {@code *} for all, or {@code https://*} and {@code http://*} for all of a scheme
 * @param maxAge
 *            seconds for which a browser may keep what it was told; empty when the template is silent
 */
public record CorsResource(List<String> allowOrigins, List<String> allowMethods, List<String> allowHeaders,
        List<String> exposeHeaders, Optional<Integer> maxAge) {

    public CorsResource {
        allowOrigins = List.copyOf(allowOrigins);
        allowMethods = List.copyOf(allowMethods);
        allowHeaders = List.copyOf(allowHeaders);
        exposeHeaders = List.copyOf(exposeHeaders);
    }

    /** That of the stack's API; empty when browsers are told nothing. {@code AllowCredentials} is refused. */
    public static Optional<CorsResource> of(Stack stack) {
        return stack.resources("AWS::ApiGatewayV2::Api").stream()
                .map(api -> api.properties().child("CorsConfiguration"))
                .filter(cors -> !cors.isAbsent()).findFirst().map(CorsResource::of);
    }

    private static CorsResource of(Properties cors) {
        if (cors.flag("AllowCredentials")) {
            throw new TemplateException(cors.place() + ".AllowCredentials", "is not supported locally");
        }
        return new CorsResource(list(cors, "AllowOrigins"), list(cors, "AllowMethods"), list(cors, "AllowHeaders"),
                list(cors, "ExposeHeaders"), cors.number("MaxAge"));
    }

    private static List<String> list(Properties cors, String member) {
        return cors.children(member).stream().map(item -> Properties.asText(item.json(), item.place())).toList();
    }
}
