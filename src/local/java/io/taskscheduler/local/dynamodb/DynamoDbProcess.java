package io.taskscheduler.local.dynamodb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * DynamoDB Local in a process of its own. It ends with this object, and with this JVM whatever ends it: a
 * {@code kill -9} closes the pipe that the process reads.
 */
public final class DynamoDbProcess implements AutoCloseable {
    /** The name of the file, beside the compiled classes' folder, that the build writes DynamoDB Local's class path to. */
    public static final String CLASS_PATH_FILE = "dynamodb-local.classpath";
    private static final long STOP_SECONDS = 5;

    private final Process process;
    private final URI endpoint;

    /**
     * What is needed to start it.
     *
     * @param classPathFile
     *            the file with DynamoDB Local's class path
     * @param bind
     *            the address to listen on
     * @param port
     *            0 takes a free one
     * @param data
     *            the folder its tables are kept in; in memory when empty
     * @param log
     *            the file that gets what it prints
     */
    public record Options(Path classPathFile, String bind, int port, Optional<Path> data, Path log) {}

    private DynamoDbProcess(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /**
     * Starts it on a free port and returns when it listens; an {@link IOException} whose message is one line says why it
     * could not be.
     */
    public static DynamoDbProcess start(Options options) throws IOException {
        if (!Files.isRegularFile(options.classPathFile())) {
            throw new IOException(options.classPathFile() + " is missing: run mvn test-compile, which writes it");
        }
        if (options.log().getParent() != null) {
            Files.createDirectories(options.log().getParent());
        }
        Process process = new ProcessBuilder(command(options)).redirectError(options.log().toFile()).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        Optional<Integer> port = listeningPort(output);
        if (port.isEmpty()) {
            process.destroyForcibly();
            throw new IOException("DynamoDB Local did not start; " + options.log() + " says why");
        }
        Thread.ofVirtual().name("dynamodb-output").start(() -> discard(output));
        return new DynamoDbProcess(process, URI.create("http://" + authority(options.bind()) + ":" + port.get()));
    }

    /** Where it listens, for clients on this machine. */
    public URI endpoint() {
        return endpoint;
    }

    /** Completes when the process has ended, for whatever reason. */
    public CompletableFuture<Void> ended() {
        return process.onExit().thenAccept(ended -> {});
    }

    /** The process's id. */
    public long pid() {
        return process.pid();
    }

    /** Ends the process and waits until it is gone. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            process.destroy();
        }
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(Options options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED", "-cp", classPath(options), DynamoDbMain.class.getName(),
                        options.bind(), Integer.toString(options.port()),
                        "-sharedDb", "-disableTelemetry"));
        if (options.data().isPresent()) {
            Files.createDirectories(options.data().get());
            command.addAll(List.of("-dbPath", options.data().get().toString()));
        } else {
            command.add("-inMemory");
        }
        return command;
    }

    /** Our classes come last: nothing of ours may stand in for a resource of DynamoDB Local's. */
    private static String classPath(Options options) throws IOException {
        Path ours = Path
                .of(URI.create(DynamoDbMain.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        return Files.readString(options.classPathFile()).strip() + java.io.File.pathSeparator + ours;
    }

    private static Optional<Integer> listeningPort(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(DynamoDbMain.LISTENING)) {
                return Optional.of(Integer.valueOf(line.substring(DynamoDbMain.LISTENING.length()).strip()));
            }
        }
        return Optional.empty();
    }

    private static void discard(BufferedReader output) {
        try (output) {
            output.lines().forEach(line -> {});
        } catch (IOException | UncheckedIOException processIsGone) {
            // Its end is what ended() tells.
        }
    }

    private static String authority(String bind) {
        return switch (bind) {
            case "0.0.0.0", "::" -> "127.0.0.1";
            default -> bind.contains(":") ? "[" + bind + "]" : bind;
        };
    }
}
