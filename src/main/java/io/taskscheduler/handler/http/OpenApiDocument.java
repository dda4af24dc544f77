package io.taskscheduler.handler.http;

import io.taskscheduler.wiring.Settings.ApiAuth;
import io.taskscheduler.wiring.Settings.ApiScopes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The API's description as it is deployed, its {@code security} naming the authentication that is in force. */
public final class OpenApiDocument {

    // As the document spells its default, and "x-right" below each operation; tests hold it to that.
    private static final String SECURITY = "security: [{iam: []}]";

    private OpenApiDocument() {}

    /**
     * The document, as YAML.
     *
     * @param scopes that a token must hold, each for a right; then every operation names its own
     */
    public static String inForce(ApiAuth auth, Optional<ApiScopes> scopes) {
        String scheme = switch (auth) {
            case IAM -> "[{iam: []}]";
            case JWT -> "[{jwt: []}]";
            case NONE -> "[]";
        };
        String document = document().replace(SECURITY, "security: " + scheme);
        return scopes.map(each -> withScope(withScope(withScope(document, "read", each.read()), "write", each.write()),
                "operate", each.operate())).orElse(document);
    }

    private static String withScope(String document, String right, String scope) {
        String line = "\n      x-right: " + right + "\n";
        return document.replace(line, line + "      security: [{jwt: [\"" + scope + "\"]}]\n");
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
