package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Webhook;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a task was asked to do, as the table holds it: the members are named as in the API; {@code data} is the JSON text itself. */
final class StoredWebhook {

    private StoredWebhook() {}

    static Document write(Webhook webhook) {
        Document.Writer headers = Document.write();
        webhook.headers().forEach(headers::text);
        Document.Writer payload = Document.write().text("url", webhook.url().toString())
                .text("method", webhook.method().name()).document("headers", headers.done())
                .number("timeout_seconds", webhook.timeout().toSeconds());
        webhook.body().ifPresent(body -> payload.text("data", body));
        return payload.done();
    }

    static Webhook read(Document payload) {
        Map<String, String> headers = new LinkedHashMap<>();
        payload.document("headers")
                .ifPresent(h -> h.members().keySet().forEach(name -> headers.put(name, h.text(name))));
        return new Webhook(URI.create(payload.text("url")), Webhook.Method.valueOf(payload.text("method")), headers,
                payload.optionalText("data"), Duration.ofSeconds(payload.number("timeout_seconds")));
    }

    static Document writeRetry(RetryPolicy retry) {
        return Document.write().number("max_attempts", retry.maxAttempts())
                .number("initial_delay_seconds", retry.initialDelay().toSeconds())
                .real("backoff_rate", retry.backoffRate())
                .number("max_delay_seconds", retry.maxDelay().toSeconds()).done();
    }

    static RetryPolicy readRetry(Document retry) {
        return new RetryPolicy(Math.toIntExact(retry.number("max_attempts")),
                Duration.ofSeconds(retry.number("initial_delay_seconds")), retry.real("backoff_rate"),
                Duration.ofSeconds(retry.number("max_delay_seconds")));
    }
}
