package io.taskscheduler.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.Main;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What decides on a cold start, as counts: the classes that a function loads until it has answered for the first time, and, of a warm one, what an answer allocates.
 * {@code bench/coldstart} measures what they take. A count that grew is a reason to look, and then to raise it here or not.
 */
class StartIT {

    private static final Pattern LOADED = Pattern.compile("\\] (\\S+) source: (.*)");

    private final StandIn standIn = new StandIn();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        standIn.close();
    }

    @Test
    void a_first_request_loads_no_more_classes_than_it_did() throws Exception {
        answer(ScheduleTaskHandler.class, post("PT20S"));

        assertThat(standIn.calls()).containsExactly("PutItem", "SendMessage");
        assertThat(loaded()).hasSizeBetween(1_000, 2_020);
        assertThat(packages(loaded())).noneMatch(StartIT::isNotForAStart);
    }

    @Test
    void a_first_webhook_loads_no_more_classes_than_it_did() throws Exception {
        String scheduled = answer(ScheduleTaskHandler.class, post("PT0S"));

        answer(ExecuteTaskHandler.class, WarmRequests.wakeUp(scheduled));

        assertThat(standIn.calls()).endsWith("GetItem", "PutItem", "GetSecretValue", "webhook", "PutItem");
        assertThat(loaded()).hasSizeBetween(1_000, 2_320);
        assertThat(packages(loaded())).noneMatch(StartIT::isNotForAStart);
    }

    @Test
    void a_warm_request_allocates_no_more_than_it_did() throws Exception {
        Path found = folder.resolve("found.json");
        java(Main.class.getName(), WarmRequests.class.getName(), "-p", "receiver=" + standIn.receiver(200), "-f", "0",
                "-bs", "200", "-wi", "2", "-i", "2", "-prof", "gc", "-rf", "json", "-rff", found.toString());
        JsonNode runs = new JsonMapper().readTree(found);
        Map<String, Integer> bytes = new HashMap<>();
        runs.forEach(run -> bytes.put(run.path("benchmark").asString().replaceFirst(".*\\.", ""),
                run.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score").asInt() / 200));

        assertThat(bytes).containsOnlyKeys("schedule", "schedule_and_execute");
        assertThat(bytes.get("schedule")).isBetween(200_000, 300_000);
        assertThat(bytes.get("schedule_and_execute")).isBetween(600_000, 950_000);
    }

    /** Reflection's way to JSON, the mapper of beans, Lambda's serialisation of events, and the client of far timers, which a near task needs not. */
    private static boolean isNotForAStart(String name) {
        return Stream
                .of("tools.jackson.databind.deser", "tools.jackson.databind.ser",
                        "software.amazon.awssdk.enhanced.dynamodb.mapper",
                        "com.amazonaws.lambda.thirdparty", "software.amazon.awssdk.services.scheduler.model",
                        "org.joda")
                .anyMatch(name::startsWith);
    }

    private static List<String> packages(List<String> classes) {
        return classes.stream().map(name -> name.replaceFirst("\\.[^.]*$", "")).distinct().toList();
    }

    /** Without those that Java brings in its own archive, and without what it spins as it goes: those differ from one Java to the next. */
    private List<String> loaded() throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve("classes.log"))) {
            return lines.map(LOADED::matcher).filter(Matcher::find)
                    .filter(line -> !line.group(2).contains("shared objects")).map(line -> line.group(1))
                    .filter(name -> !name.contains("0x")).collect(Collectors.toList());
        }
    }

    private String post(String delay) throws IOException {
        return WarmRequests.post(delay, standIn.receiver(200));
    }

    private String answer(Class<?> handler, String event) throws IOException, InterruptedException {
        Path input = Files.writeString(folder.resolve("event.json"), event);
        String output = java("-Xlog:class+load:file=" + folder.resolve("classes.log"), OneAnswer.class.getName(),
                handler.getName(), input.toString());
        assertThat(output).contains("answer ");
        return output;
    }

    private String java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Djmh.ignoreLock=true", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.copyOf(standIn.environment()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Optional.of(process.waitFor(60, TimeUnit.SECONDS))).contains(true);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
