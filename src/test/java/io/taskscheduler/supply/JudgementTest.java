package io.taskscheduler.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planted violations, each of which {@link SupplyChainIT} would have to notice. */
class JudgementTest {

    private static final String SHELL = "CVE-2021-44228 org.apache.logging.log4j:log4j-core [2.0,2.3.1),[2.4,2.12.2),[2.13.0,2.15.0) Look-ups in messages run code";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path folder = Path.of("");

    @Test
    void a_library_under_a_licence_that_is_not_listed_is_refused() {
        assertThat(Licences.DEPLOYED.refused(List.of(library("1", "Apache-2.0"), library("2", "AGPL-3.0-only"))))
                .containsExactly("com.example:library:2 has the licence AGPL-3.0-only");
        assertThat(Licences.DEPLOYED.refused(List.of(library("1", "EPL-2.0")))).hasSize(1);
        assertThat(Licences.TESTS.refused(List.of(library("1", "EPL-2.0")))).isEmpty();
    }

    @Test
    void one_good_licence_does_not_make_up_for_a_second_that_is_not_listed() {
        assertThat(Licences.TESTS.refused(List.of(library("1", "Apache-2.0", "SSPL-1.0"))))
                .containsExactly("com.example:library:1 has the licence SSPL-1.0");
    }

    @Test
    void a_library_without_a_licence_is_refused() {
        assertThat(Licences.TESTS.refused(List.of(library("1"))))
                .containsExactly("com.example:library:1 has no licence");
    }

    @ParameterizedTest
    @CsvSource({"2.0, true", "2.3.1, false", "2.12.1, true", "2.12.2, false", "2.14.1, true", "2.15.0, false",
            "2.15.0-rc1, true", "1.2.17, false"})
    void a_version_in_a_vulnerable_range_is_found_and_no_other(String version, boolean vulnerable) {
        Component log4j = new Component("org.apache.logging.log4j:log4j-core", version, List.of());

        assertThat(Advisories.of(Stream.of(SHELL)).against(List.of(log4j))).hasSize(vulnerable ? 1 : 0);
    }

    @Test
    void an_advisory_for_a_whole_group_stops_at_the_group() {
        Advisories netty = Advisories.of(Stream.of("CVE-1 io.netty:* (,4.1.136) What"));

        assertThat(netty.against(List.of(new Component("io.netty:netty-handler", "4.1.100.Final", List.of()))))
                .containsExactly("io.netty:netty-handler:4.1.100.Final CVE-1: What");
        assertThat(netty.against(List.of(new Component("io.netty.incubator:x", "4.1.100.Final", List.of())))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CVE-1 a:b [1,2)", "CVE-1 a [1,2) What", "CVE-1 a:b [1,2 What", "CVE-1 a:b [2,1] What"})
    void an_advisory_that_cannot_be_read_is_an_error_and_not_a_pass(String line) {
        assertThatThrownBy(() -> Advisories.of(Stream.of(line))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_file_with_other_bytes_and_one_without_a_checksum_are_named() throws IOException {
        Path good = Files.createFile(folder.resolve("good.jar"));
        Path changed = Files.writeString(folder.resolve("changed.jar"), "x");
        Path unknown = Files.createFile(folder.resolve("unknown.jar"));
        Checksums checksums = Checksums
                .of(Stream.of("good.jar", "changed.jar").map(name -> EMPTY_SHA256 + "  " + name));

        assertThat(checksums.different(folder, List.of(good, changed, unknown)))
                .containsExactly("changed.jar has other bytes than it was chosen with");
        assertThat(checksums.missing(folder, List.of(good, changed, unknown)))
                .containsExactly("unknown.jar has no checksum");
    }

    @Test
    void a_bill_of_materials_that_is_missing_or_empty_is_an_error_and_not_a_pass() throws IOException {
        Path empty = Files.writeString(folder.resolve("bom.json"), "{\"components\":[]}");

        assertThatThrownBy(() -> Sbom.components(folder.resolve("none.json"))).hasMessageContaining("is missing");
        assertThatThrownBy(() -> Sbom.components(empty)).hasMessageContaining("names no library");
    }

    @Test
    void ids_names_and_expressions_of_licences_are_read() throws IOException {
        Path file = Files.writeString(folder.resolve("bom.json"),
                """
                        {"components":[
                         {"group":"a","name":"b","version":"1","licenses":[{"license":{"id":"MIT"}},{"license":{"name":"Own"}}]},
                         {"group":"a","name":"c","version":"2","licenses":[{"expression":"MIT OR GPL-3.0-only"}]},
                         {"group":"a","name":"d","version":"3"}]}
                        """);

        assertThat(Sbom.components(file)).containsExactly(new Component("a:b", "1", List.of("MIT", "Own")),
                new Component("a:c", "2", List.of("MIT OR GPL-3.0-only")), new Component("a:d", "3", List.of()));
    }

    private static Component library(String version, String... licences) {
        return new Component("com.example:library", version, List.of(licences));
    }
}
