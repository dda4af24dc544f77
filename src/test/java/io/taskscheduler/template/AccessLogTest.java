package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What API Gateway writes down of each request: who, when, which route and what became of it, and nothing that the caller sent with it. */
class AccessLogTest {

    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z]+(?:\\.[A-Za-z]+)*");

    /** None of them holds a query string, a header or a body; a path holds a task's id. */
    private static final Set<String> HARMLESS = Set.of("$context.requestTime", "$context.requestId",
            "$context.identity.userArn", "$context.authorizer.claims.sub", "$context.identity.sourceIp",
            "$context.httpMethod", "$context.path", "$context.routeKey", "$context.status", "$context.responseLatency",
            "$context.integrationLatency", "$context.error.message", "$context.authorizer.error",
            "$context.integrationErrorMessage");

    @Test
    void it_holds_no_query_string_no_header_and_no_body() {
        assertThat(format(DeployedTemplate.asWritten())).contains("$context.requestId");
        assertThat(harmful(DeployedTemplate.asWritten())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$context.identity.userAgent", "$request.querystring", "$context.authorizer.claims.email",
            "$request.header.authorization"})
    void one_that_would_is_found(String variable) {
        assertThat(harmful(DeployedTemplate.asWritten().where("ApiStage", "$context.path", variable)))
                .containsExactly(variable);
    }

    private static List<String> harmful(DeployedTemplate template) {
        return VARIABLE.matcher(format(template)).results().map(found -> found.group())
                .filter(variable -> !HARMLESS.contains(variable)).toList();
    }

    private static String format(DeployedTemplate template) {
        return template.resource("ApiStage").properties().child("AccessLogSettings").requiredText("Format");
    }
}
