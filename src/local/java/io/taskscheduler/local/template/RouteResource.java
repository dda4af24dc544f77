package io.taskscheduler.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route of the stack's HTTP API.
 *
 * @param routeKey
 *            as API Gateway has it: {@code METHOD /path/{parameter}}, {@code ANY /path} or {@code $default}
 * @param functionName
 *            the function that answers it
 * @param timeout
 *            how long API Gateway waits for it
 * @param auth
 *            what it asks a caller for
 */
public record RouteResource(String logicalId, String routeKey, String functionName, Duration timeout,
        RouteAuth auth) {
    private static final Pattern FUNCTION_ARN = Pattern.compile("arn:[^:]+:lambda:[^:]*:[^:]*:function:([^:/]+)");
    private static final int LONGEST_INTEGRATION_MILLISECONDS = 30_000;

    /** The stack's routes, in the template's order. */
    public static List<RouteResource> of(Stack stack) {
        return stack.resources("AWS::ApiGatewayV2::Route").stream().map(route -> of(route, stack)).toList();
    }

    private static RouteResource of(Resource route, Stack stack) {
        String target = route.properties().requiredText("Target");
        String place = route.properties().place() + ".Target";
        Resource integration = Optional.of(target).filter(t -> t.startsWith("integrations/"))
                .flatMap(t -> stack.resource(t.substring("integrations/".length())))
                .orElseThrow(() -> new TemplateException(place, target + " is not an integration of the template"));
        Properties properties = integration.properties();
        String uri = properties.requiredText("IntegrationUri");
        Matcher arn = FUNCTION_ARN.matcher(uri);
        if (!arn.find()) {
            throw new TemplateException(properties.place() + ".IntegrationUri", uri + " is not a function's ARN");
        }
        String format = properties.text("PayloadFormatVersion").orElse("1.0");
        if (!format.equals("2.0")) {
            throw new TemplateException(properties.place() + ".PayloadFormatVersion",
                    "only 2.0 is supported locally, not " + format);
        }
        return new RouteResource(route.logicalId(), route.properties().requiredText("RouteKey"), arn.group(1),
                Duration.ofMillis(properties.number("TimeoutInMillis").orElse(LONGEST_INTEGRATION_MILLISECONDS)),
                RouteAuth.of(route.properties(), stack));
    }
}
