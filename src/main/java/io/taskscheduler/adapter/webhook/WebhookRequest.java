package io.taskscheduler.adapter.webhook;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.Webhook;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** What an attempt sends: the caller's own, and the headers that let the receiver recognise the task and who sent it. */
final class WebhookRequest {

    static final String USER_AGENT = "task-scheduler/1";

    private WebhookRequest() {}

    /**
     * Puts it together.
     *
     * @param headers   the caller's
     * @param signature of the body
     * @param sentAt    what the signature covers, in seconds since 1970
     */
    static HttpUriRequestBase of(Attempt attempt, Webhook webhook, Map<String, String> headers, String signature,
            long sentAt) {
        HttpUriRequestBase request = new HttpUriRequestBase(webhook.method().name(), webhook.url());
        headers.forEach(request::setHeader);
        setIfAbsent(request, "user-agent", USER_AGENT);
        // No connection is used twice. Told so, the receiver ends it after its answer, and does not read on into our reset.
        request.setHeader("connection", "close");
        request.setHeader("webhook-id", attempt.task().value());
        request.setHeader("webhook-timestamp", Long.toString(sentAt));
        request.setHeader("webhook-signature", signature);
        request.setHeader("task-attempt", Integer.toString(attempt.number()));
        request.setHeader("task-scheduled-at", attempt.scheduledAt().toString());
        if (attempt.possibleDuplicate()) {
            request.setHeader("task-possible-duplicate", "true");
        }
        // A caller's own header is the one that was meant for this receiver.
        attempt.traceparent().ifPresent(traceparent -> setIfAbsent(request, "traceparent", traceparent));
        if (webhook.body().isPresent()) {
            setIfAbsent(request, "content-type", "application/json");
            request.setEntity(new ByteArrayEntity(bytes(webhook), null));
        }
        return request;
    }

    /** What is sent as the body, exactly. */
    static byte[] bytes(Webhook webhook) {
        return webhook.body().orElse("").getBytes(StandardCharsets.UTF_8);
    }

    private static void setIfAbsent(HttpUriRequestBase request, String name, String value) {
        if (!request.containsHeader(name)) {
            request.setHeader(name, value);
        }
    }
}
