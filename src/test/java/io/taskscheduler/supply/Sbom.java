package io.taskscheduler.supply;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CycloneDX bill of materials, as the build's plugin writes it. */
final class Sbom {

    private Sbom() {}

    /** All its libraries; fails when the build has not written it, or when it names none. */
    static List<Component> components(Path file) {
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing: `mvn package` writes it");
        }
        List<Component> found = JsonMapper.shared().readTree(file).path("components").valueStream().map(Sbom::component)
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError(file + " names no library");
        }
        return found;
    }

    private static Component component(JsonNode json) {
        return new Component(json.path("group").asString() + ":" + json.path("name").asString(),
                json.path("version").asString(), json.path("licenses").valueStream().flatMap(Sbom::licence).toList());
    }

    private static Stream<String> licence(JsonNode json) {
        return Stream
                .of(json.path("expression"), json.path("license").path("id"), json.path("license").path("name"))
                .filter(JsonNode::isString).map(JsonNode::asString).limit(1);
    }
}
