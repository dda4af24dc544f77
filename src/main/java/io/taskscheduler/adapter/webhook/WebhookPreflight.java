package io.taskscheduler.adapter.webhook;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Preflight;
import io.taskscheduler.domain.Action;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;

/** What {@link WebhookActions} would send, and where to. */
public final class WebhookPreflight implements Preflight {

    @Override
    public Request request(Attempt attempt) {
        Webhook webhook = webhook(attempt.action());
        HttpUriRequestBase request = WebhookRequest.of(attempt, webhook);
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
        CompletableFuture<List<String>> lookUp = new CompletableFuture<>();
        // The JDK's look-up knows no time-out.
        Thread.ofVirtual().start(() -> {
            try {
                lookUp.complete(
                        Arrays.stream(InetAddress.getAllByName(host)).map(InetAddress::getHostAddress).toList());
            } catch (UnknownHostException unknown) {
                lookUp.completeExceptionally(unknown);
            }
        });
        try {
            return new Address.Allowed(lookUp.get(MOST_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException none) {
            return new Address.DnsError();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a look-up", e);
        }
    }

    private static Webhook webhook(Action action) {
        return switch (action) {
            case Webhook webhook -> webhook;
            case Unusable unusable -> throw new IllegalArgumentException("nobody may attempt what is unusable");
        };
    }
}
