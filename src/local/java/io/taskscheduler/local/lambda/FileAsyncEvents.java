package io.taskscheduler.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;

/**
 * Events in a folder, a file each, in place under its name only when it is whole: a killed process loses none it has accepted and
 * leaves none half written. Not promised when the machine itself loses power: nothing waits for the disk.
 */
public final class FileAsyncEvents implements AsyncEvents {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WHOLE = ".json";

    private final Path folder;

    /** Takes up the folder, or makes it. */
    public FileAsyncEvents(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public void put(AsyncEvent event) {
        try {
            Path whole = file(event.requestId());
            Path begun = folder.resolve(event.requestId() + ".begun");
            Files.write(begun, JSON.writeValueAsBytes(event));
            Files.move(begun, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void remove(String requestId) {
        try {
            Files.deleteIfExists(file(requestId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<AsyncEvent> left() {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(WHOLE)).map(FileAsyncEvents::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String requestId) {
        return folder.resolve(requestId + WHOLE);
    }

    private static AsyncEvent read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), AsyncEvent.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
