package io.taskscheduler.load;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The deployed handlers as Lambda has them: wired from the environment, one request at a time, events and answers as JSON. Started as
 * {@code FunctionsAlone <folder with events> <requests> <webhook>}; says in JSON what a request takes, by its kind: milliseconds, milliseconds of processor and
 * bytes allocated by all threads of the process, and units of capacity.
 */
public final class FunctionsAlone {
    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\"\\s*:\\s*\\\\\"([^\\\\]+)\\\\\"");
    private static final int COUNTED = 50;
    private static final int LISTS_FEWER = 10;
    private static final int BATCH = 10;

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final ScheduleTaskHandler api = new ScheduleTaskHandler();
    private final ExecuteTaskHandler execution = new ExecuteTaskHandler();
    private final Context context = (Context) Proxy.newProxyInstance(FunctionsAlone.class.getClassLoader(),
            new Class<?>[]{Context.class}, (_, _, _) -> "request-1");
    private final Path folder;
    private final String webhook;
    private final Map<String, String> found = new TreeMap<>();
    private final List<String> tasks = new ArrayList<>();
    private boolean counts;

    private FunctionsAlone(Path folder, String webhook) {
        this.folder = folder;
        this.webhook = webhook;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        // Lambda takes what they log; here it would be in the way. What it costs to write it stays.
        System.setOut(new PrintStream(Files.newOutputStream(Path.of("/dev/null")), true, StandardCharsets.UTF_8));
        int requests = Integer.parseInt(arguments[1]);
        FunctionsAlone functions = new FunctionsAlone(Path.of(arguments[0]), arguments[2]);
        functions.round(requests);
        functions.counts = true;
        functions.round(requests);
        functions.heap();
        CapacityCount.begin();
        functions.counts = false;
        functions.capacity();
        out.println(
                functions.found.entrySet().stream().map(each -> "\"%s\": %s".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(", ", "{", "}")));
        out.flush();
        System.exit(0);
    }

    private void round(int requests) throws IOException {
        tasks.clear();
        measure("schedule", requests, schedule("PT14M"));
        measure("view", requests, onTask("view"));
        measure("list", requests / LISTS_FEWER, request("list"));
        measure("cancel", requests, onTask("cancel"));
        int first = tasks.size();
        IntConsumer now = schedule("PT0S");
        for (int i = 0; i < requests; i++) {
            now.accept(i);
        }
        measure("execute", requests / 2, execute(first, 1));
        measure("execute 10 at once", requests / 2 / BATCH, execute(first + requests / 2, BATCH));
        for (int task = first; task < first + requests / 2 + requests / 2 / BATCH * BATCH; task += requests / BATCH) {
            expectCompleted(tasks.get(task));
        }
    }

    private void capacity() throws IOException {
        tasks.clear();
        capacity("schedule", schedule("PT14M"));
        capacity("view", onTask("view"));
        capacity("list", request("list"));
        capacity("cancel", onTask("cancel"));
        int first = tasks.size();
        IntConsumer now = schedule("PT0S");
        for (int i = 0; i < COUNTED; i++) {
            now.accept(i);
        }
        capacity("execute", execute(first, 1));
    }

    private void capacity(String kind, IntConsumer request) {
        CapacityCount.take();
        for (int i = 0; i < COUNTED; i++) {
            request.accept(i);
        }
        found.put(kind + " units", "%.2f".formatted(CapacityCount.take() / COUNTED));
    }

    private void measure(String kind, int requests, IntConsumer request) {
        double[] millis = new double[requests];
        long bytes = threads.getTotalThreadAllocatedBytes();
        long cpu = system.getProcessCpuTime();
        for (int i = 0; i < requests; i++) {
            long began = System.nanoTime();
            request.accept(i);
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        cpu = system.getProcessCpuTime() - cpu;
        bytes = threads.getTotalThreadAllocatedBytes() - bytes;
        if (counts) {
            Arrays.sort(millis);
            found.put(kind, "{\"p50\": %.3f, \"p99\": %.3f, \"cpu_ms\": %.3f, \"kilobytes\": %.1f}".formatted(
                    millis[requests / 2], millis[requests * 99 / 100], cpu / 1e6 / requests,
                    bytes / 1024.0 / requests));
        }
    }

    private void heap() {
        System.gc();
        found.put("heap_after_gc_mb", "%.1f"
                .formatted(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0));
        found.put("outside_heap_mb", "%.1f".formatted(
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed() / 1024.0 / 1024.0));
    }

    private void expectCompleted(String task) throws IOException {
        String view = answer(event("view").replace("TASK_ID", task), 200);
        if (!view.contains("\\\"completed\\\"")) {
            throw new IllegalStateException("not completed: " + view);
        }
    }

    private String event(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".json"));
    }

    private IntConsumer schedule(String delay) throws IOException {
        String event = event("schedule").replace("DELAY", delay).replace("WEBHOOK", webhook);
        return _ -> {
            Matcher id = ID.matcher(answer(event, 201));
            if (!id.find()) {
                throw new IllegalStateException("an answer without a task_id");
            }
            tasks.add(id.group(1));
        };
    }

    private IntConsumer onTask(String name) throws IOException {
        String event = event(name);
        return i -> answer(event.replace("TASK_ID", tasks.get(i)), 200);
    }

    private IntConsumer request(String name) throws IOException {
        String event = event(name);
        return _ -> answer(event, 200);
    }

    private String answer(String event, int expected) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            api.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), json, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!json.toString(StandardCharsets.UTF_8).startsWith("{\"statusCode\":" + expected)) {
            throw new IllegalStateException(json.toString(StandardCharsets.UTF_8));
        }
        return json.toString(StandardCharsets.UTF_8);
    }

    private IntConsumer execute(int first, int batch) throws IOException {
        String message = event("message");
        return i -> {
            String records = tasks.subList(first + i * batch, first + (i + 1) * batch).stream()
                    .map(task -> message.replace("TASK_ID", task)).collect(Collectors.joining(","));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                execution.handleRequest(new ByteArrayInputStream(
                        ("{\"Records\":[" + records + "]}").getBytes(StandardCharsets.UTF_8)), answer, context);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            if (!answer.toString(StandardCharsets.UTF_8).contains("[]")) {
                throw new IllegalStateException(answer.toString(StandardCharsets.UTF_8));
            }
        };
    }
}
