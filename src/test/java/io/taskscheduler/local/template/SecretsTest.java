package io.taskscheduler.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @Test
    void a_secret_that_would_be_generated_is_at_random_and_the_same_wherever_it_is_referred_to() {
        String generated = "GenerateSecretString: {PasswordLength: 64, ExcludePunctuation: true}";
        Stack stack = stack(generated, "!Sub \"{{resolve:secretsmanager:${S}}}\"");

        assertThat(key(stack)).matches("[A-Za-z0-9]{64}").isEqualTo(key(stack));
        assertThat(key(stack(generated, "!Sub \"{{resolve:secretsmanager:${S}}}\""))).isNotEqualTo(key(stack));
    }

    @Test
    void secrets_manager_s_own_defaults_hold_where_the_template_is_silent() {
        assertThat(key(stack("GenerateSecretString: {}", "!Sub \"{{resolve:secretsmanager:${S}}}\""))).hasSize(32)
                .matches("[!-~]+");
    }

    @Test
    void a_secret_that_is_written_down_is_what_is_written() {
        assertThat(key(stack("SecretString: a$b", "!Sub \"x {{resolve:secretsmanager:${S}}} y\"")))
                .isEqualTo("x a$b y");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {{resolve:secretsmanager:${S}:SecretString:password}}
            {{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:123456789012:secret:Other}}
            {{resolve:ssm:parameter}}
            """)
    void any_other_dynamic_reference_is_refused_with_its_place(String reference) {
        assertThatThrownBy(() -> key(stack("SecretString: a", "!Sub \"" + reference + "\"")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("Resources.F.Properties.Environment.Variables.KEY: the dynamic reference ")
                .hasMessageContaining("is not supported locally");
    }

    @Test
    void a_way_of_generating_that_is_not_known_is_refused_with_its_place() {
        assertThatThrownBy(() -> key(stack("GenerateSecretString: {GenerateStringKey: password}",
                "!Sub \"{{resolve:secretsmanager:${S}}}\""))).isInstanceOf(TemplateException.class).hasMessage(
                        "template.yaml, Resources.S.Properties.GenerateSecretString.GenerateStringKey: is not supported locally");
    }

    private static String key(Stack stack) {
        return FunctionResource.of(stack).getFirst().environment().getOrDefault("KEY", "");
    }

    private static Stack stack(String secret, String value) {
        return Template.parse("""
                Resources:
                  S: {Type: AWS::SecretsManager::Secret, Properties: {%s}}
                  F:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: a.B
                      Environment: {Variables: {KEY: %s}}
                """.formatted(secret, value)).stack(Account.local("http://sqs"), Map.of());
    }
}
