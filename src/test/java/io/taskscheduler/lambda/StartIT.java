package io.taskscheduler.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/**
 * What decides on a cold start, as counts: the classes that a function loads until it has answered for the first time, and, of a warm one, what an answer allocates.
 * {@code bench/coldstart} measures what they take. A count that grew is a reason to look, and then to raise it here or not.
 */
class StartIT {

    private static final Pattern LOADED = Pattern.compile("\\] (\\S+) source: (.*)");
    private static final Pattern ALLOCATED = Pattern.compile("allocated (\\d+)");
    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\":\\s*\\\\\"([0-9A-Z]{26})");

    private final StandIn standIn = new StandIn();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        standIn.close();
    }

    @Test
    void a_first_request_loads_no_more_classes_than_it_did() throws Exception {
        List<String> loaded = loaded(run(ScheduleTaskHandler.class, post("PT20S"), 1));

        assertThat(standIn.calls()).containsExactly("PutItem", "SendMessage");
        assertThat(loaded).hasSizeBetween(2_000, 3_900);
        assertThat(packages(loaded)).noneMatch(StartIT::isNotForAStart);
    }

    @Test
    void a_first_webhook_loads_no_more_classes_than_it_did() throws Exception {
        String answer = run(ScheduleTaskHandler.class, post("PT0S"), 1);
        Matcher id = ID.matcher(answer);
        assertThat(id.find()).isTrue();
        String event = Files.readString(Path.of("events/timer-queue-event.json")).replace("01JD5ZK6E0R9W1V8M3Q7T2X4YB",
                id.group(1));

        List<String> loaded = loaded(run(ExecuteTaskHandler.class, event, 1));

        assertThat(standIn.calls()).endsWith("GetItem", "PutItem", "GetSecretValue", "webhook", "PutItem");
        assertThat(loaded).hasSizeBetween(2_000, 4_400);
        assertThat(packages(loaded)).noneMatch(StartIT::isNotForAStart);
    }

    @Test
    void a_warm_request_allocates_no_more_than_it_did() throws Exception {
        Matcher allocated = ALLOCATED.matcher(run(ScheduleTaskHandler.class, post("PT20S"), 500));

        assertThat(allocated.find()).isTrue();
        assertThat(Integer.parseInt(allocated.group(1))).isBetween(20_000, 300_000);
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
    private List<String> loaded(String output) throws IOException {
        assertThat(output).contains("allocated");
        try (Stream<String> lines = Files.lines(folder.resolve("classes.log"))) {
            return lines.map(LOADED::matcher).filter(Matcher::find)
                    .filter(line -> !line.group(2).contains("shared objects")).map(line -> line.group(1))
                    .filter(name -> !name.contains("0x")).collect(Collectors.toList());
        }
    }

    private String post(String delay) throws IOException {
        return Files.readString(Path.of("events/schedule-task-event.json")).replace("PT5S", delay)
                .replace("http://localhost:3000/_local/inbox/hello", standIn.receiver(200));
    }

    private String run(Class<?> handler, String event, int times) throws IOException, InterruptedException {
        Path input = Files.writeString(folder.resolve("event.json"), event);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:class+load:file=" + folder.resolve("classes.log"),
                "-cp",
                System.getProperty("java.class.path"), OneAnswer.class.getName(), handler.getName(), input.toString(),
                Integer.toString(times)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.copyOf(standIn.environment()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(Optional.of(process.waitFor(60, TimeUnit.SECONDS))).contains(true);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
