package io.taskscheduler.adapter.webhook;

import io.taskscheduler.domain.AttemptResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * One request and what came back so far. It runs on a thread of its own; who waits for it may take the answer at any time: it is there from
 * the moment its headers are complete, with as much of its body as has been read.
 */
final class Exchange implements Callable<Void> {

    // Enough for AttemptResult.MAX_TEXT characters of at most 4 bytes.
    private static final int KEPT_BYTES = 4 * AttemptResult.MAX_TEXT;
    private static final int MOST_BYTES = 64 * 1_024;

    private final CloseableHttpClient client;
    private final HttpUriRequestBase request;
    private final InstantSource clock;
    private volatile Optional<Head> head = Optional.empty();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private record Head(int statusCode, Charset charset, Optional<Duration> retryAfter) {}

    Exchange(CloseableHttpClient client, HttpUriRequestBase request, InstantSource clock) {
        this.client = client;
        this.request = request;
        this.clock = clock;
    }

    @Override
    public Void call() throws IOException {
        try (ClassicHttpResponse response = open()) {
            head = Optional.of(new Head(response.getCode(), charset(response.getEntity()), retryAfter(response)));
            if (response.getEntity() != null) {
                read(response.getEntity().getContent());
            }
        }
        return null;
    }

    private ClassicHttpResponse open() throws IOException {
        try {
            return client.executeOpen(null, request, null);
        } catch (IllegalArgumentException e) {
            // What the client finds in an answer and has no check for, such as the status 000: a fault of the receiver's, not of ours.
            throw new ClientProtocolException("the answer cannot be read: " + e.getMessage(), e);
        }
    }

    Optional<AttemptResult> answer(Instant startedAt, Duration duration) {
        return head.map(h -> {
            synchronized (kept) {
                return new AttemptResult.Response(startedAt, duration, h.statusCode(), kept.toString(h.charset()),
                        h.retryAfter());
            }
        });
    }

    private void read(InputStream body) throws IOException {
        byte[] chunk = new byte[4_096];
        int total = 0;
        int count;
        while (total < MOST_BYTES && (count = body.read(chunk)) >= 0) {
            total += count;
            synchronized (kept) {
                kept.write(chunk, 0, Math.min(count, KEPT_BYTES - kept.size()));
            }
        }
    }

    private Optional<Duration> retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("retry-after");
        return header == null ? Optional.empty() : RetryAfter.parse(header.getValue(), clock.instant());
    }

    private static Charset charset(HttpEntity entity) {
        ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
        Charset named = type == null ? null : type.getCharset();
        return named == null ? StandardCharsets.UTF_8 : named;
    }
}
