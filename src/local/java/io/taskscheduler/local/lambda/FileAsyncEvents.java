package io.taskscheduler.local.lambda;

import java.nio.file.Path;
import java.util.List;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

import tools.jackson.databind.json.JsonMapper;

/** Events in a file, written through on every change: a killed process loses none it has accepted. */
public final class FileAsyncEvents implements AsyncEvents {
    private static final JsonMapper JSON = new JsonMapper();

    private final MVStore store;
    private final MVMap<String, String> events;

    public FileAsyncEvents(Path file) {
        this.store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
        this.events = store.openMap("events");
    }

    @Override
    public void put(AsyncEvent event) {
        events.put(event.requestId(), JSON.writeValueAsString(event));
        store.commit();
    }

    @Override
    public void remove(String requestId) {
        events.remove(requestId);
        store.commit();
    }

    @Override
    public List<AsyncEvent> left() {
        return events.values().stream().map(json -> JSON.readValue(json, AsyncEvent.class)).toList();
    }

    @Override
    public void close() {
        store.close();
    }
}
