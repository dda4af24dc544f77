package io.taskscheduler.adapter.secretsmanager;

import io.taskscheduler.adapter.FailedCall;
import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.domain.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Secrets of AWS Secrets Manager, in their current version. Each is asked for once and then kept in memory for {@value #OLDEST_MINUTES} minutes;
 * one that does not exist, holds no text or is marked for deletion is asked for each time. Calls for the same secret share one question, and
 * nobody waits for somebody else's secret. While the store is silent, what is known is good: after a second of waiting, and without any for half a
 * minute after that.
 */
public final class SecretsManagerSecrets implements Secrets {

    private static final Duration OLDEST = Duration.ofMinutes(OLDEST_MINUTES);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final SecretsManagerClient client;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Optional<Secret>>> asked = new ConcurrentHashMap<>();

    /** @param silentUntil when the store may be asked again, after it did not answer */
    private record Known(Secret secret, Instant readAt, Instant silentUntil) {

        /** Not old, also when the clock was set back; or no use in asking. */
        private boolean isGood(Instant now) {
            return Duration.between(readAt, now).abs().compareTo(OLDEST) < 0 || now.isBefore(silentUntil);
        }
    }

    public SecretsManagerSecrets(SecretsManagerClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Optional<Secret> find(String id) {
        Known before = known.get(id);
        if (before != null && before.isGood(clock.instant())) {
            return Optional.of(before.secret());
        }
        CompletableFuture<Optional<Secret>> answer = asked.computeIfAbsent(id, this::ask);
        if (before == null) {
            return answered(answer);
        }
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            known.computeIfPresent(id, (same, now) -> now.equals(before)
                    ? new Known(before.secret(), before.readAt(), clock.instant().plus(PAUSE))
                    : now);
            return Optional.of(before.secret());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** On a thread of its own: who asked first may have no time to wait, and the others still need the answer. */
    private CompletableFuture<Optional<Secret>> ask(String id) {
        CompletableFuture<Optional<Secret>> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                Instant now = clock.instant();
                Optional<Secret> secret = read(id).map(Secret::new);
                secret.ifPresentOrElse(found -> known.put(id, new Known(found, now, now)), () -> known.remove(id));
                // Before anybody is answered: who asks from then on must not be given this answer.
                asked.remove(id, answer);
                answer.complete(secret);
            } catch (RuntimeException e) {
                asked.remove(id, answer);
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static Optional<Secret> answered(CompletableFuture<Optional<Secret>> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SdkException silent) {
                throw FailedCall.unavailable("Secrets Manager did not answer GetSecretValue", silent);
            }
            throw new IllegalStateException("a secret could not be read", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Optional<String> read(String id) {
        try {
            return Optional.ofNullable(client.getSecretValue(get -> get.secretId(id)).secretString());
        } catch (ResourceNotFoundException | InvalidRequestException none) {
            return Optional.empty();
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a secret was read", e);
    }
}
