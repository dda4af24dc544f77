package io.taskscheduler.adapter.secretsmanager;

import io.taskscheduler.adapter.FailedCall;
import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Secrets of AWS Secrets Manager, in their current version. Each is asked for once and then kept in memory for {@value #OLDEST_MINUTES} minutes;
 * one that does not exist, holds no text or is marked for deletion is asked for each time.
 */
public final class SecretsManagerSecrets implements Secrets {

    private static final Duration OLDEST = Duration.ofMinutes(OLDEST_MINUTES);

    private final SecretsManagerClient client;
    private final InstantSource clock;
    private final Map<String, Read> known = new ConcurrentHashMap<>();

    private record Read(Secret secret, Instant at) {}

    public SecretsManagerSecrets(SecretsManagerClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Optional<Secret> find(String id) {
        // Within compute, so that messages of one batch do not ask side by side.
        return Optional.ofNullable(known.compute(id, (same, read) -> {
            Instant now = clock.instant();
            if (read != null && !isOld(read, now)) {
                return read;
            }
            try {
                return ask(id).map(text -> new Read(new Secret(text), now)).orElse(null);
            } catch (SdkException e) {
                if (read != null) {
                    return read;
                }
                throw FailedCall.unavailable("Secrets Manager did not answer GetSecretValue", e);
            }
        })).map(Read::secret);
    }

    /** Also when the clock was set back. */
    private static boolean isOld(Read read, Instant now) {
        return Duration.between(read.at(), now).abs().compareTo(OLDEST) >= 0;
    }

    private Optional<String> ask(String id) {
        try {
            return Optional.ofNullable(client.getSecretValue(get -> get.secretId(id)).secretString());
        } catch (ResourceNotFoundException | InvalidRequestException none) {
            return Optional.empty();
        }
    }
}
