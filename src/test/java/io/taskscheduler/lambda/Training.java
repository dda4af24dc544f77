package io.taskscheduler.lambda;

import io.taskscheduler.fixture.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Leads the functions through whole journeys, so that Java can keep in an AOT cache what they loaded, linked and profiled. Needs nothing but Java: it runs
 * from its source while an image is built.
 */
public final class Training {

    private static final String HANDLERS = "io.taskscheduler.handler.";
    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\":\\s*\\\\\"([0-9A-Z]{26})");
    private static final int ROUNDS = 30;

    private final StandIn standIn;
    private final List<String> trust;
    private final Path events;

    private Training(Path events, SSLContext shown, List<String> trust) {
        this.events = events;
        this.trust = trust;
        // As AWS and most receivers answer: a handshake is half of what is new to a JVM that has just started.
        this.standIn = new StandIn(Optional.of(shown));
    }

    /** Arguments: what starts a function from its image, the folder for the caches, the folder of the sample events. */
    public static void main(String[] given) throws IOException, GeneralSecurityException, InterruptedException {
        Path output = Path.of(given[1]);
        Path folder = Files.createTempDirectory("training");
        Certificates certificates = Certificates.of(folder, "IP:127.0.0.1");
        List<String> trust = certificates.trusted(folder.resolve("trusted"));
        for (String name : List.of("schedule", "execute")) {
            new Training(Path.of(given[2]), certificates.server(), trust).run(name, given[0], output);
            if (!Files.exists(output.resolve(name + ".aot"))) {
                throw new IllegalStateException("no cache was made; see " + output.resolve(name + ".log"));
            }
        }
    }

    private void run(String name, String start, Path output) throws IOException {
        List<String> schedule = List.of(start, HANDLERS + "ScheduleTaskHandler::handleRequest");
        List<String> execute = List.of(start, HANDLERS + "ExecuteTaskHandler::handleRequest");
        Map<String, String> environment = environment(output, "-XX:AOTMode=off");
        try (standIn;
                FunctionProcess stores = new FunctionProcess(schedule, environment,
                        output.resolve("helper.log").toFile())) {
            // Every client unpacks its native library into the same file of /tmp: one after the other.
            stores.invoke(post("PT20S", 200));
            boolean schedules = name.equals("schedule");
            try (FunctionProcess trained = new FunctionProcess(schedules ? schedule : execute,
                    environment(output, "-XX:AOTCacheOutput=" + output.resolve(name + ".aot")),
                    output.resolve(name + ".log").toFile())) {
                for (int round = 0; round < ROUNDS; round++) {
                    if (schedules) {
                        requests(trained);
                    } else {
                        wakeUps(stores, trained);
                    }
                }
            }
        }
    }

    private Map<String, String> environment(Path output, String aot) {
        Map<String, String> environment = standIn.environment();
        environment.put("IMAGE", output.toString());
        environment.put("AOT", aot);
        // How Lambda's environment leaves it where it is set; taken over, because the flags have to be those of later.
        String options = Optional.ofNullable(System.getenv("JAVA_TOOL_OPTIONS")).orElse("");
        environment.put("JAVA_TOOL_OPTIONS", options + " " + String.join(" ", trust));
        return environment;
    }

    /** Near and far, seen, listed, cancelled, refused. */
    private void requests(FunctionProcess api) throws IOException {
        String id = idOf(api.invoke(post("PT20S", 200)));
        api.invoke(post("PT20H", 200));
        api.invoke(post("nonsense", 200));
        for (String sample : List.of("get-task", "list-tasks", "patch-task", "cancel-task", "run-task")) {
            api.invoke(read(sample + "-event.json").replace("01JD5ZK6E0R9W1V8M3Q7T2X4YB", id));
        }
    }

    /** One that succeeds, one that fails and is tried again, and one that nobody knows. */
    private void wakeUps(FunctionProcess stores, FunctionProcess execute) throws IOException {
        for (int status : List.of(200, 503)) {
            execute.invoke(read("timer-queue-event.json").replace("01JD5ZK6E0R9W1V8M3Q7T2X4YB",
                    idOf(stores.invoke(post("PT0S", status)))));
        }
        execute.invoke(read("wake-up-queue-event.json"));
    }

    private String post(String delay, int status) throws IOException {
        return read("schedule-task-event.json").replace("PT5S", delay).replace(
                "http://localhost:3000/_local/inbox/hello",
                standIn.receiver(status));
    }

    private static String idOf(String answer) {
        Matcher id = ID.matcher(answer);
        if (!id.find()) {
            throw new IllegalStateException("no task was stored: " + answer);
        }
        return id.group(1);
    }

    private String read(String name) throws IOException {
        return Files.readString(events.resolve(name));
    }
}
