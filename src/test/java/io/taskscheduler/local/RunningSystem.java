package io.taskscheduler.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** The whole system as {@code mvn -Plocal} starts it, in this JVM and on a free port, until it is closed. */
public final class RunningSystem implements AutoCloseable {

    private final LocalRun run;
    private final URI api;

    private RunningSystem(LocalRun run, URI api) {
        this.run = run;
        this.api = api;
    }

    public static RunningSystem start() {
        int port = freePort();
        LocalRun run = new LocalRun(LocalOptions.from(Map.of("local.port", Integer.toString(port))), Path.of(""),
                line -> {
                    throw new AssertionError(line);
                });
        run.start();
        return new RunningSystem(run, URI.create("http://localhost:" + port));
    }

    public URI api() {
        return api;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        run.close();
    }
}
