package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.Destinations;
import java.util.Optional;

/**
 * What the operator says of webhooks.
 *
 * @param destinations  where they may go
 * @param signingSecret id of the secret that they are signed with
 * @param secretsPrefix what the names of the secrets begin with that a header may refer to
 * @param caBundle      id of the secret that holds certificates, in PEM, of authorities to be trusted beside those that Java trusts
 */
public record WebhookSettings(Destinations destinations, String signingSecret, String secretsPrefix,
        Optional<String> caBundle) {}
