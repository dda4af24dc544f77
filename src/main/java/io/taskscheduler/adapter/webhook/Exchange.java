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
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * One request and what came back so far. It runs on a thread of its own; who waits for it may take the answer at any time: it is there from
 * the moment its headers are complete, with as much of its body as has been read.
 */
final class Exchange implements Callable<Void> {

    // Enough for AttemptResult.MAX_TEXT characters of at most 4 bytes, and for a secret that begins among them and must be found whole.
    private static final int KEPT_BYTES = 4 * AttemptResult.MAX_TEXT + 8 * 1_024;
    private static final int MOST_BYTES = 64 * 1_024;
    // On the wire: a chunk of one byte may bring 16 KB of extensions that nobody reads.
    private static final long MOST_RECEIVED = 8 * 1_024 * 1_024;

    private final Preparation preparation;
    private final InstantSource clock;
    private final HttpClientContext context = HttpClientContext.create();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private volatile Optional<Prepared> prepared = Optional.empty();
    private volatile Optional<Head> head = Optional.empty();
    private boolean cancelled;

    /** Makes a request ready to be sent. */
    @FunctionalInterface
    interface Preparation {

        Prepared prepare() throws UnusableSecret;
    }

    /**
     * A request about to be sent.
     *
     * @param masked what may be told of the answer's body
     */
    record Prepared(CloseableHttpClient client, HttpUriRequestBase request, Instant startedAt,
            UnaryOperator<String> masked) {}

    private record Head(int statusCode, Charset charset, Optional<Duration> retryAfter) {}

    Exchange(Preparation preparation, InstantSource clock) {
        this.preparation = preparation;
        this.clock = clock;
    }

    @Override
    public Void call() throws IOException, UnusableSecret {
        Prepared ready = preparation.prepare();
        synchronized (this) {
            if (cancelled) {
                return null;
            }
            prepared = Optional.of(ready);
        }
        try (ClassicHttpResponse response = ready.client().executeOpen(null, ready.request(), context)) {
            head = Optional.of(new Head(response.getCode(), charset(response.getEntity()), retryAfter(response)));
            if (response.getEntity() != null) {
                read(response.getEntity().getContent());
            }
        }
        return null;
    }

    /** Closes the connection, or sees to it that none is opened. One that has ended does not mind. */
    synchronized void cancel() {
        cancelled = true;
        prepared.ifPresent(sent -> sent.request().cancel());
    }

    /** Empty when nothing has been sent. */
    Optional<Instant> startedAt() {
        return prepared.map(Prepared::startedAt);
    }

    Optional<AttemptResult> answer(Duration duration) {
        return prepared.flatMap(sent -> head.map(h -> {
            synchronized (kept) {
                return new AttemptResult.Response(sent.startedAt(), duration, h.statusCode(),
                        wellFormed(sent.masked().apply(kept.toString(h.charset()))), h.retryAfter());
            }
        }));
    }

    /** The decoders of UTF-32 let half a surrogate pair through, which UTF-8, and with it the store, has no form for. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private void read(InputStream body) throws IOException {
        byte[] chunk = new byte[4_096];
        int total = 0;
        int count;
        while (total < MOST_BYTES && received() < MOST_RECEIVED && (count = body.read(chunk)) >= 0) {
            total += count;
            synchronized (kept) {
                kept.write(chunk, 0, Math.min(count, KEPT_BYTES - kept.size()));
            }
        }
        if (total >= MOST_BYTES || received() >= MOST_RECEIVED) {
            // Else closing the response would read all that is left of a body whose length is declared.
            cancel();
        }
    }

    private long received() {
        return Optional.ofNullable(context.getEndpointDetails()).map(EndpointDetails::getReceivedBytesCount).orElse(0L);
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
