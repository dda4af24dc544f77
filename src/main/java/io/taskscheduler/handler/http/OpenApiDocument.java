package io.taskscheduler.handler.http;

import io.taskscheduler.wiring.Settings.ApiAuth;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The API's description as it is deployed, its {@code security} naming the authentication that is in force. */
public final class OpenApiDocument {

    // As the document spells its default; a test holds it to that.
    private static final String SECURITY = "security: [{iam: []}]";

    private OpenApiDocument() {}

    public static String inForce(ApiAuth auth) {
        String scheme = switch (auth) {
            case IAM -> "[{iam: []}]";
            case JWT -> "[{jwt: []}]";
            case NONE -> "[]";
        };
        return document().replace(SECURITY, "security: " + scheme);
    }

    private static String document() {
        try (InputStream document = OpenApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            if (document == null) {
                throw new IllegalStateException("openapi.yaml is not in the artefact");
            }
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
