package io.taskscheduler.local.template;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stack's own secrets, where a property refers to them: <code>{{resolve:secretsmanager:ARN}}</code>. A secret that
 * Secrets Manager would make is made at random and stays the same for as long as the stack does. Any other dynamic
 * reference is refused with its place.
 */
final class Secrets {
    static final String TYPE = "AWS::SecretsManager::Secret";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{resolve:([^}]*)}}");
    private static final String SERVICE = "secretsmanager:";
    private static final Set<String> GENERATED_BY = Set.of("PasswordLength", "ExcludePunctuation");
    private static final int DEFAULT_LENGTH = 32;
    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final Function<String, Optional<Resource>> byArn;
    private final Map<String, String> values = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /** Of the secrets that are found by their ARN. */
    Secrets(Function<String, Optional<Resource>> byArn) {
        this.byArn = byArn;
    }

    /** The same, with secrets for what refers to them. */
    JsonNode resolved(JsonNode evaluated, String place) {
        return switch (evaluated) {
            case ObjectNode object -> {
                ObjectNode result = JSON.objectNode();
                object.properties().forEach(member -> result.set(member.getKey(),
                        resolved(member.getValue(), place + "." + member.getKey())));
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = JSON.arrayNode();
                for (int i = 0; i < array.size(); i++) {
                    result.add(resolved(array.get(i), place + "[" + i + "]"));
                }
                yield result;
            }
            case JsonNode text when text.isString() -> JSON.stringNode(REFERENCE.matcher(text.stringValue()).replaceAll(
                    (MatchResult found) -> Matcher.quoteReplacement(value(found.group(1), place))));
            case JsonNode other -> other;
        };
    }

    private String value(String reference, String place) {
        String arn = reference.startsWith(SERVICE) ? reference.substring(SERVICE.length()) : "";
        Resource secret = byArn.apply(arn).orElseThrow(() -> new TemplateException(place,
                "the dynamic reference " + reference
                        + " is not supported locally: only that to a whole secret of this template"));
        return value(secret);
    }

    /** The secret's text. */
    String value(Resource secret) {
        return values.computeIfAbsent(secret.ref(), any -> secret.properties().text("SecretString")
                .orElseGet(() -> generated(secret.properties().child("GenerateSecretString"))));
    }

    private String generated(Properties how) {
        how.json().propertyNames().stream().filter(name -> !GENERATED_BY.contains(name)).findFirst().ifPresent(name -> {
            throw new TemplateException(how.place() + "." + name, "is not supported locally");
        });
        String alphabet = LETTERS_AND_DIGITS + (how.flag("ExcludePunctuation") ? "" : PUNCTUATION);
        return random.ints(how.number("PasswordLength").orElse(DEFAULT_LENGTH), 0, alphabet.length())
                .collect(StringBuilder::new, (text, at) -> text.append(alphabet.charAt(at)), StringBuilder::append)
                .toString();
    }
}
