package io.taskscheduler.template;

import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Properties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What one statement of a policy allows.
 *
 * @param conditions operator and key, as in {@code StringEquals iam:PassedToService}, to value
 */
record Statement(Optional<String> sid, boolean allows, List<String> actions, List<String> resources,
        Map<String, String> conditions) {

    /** Those of a policy document. */
    static List<Statement> of(Properties document) {
        return document.children("Statement").stream().map(Statement::read).toList();
    }

    /** Those that a function's own role is given; SAM makes the role from them. */
    static List<Statement> of(DeployedTemplate template, FunctionResource function) {
        Properties properties = template.resource(function.logicalId()).properties();
        if (properties.text("Role").isPresent()) {
            throw new AssertionError(function.logicalId() + " has a role of another's making");
        }
        List<Statement> statements = new ArrayList<>();
        for (Properties policy : properties.children("Policies")) {
            if (!policy.json().has("Statement")) {
                throw new AssertionError(policy.place() + " is a policy that is not written here: " + policy.json());
            }
            statements.addAll(of(policy));
        }
        return statements;
    }

    private static Statement read(Properties statement) {
        return new Statement(statement.text("Sid"), statement.requiredText("Effect").equals("Allow"),
                texts(statement.json().path("Action")), texts(statement.json().path("Resource")),
                conditions(statement));
    }

    private static Map<String, String> conditions(Properties statement) {
        Map<String, String> conditions = new TreeMap<>();
        Properties condition = statement.child("Condition");
        condition.json().propertyNames().forEach(operator -> condition.texts(operator)
                .forEach((key, value) -> conditions.put(operator + " " + key, value)));
        return conditions;
    }

    private static List<String> texts(JsonNode oneOrMore) {
        Stream<JsonNode> all = oneOrMore.isArray() ? oneOrMore.valueStream() : Stream.of(oneOrMore);
        return all.filter(JsonNode::isString).map(JsonNode::stringValue).toList();
    }
}
