package io.taskscheduler.local.sources;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Up to where each shard of a stream has been worked on. In a file if one is named: a killed process leaves the old positions or the
 * new ones, and what lies between them is done again.
 */
final class StreamPositions {
    private static final JsonMapper JSON = new JsonMapper();

    private final Optional<Path> file;
    private final String streamArn;
    private final boolean fresh;
    private final Map<String, String> byShard = new TreeMap<>();

    /** Those of this very stream; a table that was made anew has another one. */
    StreamPositions(Optional<Path> file, String streamArn) {
        this.file = file;
        this.streamArn = streamArn;
        JsonNode kept = file.filter(Files::exists).map(StreamPositions::read).orElseGet(JSON::createObjectNode);
        this.fresh = !kept.path("stream").asString("").equals(streamArn);
        if (!fresh) {
            kept.path("shards").properties().forEach(e -> byShard.put(e.getKey(), e.getValue().asString()));
        }
    }

    /** Whether nothing is known of this stream from an earlier process. */
    boolean isFresh() {
        return fresh;
    }

    /** The last sequence number that is done; empty when none is. */
    Optional<String> last(String shard) {
        return Optional.ofNullable(byShard.get(shard));
    }

    /** Everything up to the sequence number is done; it is kept when this returns. */
    void done(String shard, String sequenceNumber) {
        byShard.put(shard, sequenceNumber);
        keep();
    }

    /** Keeps what there is, so that the next process does not find the stream fresh. */
    void keep() {
        file.ifPresent(path -> {
            ObjectNode json = JSON.createObjectNode().put("stream", streamArn);
            ObjectNode shards = json.putObject("shards");
            byShard.forEach(shards::put);
            try {
                Files.createDirectories(path.toAbsolutePath().getParent());
                Path begun = path.resolveSibling(path.getFileName() + ".new");
                Files.write(begun, JSON.writeValueAsBytes(json));
                Files.move(begun, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
