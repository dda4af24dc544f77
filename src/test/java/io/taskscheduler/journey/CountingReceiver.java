package io.taskscheduler.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A receiver of webhooks under many names, each with a script of its own, that notes what came and how much of it at once. */
final class CountingReceiver implements AutoCloseable {

    /** A header that it answers with, for those who want to know where answers go. */
    static final String MARKED = "x-marked";

    private final HttpServer server;
    private final InstantSource clock;
    private final Map<String, Name> names = new ConcurrentHashMap<>();

    /** What is done with a call. */
    enum Answer {
        OK(200, 8), UNAVAILABLE(503, 8), NOT_FOUND(404, 8), CLOSED(0, 8), SLOW(200, 60), TOO_LATE(200, 1_300);

        private final int status;
        private final int delayMillis;

        Answer(int status, int delayMillis) {
            this.status = status;
            this.delayMillis = delayMillis;
        }

        int status() {
            return status;
        }

        boolean isRetried() {
            return this == UNAVAILABLE || this == CLOSED || this == TOO_LATE;
        }

        /** Whether the caller can have heard that it succeeded. */
        boolean isSuccess() {
            return this == OK || this == SLOW;
        }
    }

    /**
     * One call, as it came.
     *
     * @param wanted the {@code run_at} that it was made for
     */
    record Call(String taskId, Instant wanted, int attempt, boolean possibleDuplicate, Instant at, Answer answer) {}

    private static final class Name {

        private final List<Answer> script;
        private final List<Call> calls = new ArrayList<>();
        private int inFlight;
        private int mostAtOnce;

        Name(List<Answer> script) {
            this.script = script;
        }

        synchronized Answer begin(HttpExchange exchange, Instant at) {
            Answer answer = script.get(Math.min(calls.size(), script.size() - 1));
            calls.add(new Call(header(exchange, "webhook-id"), Instant.parse(header(exchange, "task-scheduled-at")),
                    Integer.parseInt(header(exchange, "task-attempt")),
                    header(exchange, "task-possible-duplicate").equals("true"), at, answer));
            mostAtOnce = Math.max(mostAtOnce, ++inFlight);
            return answer;
        }

        synchronized void end() {
            inFlight--;
        }

        synchronized List<Call> calls() {
            return List.copyOf(calls);
        }

        synchronized int mostAtOnce() {
            return mostAtOnce;
        }
    }

    CountingReceiver(InstantSource clock) {
        this.clock = clock;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** A new name, which answers by the script; its last answer stays. */
    URI url(String name, List<Answer> script) {
        names.put(name, new Name(script));
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    List<Call> calls(String name) {
        return named(name).calls();
    }

    /** The most calls that were at the name at a time. */
    int mostAtOnce(String name) {
        return named(name).mostAtOnce();
    }

    private void receive(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        Name name = named(exchange.getRequestURI().getPath().substring(1));
        Answer answer = name.begin(exchange, clock.instant());
        Executor later = CompletableFuture.delayedExecutor(answer.delayMillis, TimeUnit.MILLISECONDS);
        if (answer == Answer.TOO_LATE) {
            // Its caller goes away before the answer, and may come again.
            name.end();
            later.execute(() -> answer(exchange, answer));
        } else {
            later.execute(() -> {
                name.end();
                answer(exchange, answer);
            });
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) {
        try (exchange) {
            if (answer.status > 0) {
                byte[] told = header(exchange, MARKED).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status, told.length == 0 ? -1 : told.length);
                exchange.getResponseBody().write(told);
            }
        } catch (IOException gone) {
            // The caller did not wait.
        }
    }

    private Name named(String name) {
        Name found = names.get(name);
        if (found == null) {
            throw new IllegalArgumentException("nobody was told of " + name);
        }
        return found;
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
