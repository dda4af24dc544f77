package io.taskscheduler.local.secrets;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * AWS Secrets Manager as far as functions read it: {@code GetSecretValue}, in its JSON protocol and with its errors. It knows
 * the template's own secrets, and those of a properties file, by their names and by their ARNs. The file is read at each call,
 * so that a secret can be added or rotated while everything runs, and it wins over the template.
 */
public final class SecretsManager implements Endpoint {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TARGET = "secretsmanager.GetSecretValue";
    private static final String TYPE = "application/x-amz-json-1.1";

    private final Map<String, String> ofTemplate;
    private final Optional<Path> file;

    public SecretsManager(Map<String, String> ofTemplate, Optional<Path> file) {
        this.ofTemplate = Map.copyOf(ofTemplate);
        this.file = file;
    }

    @Override
    public Reply answer(Request request) {
        if (!request.header("x-amz-target").orElse("").equals(TARGET)) {
            return refusal("UnknownOperationException", "the local run knows GetSecretValue only");
        }
        Optional<String> id = secretId(request);
        if (id.isEmpty()) {
            return refusal("ValidationException", "SecretId must be a text of 1 to 2048 characters");
        }
        try {
            return text(id.get()).map(text -> found(id.get(), text)).orElseGet(() -> refusal(
                    "ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
        } catch (IOException | IllegalArgumentException unreadable) {
            System.err.println("The secrets cannot be read: " + unreadable);
            return error(500, "InternalServiceError", "the secrets cannot be read");
        }
    }

    private static Optional<String> secretId(Request request) {
        try {
            JsonNode id = JSON.readTree(request.body()).path("SecretId");
            return Optional.of(id.asString("")).filter(text -> !text.isEmpty() && text.length() <= 2048);
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    private Optional<String> text(String id) throws IOException {
        Optional<String> kept = file.isPresent()
                ? Optional.ofNullable(read(file.get()).getProperty(name(id)))
                : Optional.empty();
        return kept.or(() -> Optional.ofNullable(ofTemplate.get(id)));
    }

    private static Properties read(Path file) throws IOException {
        Properties secrets = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            secrets.load(reader);
        }
        return secrets;
    }

    private static String name(String id) {
        return id.startsWith("arn:") ? id.substring(id.lastIndexOf(':') + 1) : id;
    }

    private static Reply found(String id, String text) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("ARN", id).put("Name", id).put("SecretString", text);
        return Reply.json(200, TYPE, answer.toString());
    }

    private static Reply refusal(String error, String message) {
        return error(400, error, message);
    }

    private static Reply error(int status, String error, String message) {
        ObjectNode body = JSON.createObjectNode();
        body.put("__type", error).put("Message", message);
        return new Reply.Answer(status, Map.of("content-type", List.of(TYPE), "x-amzn-errortype", List.of(error)),
                body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
