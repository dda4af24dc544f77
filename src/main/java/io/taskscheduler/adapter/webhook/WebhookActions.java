package io.taskscheduler.adapter.webhook;

import io.taskscheduler.adapter.webhook.Exchange.Prepared;
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
public final class WebhookActions implements Actions, AutoCloseable {

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

    /** Attempts that are under way come to their end; there are no more. */
    @Override
    public void close() {
        threads.shutdown();
    }

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
        Exchange exchange = new Exchange(() -> prepared(attempt, webhook), clock);
        Instant begunAt = now();
        long begun = System.nanoTime();
        Optional<Exception> failure = await(threads.submit(exchange), webhook.timeout(), exchange);
        Duration duration = Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        return exchange.answer(duration).orElseGet(() -> exchange.startedAt()
                .<AttemptResult>map(startedAt -> Failures.describe(startedAt, duration,
                        failure.filter(IOException.class::isInstance).map(IOException.class::cast), webhook.timeout()))
                .orElseGet(() -> nothingSent(begunAt, duration, failure, webhook.timeout())));
    }

    /** Reads the secrets that are not known yet, or no more, and signs. */
    private Prepared prepared(Attempt attempt, Webhook webhook) throws UnusableSecret {
        CloseableHttpClient client = clients.trusting(secrets.caBundle());
        Filled filled = secrets.filled(webhook.headers());
        Secret signing = secrets.signing();
        Instant startedAt = now();
        long sentAt = startedAt.getEpochSecond();
        String signature = Signatures.of(signing, attempt.task().value(), sentAt, WebhookRequest.bytes(webhook));
        return new Prepared(client, WebhookRequest.of(attempt, webhook, filled.headers(), signature, sentAt), startedAt,
                filled::masked);
    }

    private static Failure nothingSent(Instant begunAt, Duration duration, Optional<Exception> failure,
            Duration timeout) {
        return failure.isPresent() && failure.get() instanceof UnusableSecret unusable
                ? new Failure(begunAt, duration, unusable.kind(), unusable.text())
                : new Failure(begunAt, duration, FailureKind.SECRET_UNAVAILABLE,
                        "the secrets were not read within " + timeout.toSeconds() + " s");
    }

    /** Waits until the exchange has ended or the time is over. Empty when it was not an error that ended it. */
    private static Optional<Exception> await(Future<Void> running, Duration timeout, Exchange exchange) {
        try {
            running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException over) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(switch (e.getCause()) {
                case IOException failure -> failure;
                case UnusableSecret unusable -> unusable;
                // Some answers pass the client's parser and fail at its own checks of arguments (status 000). They too must be a
                // result: an exception would leave the task running for ever.
                case RuntimeException refused when exchange.startedAt().isPresent() ->
                    new ClientProtocolException("the HTTP client refused the answer", refused);
                case null, default -> throw new IllegalStateException("the webhook client failed", e);
            });
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            exchange.cancel();
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
}
