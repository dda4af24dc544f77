package io.taskscheduler.local.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Track;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes webhooks and shows them, the last 10,000. Each name answers 200 until it is told otherwise; told several answers it
 * gives them in turn, and the last one for ever.
 */
final class Inbox {
    static final int KEPT = 10_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;
    private final Agenda agenda;
    private final Deque<Delivery> deliveries = new ArrayDeque<>();
    private final Map<String, Deque<InboxAnswer>> scripts = new HashMap<>();

    private record Delivery(String name, Request request, Instant receivedAt) {

        JsonNode json() {
            ObjectNode view = JSON.createObjectNode();
            view.put("name", name).put("method", request.method());
            view.put("path", request.rawPath() + (request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery()));
            view.set("headers", JSON.valueToTree(request.joinedHeaders()));
            view.put("body", new String(request.body(), StandardCharsets.UTF_8)).put("received_at",
                    receivedAt.toString());
            return view;
        }
    }

    Inbox(InstantSource clock, Agenda agenda) {
        this.clock = clock;
        this.agenda = agenda;
    }

    /** Keeps the request and answers it as its name was told to. */
    Reply take(String name, Request request) throws InterruptedException {
        try (Track _ = agenda.begin("delivery to the inbox " + name)) {
            InboxAnswer answer = kept(name, request);
            pause(answer.delay());
            return answer.reply();
        }
    }

    Reply show(Optional<String> name) {
        ObjectNode view = JSON.createObjectNode();
        ArrayNode requests = view.putArray("requests");
        kept().stream().filter(delivery -> name.map(delivery.name()::equals).orElse(true))
                .forEach(delivery -> requests.add(delivery.json()));
        return Reply.json(200, view);
    }

    Reply tell(String name, List<InboxAnswer> answers) {
        synchronized (scripts) {
            if (answers.isEmpty()) {
                scripts.remove(name);
            } else {
                scripts.put(name, new ArrayDeque<>(answers));
            }
        }
        return new Reply.Answer(204, Map.of(), new byte[0]);
    }

    Reply empty() {
        synchronized (deliveries) {
            deliveries.clear();
        }
        return new Reply.Answer(204, Map.of(), new byte[0]);
    }

    private List<Delivery> kept() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    private InboxAnswer kept(String name, Request request) {
        synchronized (deliveries) {
            deliveries.addLast(new Delivery(name, request, clock.instant()));
            if (deliveries.size() > KEPT) {
                deliveries.removeFirst();
            }
        }
        synchronized (scripts) {
            Deque<InboxAnswer> script = scripts.getOrDefault(name, new ArrayDeque<>(List.of(InboxAnswer.OK)));
            return script.size() > 1 ? script.removeFirst() : script.getFirst();
        }
    }

    private static void pause(Duration delay) throws InterruptedException {
        if (!delay.isZero()) {
            try {
                new CompletableFuture<Void>().completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS).get();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException("a time-out does not fail", e);
            }
        }
    }
}
