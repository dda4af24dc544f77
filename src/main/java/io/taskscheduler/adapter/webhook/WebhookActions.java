package io.taskscheduler.adapter.webhook;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.domain.AttemptResult;
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
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

/**
 * Sends webhooks: method, headers and body as the caller gave them, and the headers that let the receiver recognise the task. The attempt's
 * time-out bounds all of it, name look-up included: when it is over the connection is closed, wherever the exchange stands. Redirects are
 * not followed, proxies of the environment are not used, no connection outlives its attempt.
 */
public final class WebhookActions implements Actions {

    private final CloseableHttpClient client;
    private final ExecutorService exchanges;
    private final InstantSource clock;

    public WebhookActions(InstantSource clock) {
        this.client = WebhookClient.create();
        this.exchanges = Executors.newVirtualThreadPerTaskExecutor();
        this.clock = clock;
    }

    @Override
    public AttemptResult perform(Attempt attempt) {
        return switch (attempt.action()) {
            case Webhook webhook -> send(attempt, webhook);
            case Unusable unusable -> throw new IllegalArgumentException("nobody may attempt what is unusable");
        };
    }

    private AttemptResult send(Attempt attempt, Webhook webhook) {
        HttpUriRequestBase request = WebhookRequest.of(attempt, webhook);
        Exchange exchange = new Exchange(client, request, clock);
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long begun = System.nanoTime();
        Future<Void> running = exchanges.submit(exchange);
        Optional<IOException> failure = await(running, webhook.timeout(), request);
        Duration duration = Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        return exchange.answer(startedAt, duration)
                .orElseGet(() -> Failures.describe(startedAt, duration, failure, webhook.timeout()));
    }

    /** Waits until the exchange has ended or the time is over. Empty when it was not an error that ended it. */
    private static Optional<IOException> await(Future<Void> running, Duration timeout, HttpUriRequestBase request) {
        try {
            running.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during an attempt", e);
        } finally {
            // Closes the connection of an exchange that still runs; one that has ended does not mind.
            request.cancel();
            running.cancel(true);
        }
    }
}
