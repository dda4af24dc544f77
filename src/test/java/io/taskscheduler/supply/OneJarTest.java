package io.taskscheduler.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the jar that is deployed beside the classes. */
class OneJarTest {

    @TempDir
    Path folder;

    @Test
    void everything_is_stored_as_it_was() throws IOException {
        Path one = library("one.jar", Map.of("a/A.class", "A", "a/data.txt", "data"));
        Path two = library("two.jar", Map.of("b/B.class", "B", "META-INF/maven/g/a/pom.properties", "version=1"));
        assertThat(contents(write(one, two)))
                .isEqualTo(Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n", "a/A.class", "A",
                        "a/data.txt", "data", "b/B.class", "B",
                        "META-INF/maven/g/a/pom.properties", "version=1"));
        try (ZipFile jar = new ZipFile(folder.resolve("out/libraries.jar").toFile())) {
            assertThat(jar.stream()).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
        }
    }

    @Test
    void of_several_versions_of_a_class_there_is_the_one_that_this_java_would_load() throws IOException {
        Map<String, String> versions = Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMulti-Release: true\n\n",
                "a/A.class", "old", "META-INF/versions/17/a/A.class", "17",
                "META-INF/versions/25/a/A.class", "25", "META-INF/versions/999/a/A.class", "future",
                "META-INF/versions/9/module-info.class", "module");
        assertThat(contents(write(library("one.jar", versions))))
                .isEqualTo(Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n", "a/A.class", "25"));
    }

    @Test
    void what_libraries_say_of_themselves_stays_apart() throws IOException {
        Path one = library("one.jar",
                Map.of("META-INF/NOTICE", "by one", "module-info.class", "1", "META-INF/INDEX.LIST", "x"));
        Path two = library("two.jar", Map.of("META-INF/NOTICE", "by two", "module-info.class", "2"));
        assertThat(contents(write(one, two)))
                .containsOnlyKeys("META-INF/MANIFEST.MF", "META-INF/libraries/one.jar/NOTICE",
                        "META-INF/libraries/two.jar/NOTICE")
                .containsEntry("META-INF/libraries/two.jar/NOTICE", "by two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/A.class", "META-INF/services/S"})
    void the_same_name_in_two_libraries_is_refused(String name) throws IOException {
        Path one = library("one.jar", Map.of(name, "1"));
        Path two = library("two.jar", Map.of(name, "2"));
        assertThatThrownBy(() -> write(one, two)).isInstanceOf(IOException.class).hasMessageContainingAll(name,
                "one.jar", "two.jar");
    }

    @Test
    void a_library_that_is_not_there_is_not_passed_over() {
        assertThatThrownBy(() -> OneJar
                .main(new String[]{folder.resolve("out.jar").toString(), folder.resolve("missing.jar").toString()}))
                .isInstanceOf(IOException.class).hasMessageContaining("missing.jar");
    }

    @Test
    void the_same_libraries_of_a_class_path_make_the_same_bytes_in_any_time_zone() throws IOException {
        Path one = library("one.jar", Map.of("a/A.class", "A"));
        Path first = folder.resolve("first.jar");
        OneJar.main(new String[]{first.toString(), folder + File.pathSeparator + one});
        assertThat(contents(first)).containsEntry("a/A.class", "A");
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            assertThat(write(one)).hasSameBinaryContentAs(first);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private Path write(Path... libraries) throws IOException {
        Path output = folder.resolve("out/libraries.jar");
        OneJar.write(output, List.of(libraries));
        return output;
    }

    private Path library(String name, Map<String, String> contents) throws IOException {
        Path path = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(path); ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("a/"));
            for (Map.Entry<String, String> each : new TreeMap<>(contents).entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return path;
    }

    private static Map<String, String> contents(Path path) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ZipFile jar = new ZipFile(path.toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                found.put(entry.getName(),
                        new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }
}
