package io.taskscheduler.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Sends the peer's webhooks, the same POST that the product sends, and notes how late each was just before it was sent. */
final class Webhooks {
    static final String BODY = "{\"message\":\"Task executed!\"}";

    private final InstantSource clock;
    private final URI receiver;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor()).build();
    private final Queue<String> late = new ConcurrentLinkedQueue<>();

    Webhooks(InstantSource clock, URI receiver) {
        this.clock = clock;
        this.receiver = receiver;
    }

    /** @throws UncheckedIOException when no answer came; the scheduler tries again then, minutes later */
    void send(String task, String body, Instant due) {
        HttpRequest request = HttpRequest.newBuilder(receiver).POST(BodyPublishers.ofString(body))
                .header("content-type", "application/json").header("webhook-id", task).header("task-attempt", "1")
                .header("task-scheduled-at", due.toString()).build();
        late.add(task + " " + Duration.between(due, clock.instant()).toNanos() / 1000);
        try {
            HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the receiver answered " + answer.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A line to each: the task and by how many microseconds it was late. */
    String late() {
        return late.stream().collect(Collectors.joining("\n"));
    }
}
