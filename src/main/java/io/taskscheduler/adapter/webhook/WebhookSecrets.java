package io.taskscheduler.adapter.webhook;

import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.Secret;
import io.taskscheduler.domain.SecretReference;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The secrets that webhooks are sent with. */
final class WebhookSecrets {

    // As in a header that the caller gave.
    private static final Pattern HEADER_TEXT = Pattern.compile("[ -~\\t]*");

    private final WebhookSettings settings;
    private final Secrets secrets;

    WebhookSecrets(WebhookSettings settings, Secrets secrets) {
        this.settings = settings;
        this.secrets = secrets;
    }

    Secret signing() throws UnusableSecret {
        return find(settings.signingSecret(), "the signing secret").orElseThrow(
                () -> new UnusableSecret(FailureKind.SECRET_UNAVAILABLE, "the signing secret does not exist"));
    }

    Optional<String> caBundle() throws UnusableSecret {
        if (settings.caBundle().isEmpty()) {
            return Optional.empty();
        }
        Optional<Secret> bundle = find(settings.caBundle().get(), "the bundle of authorities");
        if (bundle.isEmpty()) {
            throw new UnusableSecret(FailureKind.SECRET_UNAVAILABLE, "the bundle of authorities does not exist");
        }
        return bundle.map(Secret::value);
    }

    /** Headers with the secrets in their places, and these. */
    record Filled(Map<String, String> headers, Collection<Secret> secrets) {

        private static final String MASK = "***";

        /** The text without the secrets: a receiver may say what it was sent, and its answer is kept and shown. */
        String masked(String text) {
            String masked = text;
            for (Secret secret : secrets) {
                masked = secret.value().isEmpty() ? masked : masked.replace(secret.value(), MASK);
            }
            return masked;
        }
    }

    Filled filled(Map<String, String> headers) throws UnusableSecret {
        Map<String, Secret> found = new TreeMap<>();
        for (String name : SecretReference.namesIn(headers.values())) {
            found.put(name, header(name));
        }
        Map<String, String> filled = new TreeMap<>();
        headers.forEach((name, value) -> filled.put(name, SecretReference.fill(value, found)));
        return new Filled(filled, found.values());
    }

    private Secret header(String name) throws UnusableSecret {
        String title = "the secret " + name;
        Secret secret = find(settings.secretsPrefix() + name, title).orElseThrow(
                () -> new UnusableSecret(FailureKind.UNKNOWN_SECRET, title + " does not exist, or holds no text"));
        // A line break at its end is an editor's.
        Secret text = new Secret(secret.value().strip());
        if (!HEADER_TEXT.matcher(text.value()).matches()) {
            throw new UnusableSecret(FailureKind.UNKNOWN_SECRET,
                    title + " holds what no header can: it must be visible ASCII in one line");
        }
        return text;
    }

    private Optional<Secret> find(String id, String title) throws UnusableSecret {
        try {
            return secrets.find(id);
        } catch (Unavailable silent) {
            throw new UnusableSecret(FailureKind.SECRET_UNAVAILABLE, title + " could not be read");
        }
    }
}
