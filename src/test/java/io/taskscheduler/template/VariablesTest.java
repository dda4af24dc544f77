package io.taskscheduler.template;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.TemplateException;
import io.taskscheduler.wiring.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the template tells its functions is what they read, and means what they take it for. */
class VariablesTest {

    private static final String REGION = "AWS_REGION";
    private static final String JVM_OPTIONS = "JAVA_TOOL_OPTIONS";
    private static final String API_AUTH = "API_AUTH";
    /** Of who sends them. */
    private static final Set<String> OF_WEBHOOKS = Set.of("SIGNING_SECRET", "SECRETS_PREFIX", "WEBHOOK_CA_BUNDLE");
    private static final String JWT_SCOPES = "JWT_SCOPES";
    private static final String PAGE_TOKEN_KEY = "PAGE_TOKEN_KEY";

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void every_function_is_told_what_it_reads_and_nothing_else() {
        assertThat(read()).contains(REGION, API_AUTH, PAGE_TOKEN_KEY, "TABLE_NAME", "TIMER_ROLE_ARN");
        assertThat(faults(template)).isEmpty();
    }

    @Test
    void a_variable_that_is_missing_misspelt_or_in_the_wrong_place_is_found() {
        assertThat(faults(template.where("Globals", "INDEX_SHARDS:", "INDEX_SHARD:"))).hasSize(2 * 4).contains(
                "ScheduleTaskFunction: INDEX_SHARDS is missing", "ScheduleTaskFunction: nobody reads INDEX_SHARD",
                "AdoptTaskFunction: INDEX_SHARDS is missing", "AdoptTaskFunction: nobody reads INDEX_SHARD");
        assertThat(faults(template.where("Globals", "TABLE_NAME: !Ref TasksTable",
                "TABLE_NAME: !Ref TasksTable\n        API_AUTH: iam")))
                .containsExactly("ExecuteTaskFunction: nobody reads API_AUTH",
                        "ReconcileTasksFunction: nobody reads API_AUTH", "AdoptTaskFunction: nobody reads API_AUTH");
        assertThat(faults(template.where("Globals", "TABLE_NAME: !Ref TasksTable",
                "TABLE_NAME: !Ref TasksTable\n        AWS_REGION: eu-west-1"))).hasSize(4)
                .contains("ScheduleTaskFunction: Lambda sets AWS_REGION itself",
                        "ExecuteTaskFunction: Lambda sets AWS_REGION itself");
    }

    @Test
    void every_variable_has_the_value_that_it_is_taken_for() {
        for (FunctionResource function : template.functions()) {
            Settings settings = settings(template, function.logicalId());

            assertThat(settings).isEqualTo(new Settings("eu-west-1", template.resource("TasksTable").name(), 16, 30,
                    template.resource("ScheduleGroup").name(), template.resource("TimerQueue").ref(),
                    template.aliasOf("ExecuteTaskFunction"),
                    template.account().globalArn("iam", "role/TimerRole"),
                    template.account().arn("sqs", "TimerDeadLetterQueue"), template.resource("WakeUpQueue").ref(), 50,
                    Precision.SECOND,
                    Destinations.of("", "", template.parameter("WebhookBlockedPorts").path("Default").asString()),
                    Settings.ApiAuth.IAM, Optional.empty(), settings.pageTokenKey(), settings.signingSecret(),
                    settings.secretsPrefix(),
                    Optional.empty()));
        }
    }

    @Test
    void who_sends_webhooks_knows_where_their_secrets_are_and_nobody_else() {
        DeployedTemplate bundled = template.with(Map.of("WebhookCaBundle", "ca/own", "SecretsPrefix", "billing/"));
        for (FunctionResource function : bundled.functions()) {
            Settings settings = settings(bundled, function.logicalId());

            if (function.logicalId().equals("ExecuteTaskFunction")) {
                assertThat(settings.signingSecret()).isEqualTo(bundled.resource("SigningSecret").ref());
                assertThat(settings.secretsPrefix()).isEqualTo("billing/");
                assertThat(settings.caBundle()).contains("billing/ca/own");
            } else {
                assertThat(settings.signingSecret() + settings.secretsPrefix()).isEmpty();
                assertThat(settings.caBundle()).isEmpty();
            }
        }
    }

