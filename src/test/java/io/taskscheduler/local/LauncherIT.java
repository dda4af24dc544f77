package io.taskscheduler.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The launcher as a process, as its user has it. */
class LauncherIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LAST_LINE = "Ctrl-C ends it and everything it started.";

    private final List<Process> started = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.find();

    @AfterEach
    void end() {
        started.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
        started.forEach(Process::destroyForcibly);
        http.close();
    }

    @Test
    void what_the_banner_tells_to_paste_works_and_survives_a_killed_launcher(@TempDir Path data) throws Exception {
        Process first = launch(data);
        String banner = readUntil(first, LAST_LINE);
        List<ProcessHandle> children = first.descendants().toList();

        JsonNode task = JSON.readTree(paste(banner));
        call("POST", "/_local/clock", "{\"advance\": \"PT10S\"}");
        String later = call("POST", "/schedule-task", """
                {"action": "webhook", "delay": "P3D", "payload": {"url": "http://localhost:%d/_local/inbox/later"}}"""
                .formatted(port));
        assertThat(call("GET", "/_local/inbox?name=hello", "")).contains("Task executed!");
        assertThat(children).hasSize(1);
        first.destroyForcibly().waitFor();
        assertThat(children.getFirst().onExit()).succeedsWithin(Duration.ofSeconds(60));

        readUntil(launch(data), LAST_LINE);
        assertThat(Duration.parse(JSON.readTree(call("GET", "/_local/clock", "")).path("offset").stringValue()))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(status(task)).isEqualTo("completed");
        assertThat(status(JSON.readTree(later))).isEqualTo("scheduled");
        JsonNode moved = JSON.readTree(call("POST", "/_local/clock", "{\"advance\": \"P3D\"}"));
        assertThat(moved.path("fired").intValue()).isPositive();
        assertThat(status(JSON.readTree(later))).isEqualTo("completed");

        Process second = launch(data, "-Dlocal.port=" + FreePort.find());
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(errors(second)).containsExactly("Another local run uses " + data.toRealPath()
                + ": end that one, or name another folder with -Dlocal.data=");
    }

    @ParameterizedTest
    @CsvSource({"jwt, local", "iam, arn:aws:iam::123456789012:user/local"})
    void what_the_banner_tells_to_paste_works_where_callers_must_show_who_they_are(String auth, String by)
            throws Exception {
        String banner = readUntil(launch(List.of("-Dlocal.auth=" + auth)), LAST_LINE);

        assertThat(JSON.readTree(paste(banner)).at("/history/0/by").asString()).isEqualTo(by);
        assertThat(call("POST", "/schedule-task", "{}")).isIn("{\"message\":\"Unauthorized\"}",
                "{\"message\":\"Forbidden\"}");
    }

    @Test
    void a_terminated_launcher_leaves_no_process_and_no_port(@TempDir Path folder) throws Exception {
        Process launcher = launch(folder);
        readUntil(launcher, LAST_LINE);
        List<ProcessHandle> children = launcher.descendants().toList();
        JsonNode endpoints = JSON.readTree(call("GET", "/_local/health", "")).path("endpoints");

        launcher.destroy();

        assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        endpoints.forEach(url -> assertThat(isFree(URI.create(url.stringValue()).getPort())).isTrue());
    }

    @Test
    void a_launcher_ends_with_whoever_started_it() throws Exception {
        List<String> command = command(List.of());
        Process shell = new ProcessBuilder(shellCommand(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        started.add(shell);
        readUntil(shell, LAST_LINE);
        List<ProcessHandle> all = shell.descendants().toList();

        shell.destroyForcibly().waitFor();

        assertThat(all).hasSize(2)
                .allSatisfy(process -> assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(60)));
    }

    @Test
    void a_taken_port_is_one_line_that_names_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Process launcher = launch(List.of());

            assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(launcher.exitValue()).isEqualTo(1);
            assertThat(errors(launcher)).containsExactly("Port " + taken.getLocalPort()
                    + " is taken on 127.0.0.1: end what listens there, or choose another port with -Dlocal.port=");
        }
    }

    @Test
    void a_folder_without_a_template_is_one_line_that_names_it(@TempDir Path empty) throws Exception {
        Process launcher = new ProcessBuilder(command(List.of())).directory(empty.toFile()).start();
        started.add(launcher);

        assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(errors(launcher))
                .containsExactly("There is no " + empty.toRealPath().resolve("template.yaml")
                        + ": run this in the project's folder");
    }

    private static List<String> shellCommand(List<String> command) {
        List<String> shell = new ArrayList<>(List.of("bash", "-c", "\"$@\"; true", "bash"));
        shell.addAll(command);
        return shell;
    }

    private Process launch(Path data, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Dlocal.data=" + data));
        all.addAll(List.of(options));
        return launch(all);
    }

    private Process launch(List<String> options) throws IOException {
        Process process = new ProcessBuilder(command(options)).start();
        started.add(process);
        return process;
    }

    private List<String> command(List<String> options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow", "-Dlocal.port=" + port));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), "io.taskscheduler.local.Launcher"));
        return command;
    }

    /** Absolute, since a process may start elsewhere. */
    private static String classPath() {
        return Pattern.compile(java.io.File.pathSeparator).splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(java.util.stream.Collectors.joining(java.io.File.pathSeparator));
    }

    private String paste(String banner) throws Exception {
        Matcher token = Pattern.compile("TOKEN=\\$\\(.*?\\n\\n", Pattern.DOTALL).matcher(banner);
        Matcher curl = Pattern.compile("(curl -s [^\\n]*/schedule-task .*?'\\s*\\n[^']*'[^']*')", Pattern.DOTALL)
                .matcher(banner);
        assertThat(curl.find()).isTrue();
        Path script = Files.createTempFile("paste", ".sh");
        Files.writeString(script, (token.find() ? token.group() : "") + curl.group(1));
        Process bash = new ProcessBuilder("bash", script.toString()).start();
        started.add(bash);
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String status(JsonNode task) throws Exception {
        return JSON.readTree(call("GET", "/tasks/" + task.path("task_id").stringValue(), "")).path("status")
                .stringValue();
    }

    private String call(String method, String path, String body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("content-type", "application/json").method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString())
                .body();
    }

    private static String readUntil(Process process, String last) throws IOException {
        StringBuilder text = new StringBuilder();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            text.append(line).append('\n');
            if (line.contains(last)) {
                return text.toString();
            }
        }
        throw new IllegalStateException(
                "ended after: " + text + process.errorReader(StandardCharsets.UTF_8).readAllLines());
    }

    private static List<String> errors(Process process) throws IOException {
        return process.errorReader(StandardCharsets.UTF_8).readAllLines();
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
