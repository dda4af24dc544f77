package io.taskscheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.template.FunctionResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Functions that are called by an alias run as they were when their last version was published. Everybody calls that alias, and every change of
 * what is part of a version publishes one: SAM sees changes of the template, and the text of parameters the others.
 */
class VersionsTest {

    private static final DeployedTemplate TEMPLATE = DeployedTemplate.asWritten();

    /** A value other than the default for every parameter that has no list of values and is no number. */
    private static final Map<String, String> OTHERS = Map.ofEntries(Map.entry("JwtIssuer", "https://issuer.example"),
            Map.entry("JwtAudience", "tasks"), Map.entry("JwtReadScope", "t/see"), Map.entry("JwtWriteScope", "t/do"),
            Map.entry("JwtOperateScope", "t/run"), Map.entry("CorsAllowedOrigins", "https://a.example"),
            Map.entry("WebhookAllowedNetworks", "10.0.0.0/8"), Map.entry("WebhookAllowedHosts", "a.example"),
            Map.entry("WebhookBlockedPorts", "25"), Map.entry("WebhookCaBundle", "ca"),
            Map.entry("SecretsPrefix", "other/"),
            Map.entry("AlarmTopicArn", "arn:aws:sns:eu-west-1:210987654321:alarms"));

    /** Of a function's properties, what is not part of its versions. */
    private static final Set<String> OUTSIDE = Set.of("Events", "EventInvokeConfig", "ReservedConcurrentExecutions",
            "Role", "AutoPublishAlias", "AutoPublishAliasAllProperties", "VersionDescription");

