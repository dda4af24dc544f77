package io.taskscheduler.template;

import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Properties;
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

    /** Those of a function's role, which must be its own and have one policy, written in the template. */
    static List<Statement> of(DeployedTemplate template, FunctionResource function) {
        // Without a role SAM makes one, which may write to every log of the account.
        String arn = template.resource(function.logicalId()).properties().requiredText("Role");
        String written = arn.substring(arn.lastIndexOf('/') + 1);
        List<String> users = template.functions().stream().map(FunctionResource::logicalId)
                .filter(id -> template.resource(id).properties().text("Role").equals(Optional.of(arn))).toList();
        if (users.size() > 1) {
            throw new AssertionError(users + " share a role");
        }
        Properties role = template.stack().resources("AWS::IAM::Role").stream()
                .filter(resource -> resource.name().equals(written)).findAny()
                .orElseThrow(() -> new AssertionError(arn + " is a role that is not written here")).properties();
        if (role.children("Policies").size() != 1 || role.json().has("ManagedPolicyArns")) {
            throw new AssertionError(role.place() + " has other than one policy written here");
        }
        return of(role.children("Policies").getFirst().child("PolicyDocument"));
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
