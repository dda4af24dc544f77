package io.taskscheduler.local.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A function that notes what it is invoked with, and does as it is told. */
final class Events implements RequestStreamHandler {
    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;
    final List<JsonNode> events = new CopyOnWriteArrayList<>();
    final List<List<String>> batches = new CopyOnWriteArrayList<>();
    final List<JsonNode> records = new CopyOnWriteArrayList<>();
    /** Each record's name (a message's body, an item's id) and when it came. */
    final List<String> seen = new CopyOnWriteArrayList<>();
    volatile Consumer<String> after = name -> {};
    volatile Function<JsonNode, String> answer = event -> "null";

    Events(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = JSON.readTree(input);
        List<JsonNode> all = event.path("Records").valueStream().toList();
        events.add(event);
        records.addAll(all);
        List<String> names = all.stream().map(Events::name).toList();
        batches.add(names);
        names.forEach(name -> seen.add(name + " " + clock.instant()));
        names.forEach(after);
        output.write(answer.apply(event).getBytes(StandardCharsets.UTF_8));
    }

    private static String name(JsonNode record) {
        return record.has("body")
                ? record.path("body").stringValue()
                : record.at("/dynamodb/Keys/id/S").asString("");
    }
}