    @Test
    void every_parameter_that_a_version_is_made_of_publishes_a_new_one() {
        assertThat(unpublished(TEMPLATE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FunctionParameters   | WebhookAllowedHosts=${WebhookAllowedHosts}         | hosts      | ScheduleTaskFunction keeps the old WebhookAllowedHosts
            FunctionParameters   | WebhookCaBundle=${WebhookCaBundle}                 | bundle     | ExecuteTaskFunction keeps the old WebhookCaBundle
            FunctionParameters   | SnapStart=${SnapStart}                             | snap start | ExecuteTaskFunction keeps the old SnapStart
            ScheduleTaskFunction | VersionDescription: !Sub with parameters ${Funct   | VersionDescription: ${Funct | ScheduleTaskFunction: its versions are not described by the parameters
            ScheduleTaskFunction | AutoPublishAliasAllProperties: true                | AutoPublishAliasAllProperties: false | ScheduleTaskFunction: a changed template publishes nothing
            ExecuteTaskFunction  | (parameters ${FunctionParameters.VersionNumber})   | | ExecuteTaskFunction: Lambda publishes nothing when nothing of it has changed
            """)
    void a_version_that_would_go_on_as_before_is_found(String below, String written, String instead, String fault) {
        assertThat(unpublished(TEMPLATE.where(below, written, instead == null ? "" : instead))).contains(fault);
    }

    @Test
    void the_snapshot_is_the_operators_choice_and_the_alias_is_not() {
        for (String function : List.of("ScheduleTaskFunction", "ExecuteTaskFunction")) {
            assertThat(snapshots(TEMPLATE, function)).isEqualTo("PublishedVersions");
            assertThat(snapshots(TEMPLATE.with(Map.of("SnapStart", "off")), function)).isEqualTo("None");
            assertThat(TEMPLATE.with(Map.of("SnapStart", "off")).aliasOf(function)).endsWith(":live");
        }
    }

    @Test
    void every_version_with_a_snapshot_is_called_often_enough_to_keep_it() {
        assertThat(TEMPLATE.stack().resources("AWS::Scheduler::Schedule"))
                .allSatisfy(schedule -> assertThat(schedule.properties().requiredText("ScheduleExpression"))
                        .isEqualTo("rate(1 day)"))
                .extracting(schedule -> schedule.properties().child("Target").requiredText("Arn"))
                .containsExactlyInAnyOrderElementsOf(
                        published(TEMPLATE).stream().map(f -> TEMPLATE.aliasOf(f.logicalId())).toList());
        assertThat(TEMPLATE.with(Map.of("SnapStart", "off")).stack().resources("AWS::Scheduler::Schedule")).isEmpty();
    }

    @Test
    void nobody_calls_a_function_that_has_an_alias_without_it() {
        assertThat(bareCalls(TEMPLATE)).isEmpty();
        assertThat(bareCalls(TEMPLATE.where("ApiMayCallScheduleTask", "!Ref ScheduleTaskFunction.Alias",
                "!GetAtt ScheduleTaskFunction.Arn"))).containsExactly("ApiMayCallScheduleTask");
        assertThat(bareCalls(TEMPLATE.where("Globals", "-ExecuteTask:live", "-ExecuteTask")))
                .contains("ScheduleTaskFunction", "ReconcileTasksFunction");
    }

    private static String snapshots(DeployedTemplate template, String function) {
        return template.resource(function).properties().child("SnapStart").requiredText("ApplyOn");
    }

    private static List<FunctionResource> published(DeployedTemplate template) {
        return template.functions().stream()
                .filter(f -> template.resource(f.logicalId()).properties().text("AutoPublishAlias").isPresent())
                .toList();
    }

    private static List<String> unpublished(DeployedTemplate template) {
        List<String> faults = new ArrayList<>();
        for (FunctionResource function : published(template)) {
            String id = function.logicalId();
            JsonNode written = template.written(id).path("Properties");
            String number = "${FunctionParameters.VersionNumber}";
            if (!written.path("VersionDescription").toString().contains("Fn::Sub")
                    || !written.path("VersionDescription").toString().contains(number)) {
                faults.add(id + ": its versions are not described by the parameters");
            }
            if (!written.path("Description").toString().contains(number)) {
                faults.add(id + ": Lambda publishes nothing when nothing of it has changed");
            }
            if (!written.path("AutoPublishAliasAllProperties").asBoolean(false)) {
                faults.add(id + ": a changed template publishes nothing");
            }
        }
        template.parameters().propertyNames().forEach(name -> {
            DeployedTemplate after = template.with(Map.of(name, other(template, name)));
            if (content(template).equals(content(after))) {
                published(template).stream().map(FunctionResource::logicalId)
                        .filter(id -> !version(template, id).equals(version(after, id)))
                        .forEach(id -> faults.add(id + " keeps the old " + name));
            }
        });
        return faults;
    }

    private static JsonNode version(DeployedTemplate template, String function) {
        ObjectNode properties = ((ObjectNode) template.resource(function).properties().json()).deepCopy();
        properties.remove(OUTSIDE);
        // Made anew by each reading of the template; in an account it stays.
        ((ObjectNode) properties.path("Environment").path("Variables")).remove("PAGE_TOKEN_KEY");
        return properties;
    }

    private static String content(DeployedTemplate template) {
        return template.resource("FunctionParameters").properties().requiredText("Content");
    }

    private static String other(DeployedTemplate template, String parameter) {
        JsonNode declared = template.parameter(parameter);
        String usual = declared.path("Default").asString();
        if (declared.has("AllowedValues")) {
            return declared.path("AllowedValues").valueStream().map(JsonNode::asString)
                    .filter(value -> !value.equals(usual)).findFirst().orElseThrow();
        }
        if (declared.path("Type").asString().equals("Number")) {
            return Integer.toString(Integer.parseInt(usual) + 1);
        }
        String other = OTHERS.get(parameter);
        if (other == null) {
            throw new AssertionError("no other value is known for " + parameter);
        }
        return other;
    }

    /** Resources that hold the bare ARN of a function with an alias. */
    private static List<String> bareCalls(DeployedTemplate template) {
        List<String> arns = published(template).stream().map(FunctionResource::arn).toList();
        return template.written().propertyNames().stream().filter(id -> template.stack().resource(id).isPresent())
                .filter(id -> leaves(template.resource(id).properties().json())
                        .anyMatch(text -> arns.stream().anyMatch(arn -> text.matches(".*\\Q" + arn + "\\E(/.*)?"))))
                .toList();
    }

    private static Stream<String> leaves(JsonNode node) {
        return node.isContainer() ? node.valueStream().flatMap(VersionsTest::leaves) : Stream.of(node.asString());
    }
}
