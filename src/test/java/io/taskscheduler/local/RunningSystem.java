package io.taskscheduler.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The whole system as {@code mvn -Plocal} starts it, in this JVM and on a free port, until it is closed. */
public final class RunningSystem implements AutoCloseable {

    private final LocalRun run;
    private final URI api;

    private RunningSystem(LocalRun run, URI api) {
        this.run = run;
        this.api = api;
    }

    public static RunningSystem start() {
        return start(Map.of(), Path.of(""));
    }

    /** Far timers fire at some second of their minute. */
    public static RunningSystem startWithSpreadTimers() {
        return start(Map.of("local.timers", "aws"), Path.of(""));
    }

    /**
     * On what a run before it, that is closed, left in the folder.
     *
     * @param project has the {@code template.yaml} and the {@code target} to run
     */
    public static RunningSystem start(Path data, Path project) {
        return start(Map.of("local.data", data.toString()), project);
    }

    private static RunningSystem start(Map<String, String> options, Path project) {
        int port = freePort();
        Map<String, String> all = new HashMap<>(options);
        all.put("local.port", Integer.toString(port));
        // Not the usual ones: another run on this machine that starts at the same moment would choose them too.
        List.of("dynamodb", "sqs", "scheduler")
                .forEach(part -> all.put("local." + part + "-port", Integer.toString(freePort())));
        LocalRun run = new LocalRun(LocalOptions.from(all), project,
                line -> {
                    throw new AssertionError(line);
                });
        run.start();
        return new RunningSystem(run, URI.create("http://localhost:" + port));
    }

    public URI api() {
        return api;
    }

    /** Below those that the system gives to outgoing connections, one of which may come before it is listened on. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (BindException taken) {
                // Another one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        run.close();
    }
}
