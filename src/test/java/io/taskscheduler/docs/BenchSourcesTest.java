package io.taskscheduler.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benches are not run by the build; that they fit the code they measure is seen here. Those of peers have libraries of their own. */
class BenchSourcesTest {

    @TempDir
    Path classes;

    @ParameterizedTest
    @ValueSource(strings = {"checks", "loading", "cold/driver"})
    void a_bench_compiles_with_the_code_it_measures(String bench) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("bench", bench))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(said, files, null,
                    List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                    null, files.getJavaFileObjectsFromPaths(sources)).call();

            assertThat(sources).isNotEmpty();
            assertThat(compiled).as("%s", said).isTrue();
        }
    }
}
