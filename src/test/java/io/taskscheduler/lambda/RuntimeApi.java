package io.taskscheduler.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lambda's Runtime API for one function, which asks it for events one after the other. What a function fails with is its answer here. */
public final class RuntimeApi implements AutoCloseable {

    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpServer server;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<String>> waiting = new LinkedBlockingQueue<>();
    private int number;

    public RuntimeApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(INVOCATION + "next", this::next);
        server.createContext(INVOCATION, this::answered);
        server.createContext("/2018-06-01/runtime/init/error", this::answered);
        server.start();
    }

    /** The value of AWS_LAMBDA_RUNTIME_API. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Hands an event to the function; comes back with what it answers. */
    public String invoke(String event) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.add(answer);
        events.add(event);
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the function did not answer", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void next(HttpExchange exchange) throws IOException {
        try (exchange) {
            String event = events.take();
            number++;
            // Without a content type the runtime's native client ends the process.
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id",
                    "8476a536-e9f4-11e8-9739-%012d".formatted(number));
            exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", "9999999999999");
            exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn",
                    "arn:aws:lambda:us-east-1:123456789012:function:measured");
            exchange.getResponseHeaders().set("Lambda-Runtime-Trace-Id",
                    "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0");
            byte[] body = event.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answered(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            CompletableFuture<String> answer = waiting.poll();
            if (answer != null) {
                answer.complete(body);
            }
            exchange.sendResponseHeaders(202, -1);
        }
    }
}
