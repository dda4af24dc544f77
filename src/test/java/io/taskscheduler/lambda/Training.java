package io.taskscheduler.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leads the functions through whole journeys, so that Java can keep in an AOT cache what they loaded, linked and profiled. Needs nothing but Java: it runs
 * from its source while an image is built.
 */
public final class Training {

    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String HANDLERS = "io.taskscheduler.handler.";
    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\":\\s*\\\\\"([0-9A-Z]{26})");
    private static final int ROUNDS = 30;

    private final StandIn standIn = new StandIn();
    private final Path events;

    private Training(Path events) {
        this.events = events;
    }

    /** Arguments: the java command, the class path, the folder for the caches, the folder of the sample events. */
    public static void main(String[] given) throws IOException {
        String java = given[0];
        Path output = Path.of(given[2]);
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> function : functions().entrySet()) {
            Path cache = output.resolve(function.getKey() + ".aot");
            new Training(Path.of(given[3])).run(function.getKey(),
                    command(java, "-XX:AOTCacheOutput=" + cache, given[1], function.getValue()),
                    output);
            if (!Files.exists(cache)) {
                throw new IllegalStateException("no cache was made; see " + output.resolve(function.getKey() + ".log"));
            }
            lines.add(function.getKey() + "\t"
                    + String.join(" ", command("java", "-XX:AOTCache=" + cache, given[1], function.getValue())));
        }
        Files.write(output.resolve("command"), lines);
    }

    private static Map<String, String> functions() {
        return Map.of("schedule", "ScheduleTaskHandler", "execute", "ExecuteTaskHandler");
    }

    private static List<String> command(String java, String cache, String classPath, String handler) {
        return List.of(java, cache, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx853m",
                "--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError", "-Dhttp.maxConnections=16", "-cp",
                classPath, CLIENT,
                HANDLERS + handler + "::handleRequest");
    }

    private void run(String name, List<String> command, Path output) throws IOException {
        List<String> helper = new ArrayList<>(command);
        helper.removeIf(option -> option.startsWith("-XX:AOTCacheOutput"));
        helper.set(helper.size() - 1, HANDLERS + "ScheduleTaskHandler::handleRequest");
        try (standIn;
                FunctionProcess stores = new FunctionProcess(helper, standIn.environment(),
                        output.resolve("helper.log").toFile())) {
            // Every client unpacks its native library into the same file of /tmp: one after the other.
            stores.invoke(post("PT20S", 200));
            try (FunctionProcess trained = new FunctionProcess(command, standIn.environment(),
                    output.resolve(name + ".log").toFile())) {
                for (int round = 0; round < ROUNDS; round++) {
                    if (name.equals("schedule")) {
                        requests(trained);
                    } else {
                        wakeUps(stores, trained);
                    }
                }
            }
        }
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
