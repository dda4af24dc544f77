package io.taskscheduler.adapter.webhook;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Preflight;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;

/** What {@link WebhookActions} would send, and where to. Secrets are not read: their places show the references, and the signature is masked. */
public final class WebhookPreflight implements Preflight {

    private static final String MASK = "***";

    private final Destinations destinations;
    private final DnsResolver names;

    public WebhookPreflight(Destinations destinations) {
        this(destinations, SystemDefaultDnsResolver.INSTANCE);
    }

    /** @param names looks them up */
    WebhookPreflight(Destinations destinations, DnsResolver names) {
        this.destinations = destinations;
        this.names = names;
    }

    @Override
    public Request request(Attempt attempt, Instant sentAt) {
        Webhook webhook = webhook(attempt.action());
        HttpUriRequestBase request = WebhookRequest.of(attempt, webhook, webhook.headers(), MASK,
                sentAt.getEpochSecond());
        try {
            // What the client adds by itself.
            RequestTargetHost.INSTANCE.process(request, request.getEntity(), HttpClientContext.create());
            RequestContent.INSTANCE.process(request, request.getEntity(), HttpClientContext.create());
        } catch (HttpException | IOException e) {
            throw new IllegalStateException("a request cannot be told", e);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : request.getHeaders()) {
            headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        return new Request(webhook.method().name(), webhook.url().toString(), headers, webhook.body());
    }

    @Override
    public Address address(Action action) {
        String host = webhook(action).url().getHost();
        CompletableFuture<InetAddress[]> lookUp = new CompletableFuture<>();
        // The JDK's look-up knows no time-out, and cannot be interrupted.
        Thread.ofPlatform().daemon().start(() -> {
            try {
                lookUp.complete(names.resolve(host));
            } catch (UnknownHostException unknown) {
                lookUp.completeExceptionally(unknown);
            }
        });
        try {
            return judged(List.of(lookUp.get(MOST_SECONDS, TimeUnit.SECONDS)));
        } catch (ExecutionException | TimeoutException none) {
            return new Address.DnsError();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a look-up", e);
        }
    }

    private Address judged(List<InetAddress> addresses) {
        List<String> texts = addresses.stream().map(InetAddress::getHostAddress).toList();
        return addresses.stream().allMatch(address -> destinations.problemOf(address).isEmpty())
                ? new Address.Allowed(texts)
                : new Address.Blocked(texts);
    }

    private static Webhook webhook(Action action) {
        return switch (action) {
            case Webhook webhook -> webhook;
            case Unusable unusable -> throw new IllegalArgumentException("nobody may attempt what is unusable");
        };
    }
}
