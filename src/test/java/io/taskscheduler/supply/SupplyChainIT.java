package io.taskscheduler.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Judges what the build is made of, as far as that can be told without asking anybody: an advisory of tomorrow is not in the
 * list of today. Needs the bills of materials that {@code mvn package} writes.
 */
class SupplyChainIT {

    private static final Path DEPLOYED = Path.of("target/bom.json");
    private static final Path WITH_TESTS = Path.of("target/bom-with-tests.json");
    private static final Path DYNAMODB_LOCAL = Path.of("target/dynamodb-local.classpath");
    private static final Path ADVISORIES = Path.of("src/test/resources/supply/advisories.txt");
    private static final Path CHECKSUMS = Path.of(".mvn/checksums/checksums.sha256");

    @Test
    void what_is_deployed_has_licences_that_may_be_passed_on() {
        assertThat(Licences.DEPLOYED.refused(Sbom.components(DEPLOYED))).isEmpty();
    }

    /** DynamoDB Local's own is not free: it runs in a process of its own, is fetched by who runs it, and is never passed on. */
    @Test
    void tests_and_the_local_run_have_licences_that_were_chosen() {
        assertThat(Licences.TESTS.refused(Sbom.components(WITH_TESTS))).isEmpty();
    }

    @Test
    void no_library_is_known_to_be_vulnerable() throws IOException {
        List<Component> libraries = new ArrayList<>(Sbom.components(DEPLOYED));
        libraries.addAll(Sbom.components(WITH_TESTS));
        libraries.addAll(dynamoDbLocal().components());

        assertThat(advisories().against(libraries.stream().distinct().toList())).isEmpty();
    }

    /** Otherwise a library could be used that nobody judged. */
    @Test
    void the_bill_of_materials_names_the_whole_class_path() {
        assertThat(ClassPath.own().components()).extracting(Component::toString)
                .isSubsetOf(Sbom.components(WITH_TESTS).stream().map(Component::toString).toList());
    }

    @Test
    void every_library_has_the_bytes_it_was_chosen_with() throws IOException {
        Path repository = ClassPath.own().repository();
        List<Path> files = new ArrayList<>(ClassPath.own().files());
        files.addAll(dynamoDbLocal().files());

        assertThat(checksums().missing(repository, files)).as(".ci/checksums writes them anew").isEmpty();
        assertThat(checksums().different(repository, files)).isEmpty();
    }

    private static ClassPath dynamoDbLocal() throws IOException {
        return ClassPath.of(Files.readString(DYNAMODB_LOCAL).strip(), ClassPath.own().repository());
    }

    private static Advisories advisories() throws IOException {
        try (Stream<String> lines = Files.lines(ADVISORIES)) {
            return Advisories.of(lines);
        }
    }

    private static Checksums checksums() throws IOException {
        try (Stream<String> lines = Files.lines(CHECKSUMS)) {
            return Checksums.of(lines);
        }
    }
}
