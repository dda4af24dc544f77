package io.taskscheduler.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers every request at once with an empty 200. Who waits for a webhook is told of the first that comes with the mark: what stands behind
 * {@code /hook/} in its path or, where nothing does, its {@code webhook-id}.
 */
final class WebhookReceiver implements AutoCloseable {
    private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final int BACKLOG = 4096;
    private static final int PATIENCE_SECONDS = 60;
    private static final String MARKED = "/hook/";

    private final ServerSocket server;
    private final Map<String, CompletableFuture<Void>> expected = new ConcurrentHashMap<>();
    private final Set<String> marks = ConcurrentHashMap.newKeySet();
    private final AtomicLong received = new AtomicLong();

    WebhookReceiver() throws IOException {
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where webhooks go to. */
    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** How many requests came. */
    long received() {
        return received.get();
    }

    /** Whether any came with that mark; of all that came since this was made. */
    boolean has(String mark) {
        return marks.contains(mark);
    }

    /** How many came with a mark that had come before. */
    long repeated() {
        return received.get() - marks.size();
    }

    /** Does what brings a webhook with that mark, and waits until it has come. */
    void await(String mark, Callers.Call cause) throws Exception {
        CompletableFuture<Void> coming = new CompletableFuture<>();
        expected.put(mark, coming);
        cause.make();
        coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            }
        } catch (IOException closed) {
            // Nobody is received any more.
        }
    }

    private void serve(Socket caller) {
        try (caller; InputStream input = new BufferedInputStream(caller.getInputStream())) {
            caller.setTcpNoDelay(true);
            for (String request = line(input); !request.isEmpty(); request = line(input)) {
                String path = request.split(" ", 3)[1];
                String mark = path.startsWith(MARKED) ? path.substring(MARKED.length()) : "";
                int length = 0;
                for (String header = line(input); !header.isEmpty(); header = line(input)) {
                    String lower = header.toLowerCase(Locale.ROOT);
                    if (lower.startsWith("content-length:")) {
                        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
                    } else if (mark.isEmpty() && lower.startsWith("webhook-id:")) {
                        mark = header.substring("webhook-id:".length()).strip();
                    }
                }
                input.skipNBytes(length);
                received.incrementAndGet();
                marks.add(mark);
                caller.getOutputStream().write(ANSWER);
                CompletableFuture<Void> coming = expected.remove(mark);
                if (coming != null) {
                    coming.complete(null);
                }
            }
        } catch (IOException | UncheckedIOException gone) {
            // Who called needs no answer any more.
        }
    }

    /** Empty at the end, too. */
    private static String line(InputStream input) throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int next = input.read(); next != '\n' && next >= 0; next = input.read()) {
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }
}
