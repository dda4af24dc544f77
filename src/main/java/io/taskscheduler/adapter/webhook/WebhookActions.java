package io.taskscheduler.adapter.webhook;

import io.taskscheduler.adapter.webhook.WebhookSecrets.Filled;
import io.taskscheduler.app.port.Actions;
import io.taskscheduler.app.port.Secrets;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Failure;
import io.taskscheduler.domain.AttemptResult.FailureKind;
import io.taskscheduler.domain.Secret;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Webhook;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * Sends webhooks: method, headers and body as the caller gave them, secrets in the places that name them, and the headers that let the receiver
 * recognise the task and check who sent it. They go where {@link WebhookSettings#destinations()} allows, which is judged on every attempt, of
 * the very addresses that are connected to. The attempt's time-out bounds all of it, the reading of secrets and the name look-up included: when it
 * is over the connection is closed, wherever the exchange stands. Redirects are not followed, proxies of the environment are not used, no
 * connection outlives its attempt, nothing below TLS 1.2 is spoken.
 *
 * <p>A secret that is not there or cannot be read ends the attempt before anything is sent: nothing goes out unsigned.
 */
public final class WebhookActions implements Actions {

    private final WebhookSettings settings;
    private final WebhookSecrets secrets;
    private final WebhookClients clients;
    private final ExecutorService threads;
    private final InstantSource clock;

    public WebhookActions(WebhookSettings settings, Secrets secrets, InstantSource clock) {
        this(settings, secrets, clock, SystemDefaultDnsResolver.INSTANCE);
    }

    /** @param names looks them up */
    WebhookActions(WebhookSettings settings, Secrets secrets, InstantSource clock, DnsResolver names) {
        this.settings = settings;
        this.secrets = new WebhookSecrets(settings, secrets);
        this.clients = new WebhookClients(new CheckedAddresses(settings.destinations(), names));
        // Not virtual ones: Java looks names up in the operating system, which holds on to the thread beneath. A name server that does
        // not answer would then hold up the other tasks of the batch, their time-outs too.
        this.threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("webhook-", 0).factory());
        this.clock = clock;
    }

    /** What must be read before a request can be put together. */
    private record Prepared(CloseableHttpClient client, Filled filled, Secret signing) {}

    @Override
    public AttemptResult perform(Attempt attempt) {
        return switch (attempt.action()) {
            case Webhook webhook -> settings.destinations().problemOf(webhook.url())
                    .<AttemptResult>map(problem -> new Failure(now(), Duration.ZERO, FailureKind.BLOCKED_ADDRESS,
                            "the URL " + problem))
                    .orElseGet(() -> send(attempt, webhook));
            case Unusable unusable -> throw new IllegalArgumentException("nobody may attempt what is unusable");
        };
    }

    private AttemptResult send(Attempt attempt, Webhook webhook) {
        Instant preparedFrom = now();
        long begun = System.nanoTime();
        try {
            Prepared prepared = prepared(webhook);
            Instant startedAt = now();
            String signature = Signatures.of(prepared.signing(), attempt.task().value(), startedAt.getEpochSecond(),
                    WebhookRequest.bytes(webhook));
            HttpUriRequestBase request = WebhookRequest.of(attempt, webhook, prepared.filled().headers(), signature,
                    startedAt.getEpochSecond());
            return exchange(new Exchange(prepared.client(), request, clock, prepared.filled()::masked), request,
                    webhook.timeout(), startedAt,
                    begun);
        } catch (UnusableSecret e) {
            return new Failure(preparedFrom, since(begun), e.kind(), e.text());
        }
    }

    private AttemptResult exchange(Exchange exchange, HttpUriRequestBase request, Duration timeout, Instant startedAt,
            long begun) {
        Future<Void> running = threads.submit(exchange);
        Optional<IOException> failure = await(running, timeout.minus(since(begun)), request);
        Duration duration = since(begun);
        return exchange.answer(startedAt, duration)
                .orElseGet(() -> Failures.describe(startedAt, duration, failure, timeout));
    }

    /** Reads what is not known yet, or no more. */
    private Prepared prepared(Webhook webhook) throws UnusableSecret {
        Future<Prepared> reading = threads.submit(() -> new Prepared(clients.trusting(secrets.caBundle()),
                secrets.filled(webhook.headers()), secrets.signing()));
        try {
            return reading.get(webhook.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException over) {
            throw new UnusableSecret(FailureKind.SECRET_UNAVAILABLE,
                    "the secrets were not read within " + webhook.timeout().toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnusableSecret unusable) {
                throw unusable;
            }
            throw new IllegalStateException("a request could not be prepared", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            reading.cancel(true);
        }
    }

    /** Waits until the exchange has ended or the time is over. Empty when it was not an error that ended it. */
    private static Optional<IOException> await(Future<Void> running, Duration atMost, HttpUriRequestBase request) {
        try {
            running.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException over) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(switch (e.getCause()) {
                case IOException failure -> failure;
                // Some answers pass the client's parser and fail at its own checks of arguments (status 000). They too must be a
                // result: an exception would leave the task running for ever.
                case RuntimeException refused ->
                    new ClientProtocolException("the HTTP client refused the answer", refused);
                case null, default -> throw new IllegalStateException("the webhook client failed", e);
            });
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            // Closes the connection of an exchange that still runs; one that has ended does not mind.
            request.cancel();
            running.cancel(true);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted during an attempt", e);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Duration since(long begun) {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
}