    @Test
    void where_webhooks_may_go_is_the_same_for_who_takes_tasks_and_who_runs_them() {
        DeployedTemplate narrowed = template.with(Map.of("WebhookAllowedNetworks", "10.1.0.0/16,fd12::/16",
                "WebhookAllowedHosts", "*.example.com", "WebhookBlockedPorts", "25"));

        for (FunctionResource function : narrowed.functions()) {
            assertThat(settings(narrowed, function.logicalId()).destinations())
                    .isEqualTo(Destinations.of("10.1.0.0/16,fd12::/16", "*.example.com", "25"));
        }
    }

    @Test
    void the_api_alone_has_the_key_of_its_page_tokens_and_does_not_show_it() {
        for (FunctionResource function : template.functions()) {
            Settings settings = settings(template, function.logicalId());

            if (function.logicalId().equals("ScheduleTaskFunction")) {
                String key = settings.pageTokenKey().orElseThrow().value();
                assertThat(key).matches("[A-Za-z0-9]{64}");
                assertThat(settings.toString()).doesNotContain(key);
            } else {
                assertThat(settings.pageTokenKey()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"iam, IAM", "jwt, JWT", "none, NONE"})
    void the_api_knows_which_authentication_is_in_force(String chosen, Settings.ApiAuth auth) {
        Settings settings = settings(template.with(Map.of("ApiAuth", chosen)), "ScheduleTaskFunction");

        assertThat(settings.apiAuth()).isEqualTo(auth);
        assertThat(template.parameter("ApiAuth").path("AllowedValues")).hasSize(Settings.ApiAuth.values().length);
    }

    @Test
    void the_api_knows_the_scopes_of_tokens_where_there_are_any() {
        Map<String, String> scopes = Map.of("ApiAuth", "jwt", "JwtReadScope", "t/see", "JwtWriteScope", "t/put",
                "JwtOperateScope", "t/run");

        assertThat(settings(template.with(scopes), "ScheduleTaskFunction").apiScopes())
                .contains(new Settings.ApiScopes("t/see", "t/put", "t/run"));
        assertThat(settings(template.with(Map.of("JwtReadScope", "t/see")), "ScheduleTaskFunction").apiScopes())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two scopes", "a\"b", "a\\b"})
    void what_is_no_scope_is_refused_before_it_is_deployed(String scope) {
        for (String parameter : List.of("JwtReadScope", "JwtWriteScope", "JwtOperateScope")) {
            assertThatThrownBy(() -> template.with(Map.of(parameter, scope))).isInstanceOf(TemplateException.class)
                    .hasMessageContaining("Parameters." + parameter);
        }
    }

    @ParameterizedTest
    @CsvSource({"second, SECOND", "minute, MINUTE"})
    void the_functions_know_how_exactly_tasks_run_that_do_not_say(String chosen, Precision precision) {
        Settings settings = settings(template.with(Map.of("Precision", chosen)), "ScheduleTaskFunction");

        assertThat(settings.precision()).isEqualTo(precision);
        assertThat(template.parameter("Precision").path("AllowedValues")).hasSize(Precision.values().length);
    }

    @Test
    void as_many_connections_are_kept_as_a_run_handles_messages_and_as_a_list_asks_shards() {
        assertThat(EventSourceResource.of(template.stack())).isNotEmpty().allSatisfy(source -> {
            FunctionResource function = template.functions().stream()
                    .filter(f -> f.name().equals(source.functionName())).findAny().orElseThrow();
            if (source instanceof EventSourceResource.Queue queue) {
                assertThat(connectionsKept(function)).isGreaterThanOrEqualTo(queue.batchSize());
            }
        });
        assertThat(connectionsKept(template.function("ScheduleTaskFunction")))
                .isGreaterThanOrEqualTo(settings(template, "ScheduleTaskFunction").indexShards());
    }

    private static int connectionsKept(FunctionResource function) {
        return Integer.parseInt(requireNonNull(function.environment().get(JVM_OPTIONS))
                .replaceFirst(".*-Dhttp.maxConnections=(\\d+).*", "$1"));
    }

    @ParameterizedTest
    @CsvSource({"IndexShards, MinValue", "IndexShards, MaxValue", "TaskRetentionDays, MinValue",
            "TaskRetentionDays, MaxValue", "WakeUpsPerSecond, MinValue", "WakeUpsPerSecond, MaxValue"})
    void whatever_the_operator_may_choose_the_functions_start_with(String parameter, String limit) {
        String value = template.parameter(parameter).path(limit).asString();

        Settings settings = settings(template.with(Map.of(parameter, value)), "ExecuteTaskFunction");

        assertThat(switch (parameter) {
            case "IndexShards" -> settings.indexShards();
            case "TaskRetentionDays" -> settings.taskRetentionDays();
            case "WakeUpsPerSecond" -> settings.wakeUpsPerSecond();
            default -> throw new AssertionError(parameter);
        }).isEqualTo(Integer.parseInt(value));
    }

    /**
     * {@code sam local invoke} drops a variable that the template does not declare without a word, and gives a logical id for a resource that is
     * not deployed.
     */
    @Test
    void the_variables_for_sam_local_are_declared_and_none_is_missing() throws IOException {
        Set<String> replaced = new TreeSet<>(
                new JsonMapper().readTree(Files.readString(Path.of("events/local-stack.env.json"))).path("Parameters")
                        .propertyNames());

        assertThat(replaced).isNotEmpty();
        for (FunctionResource function : template.functions()) {
            assertThat(function.environment().keySet()).containsAll(replaced);
            assertThat(replaced).containsAll(function.environment().keySet().stream()
                    .filter(name -> name.matches(".*_(NAME|URL|ARN)")).toList());
        }
    }

    private static List<String> faults(DeployedTemplate template) {
        List<String> faults = new ArrayList<>();
        for (FunctionResource function : template.functions()) {
            Set<String> declared = new TreeSet<>(function.environment().keySet());
            Set<String> wanted = read();
            wanted.remove(REGION);
            if (!template.functionsBehindTheApi().contains(function.name())) {
                wanted.remove(API_AUTH);
                wanted.remove(JWT_SCOPES);
                wanted.remove(PAGE_TOKEN_KEY);
            }
            if (!function.handler().contains("ExecuteTask")) {
                wanted.removeAll(OF_WEBHOOKS);
            }
            Set<String> missing = new TreeSet<>(wanted);
            missing.removeAll(declared);
            missing.forEach(name -> faults.add(function.logicalId() + ": " + name + " is missing"));
            if (declared.remove(REGION)) {
                faults.add(function.logicalId() + ": Lambda sets " + REGION + " itself");
            }
            declared.removeAll(wanted);
            declared.remove(JVM_OPTIONS);
            declared.forEach(name -> faults.add(function.logicalId() + ": nobody reads " + name));
        }
        return faults;
    }

    private static Settings settings(DeployedTemplate template, String function) {
        Map<String, String> environment = new HashMap<>(template.function(function).environment());
        environment.put(REGION, template.account().region());
        return Settings.from(environment);
    }

    /** The names that the settings ask their environment for. */
    private static Set<String> read() {
        Set<String> asked = new TreeSet<>();
        Settings.from(new AbstractMap<>() {
            @Override
            public @Nullable String get(Object name) {
                asked.add(name.toString());
                return "1";
            }

            @Override
            public Set<Entry<String, String>> entrySet() {
                return Set.of();
            }

            @Override
            public String getOrDefault(Object name, String otherwise) {
                asked.add(name.toString());
                return switch (name.toString()) {
                    case API_AUTH -> otherwise;
                    case "PRECISION" -> "second";
                    case "WEBHOOK_ALLOWED_NETWORKS" -> "10.0.0.0/8";
                    default -> "1";
                };
            }
        });
        return asked;
    }
}
