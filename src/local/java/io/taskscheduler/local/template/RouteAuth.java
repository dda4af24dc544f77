package io.taskscheduler.local.template;

import java.util.List;

/** What API Gateway asks a caller of a route for. */
public sealed interface RouteAuth {

    /** Nothing: everybody may call. */
    record None() implements RouteAuth {}

    /** A signature of an AWS identity. */
    record Iam() implements RouteAuth {}

    /**
     * A token.
     *
     * @param audiences
     *            of which it must be for one
     * @param scopes
     *            of which it must hold one; none is needed when there are none
     */
    record Jwt(String issuer, List<String> audiences, List<String> scopes) implements RouteAuth {
        public Jwt {
            audiences = List.copyOf(audiences);
            scopes = List.copyOf(scopes);
        }
    }

    /** Of a route; what is not understood locally is refused. As with AWS, it is nothing unless the route says otherwise. */
    static RouteAuth of(Properties route, Stack stack) {
        String type = route.text("AuthorizationType").orElse("NONE");
        List<String> scopes = texts(route, "AuthorizationScopes");
        if (!type.equals("JWT") && !scopes.isEmpty()) {
            throw new TemplateException(route.place() + ".AuthorizationScopes", "are for AuthorizationType JWT only");
        }
        return switch (type) {
            case "NONE" -> new None();
            case "AWS_IAM" -> new Iam();
            case "JWT" -> jwt(authorizer(route, stack), scopes);
            default -> throw new TemplateException(route.place() + ".AuthorizationType",
                    type + " is not supported locally, only AWS_IAM, JWT, NONE");
        };
    }

    private static Properties authorizer(Properties route, Stack stack) {
        String id = route.requiredText("AuthorizerId");
        return stack.resource(id).filter(resource -> resource.type().equals("AWS::ApiGatewayV2::Authorizer"))
                .orElseThrow(() -> new TemplateException(route.place() + ".AuthorizerId",
                        id + " is not an authorizer of the template"))
                .properties();
    }

    private static Jwt jwt(Properties authorizer, List<String> scopes) {
        if (!authorizer.requiredText("AuthorizerType").equals("JWT")) {
            throw new TemplateException(authorizer.place() + ".AuthorizerType", "is not the route's");
        }
        List<String> source = texts(authorizer, "IdentitySource");
        if (!source.equals(List.of("$request.header.Authorization"))) {
            throw new TemplateException(authorizer.place() + ".IdentitySource",
                    "only $request.header.Authorization is supported locally, not " + source);
        }
        Properties configuration = authorizer.child("JwtConfiguration");
        return new Jwt(configuration.requiredText("Issuer"), texts(configuration, "Audience"), scopes);
    }

    private static List<String> texts(Properties properties, String member) {
        return properties.children(member).stream().map(item -> Properties.asText(item.json(), item.place())).toList();
    }
}
