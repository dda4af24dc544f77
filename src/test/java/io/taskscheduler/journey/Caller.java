package io.taskscheduler.journey;

import io.taskscheduler.fixture.DescribedAnswers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who uses the API over HTTP, knows nothing else of the system, and holds each answer to the API's document. */
record Caller(URI api) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** An answer with its body, if that is JSON. */
    record Answer(int status, HttpResponse<String> response) {

        JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        String text(String member) {
            return json().get(member).stringValue();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer post(String path, String body) {
        return send(HttpRequest.newBuilder(api.resolve(path)).header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /**
     * A request with a body of JSON.
     *
     * @param headers names and values, in turn
     */
    Answer call(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path)).header("content-type",
                "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(api.resolve(path)));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
            expectDescribed(response);
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void expectDescribed(HttpResponse<String> response) {
        String path = response.uri().getRawPath();
        // The local run's own, which no document describes.
        if (path.startsWith("/_local/")) {
            return;
        }
        Map<String, String> headers = response.headers().map().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(", ", header.getValue())));
        DescribedAnswers.expectDescribed(new DescribedAnswers.Answer(response.request().method(), path,
                response.statusCode(), headers, response.body()));
    }

    /** Schedules a webhook to the inbox and gives the task's id. */
    String schedule(String inbox, String members) {
        Answer answer = post("/schedule-task",
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + api + "/_local/inbox/" + inbox + "\"}, "
                        + members + "}");
        if (answer.status() != 201) {
            throw new AssertionError(answer.response().body());
        }
        return answer.text("task_id");
    }

    Answer task(String id) {
        return get("/tasks/" + id);
    }

    List<String> history(String id) {
        return task(id).json().get("history").valueStream().map(event -> event.get("type").stringValue()).toList();
    }

    /** The ids on all pages, in order. */
    List<String> list(String path) {
        List<String> ids = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            JsonNode page = get(path + token.map(t -> "&next_token=" + t).orElse("")).json();
            page.get("tasks").forEach(task -> ids.add(task.get("task_id").stringValue()));
            token = page.optional("next_token").map(JsonNode::stringValue);
        } while (token.isPresent());
        return ids;
    }

    List<JsonNode> deliveries(String inbox) {
        return get("/_local/inbox?name=" + inbox).json().get("requests").valueStream().toList();
    }

    void tellInbox(String inbox, String answers) {
        Answer told = send(HttpRequest.newBuilder(api.resolve("/_local/inbox/" + inbox + "/answers"))
                .PUT(BodyPublishers.ofString("{\"answers\": " + answers + "}")));
        if (told.status() >= 300) {
            throw new AssertionError(told.response().body());
        }
    }

    /** Lets the time pass, with all that becomes due. */
    void pass(String duration) {
        Answer moved = post("/_local/clock", "{\"advance\": \"" + duration + "\"}");
        if (moved.status() != 200) {
            throw new AssertionError(moved.response().body());
        }
    }

    Instant now() {
        return Instant.parse(get("/_local/clock").text("now"));
    }
}
