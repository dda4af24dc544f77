package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.wiring.Components;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.crac.Context;
import org.crac.Resource;

/**
 * One start: the function as Lambda makes it, the hooks around a snapshot or none, then requests. Prints, in microseconds, the time of the hooks and
 * of each request.
 */
final class Primed {

    private Primed() {}

    private static final class Hooks extends Context<Resource> {

        private final List<Resource> resources = new ArrayList<>();

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            resources.forEach(resource -> quietly(() -> resource.beforeCheckpoint(this)));
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            resources.forEach(resource -> quietly(() -> resource.afterRestore(this)));
        }

        @Override
        public void register(Resource resource) {
            resources.add(resource);
        }
    }

    private interface Step {

        void run() throws Exception;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param arguments function, primed or not, requests, receiver's URL */
    public static void main(String[] arguments) throws Exception {
        int requests = Integer.parseInt(arguments[2]);
        PrintStream out = System.out;
        System.setOut(new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Hooks hooks = new Hooks();
        Components components = Snapshot.warm(Components.ofEnvironment(), hooks);
        Step step = arguments[0].equals("ScheduleTask")
                ? asks(new ScheduleTaskHandler(components), PrimedRequests.schedule(arguments[3], "PT1M"),
                        "{\"statusCode\":201,")
                : asks(new ExecuteTaskHandler(components), PrimedRequests.wakeUp(), "{\"batchItemFailures\":[]}");
        long begun = System.nanoTime();
        if (arguments[1].equals("primed")) {
            hooks.beforeCheckpoint(hooks);
            System.gc();
            hooks.afterRestore(hooks);
        }
        out.println((System.nanoTime() - begun) / 1_000);
        long[] took = new long[requests];
        for (int i = 0; i < requests; i++) {
            long at = System.nanoTime();
            step.run();
            took[i] = System.nanoTime() - at;
        }
        StringBuilder text = new StringBuilder();
        for (long each : took) {
            text.append(each / 1_000).append('\n');
        }
        out.print(text);
        out.flush();
        System.exit(0);
    }

    private static Step asks(RequestStreamHandler handler, byte[] event, String begins) {
        return () -> {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), answer, new NoInvocation());
            if (!answer.toString(StandardCharsets.UTF_8).startsWith(begins)) {
                throw new IllegalStateException("answered " + answer);
            }
        };
    }
}
