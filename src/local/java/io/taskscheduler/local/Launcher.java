package io.taskscheduler.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts the local run in the current folder, tells how to use it and keeps it running until it is interrupted or whoever
 * started it has ended. What it cannot start with is one line on standard error and exit code 1.
 */
public final class Launcher {
    private static final Duration PARENT_WATCH = Duration.ofMillis(500);

    private final AtomicBoolean ending = new AtomicBoolean();

    private Launcher() {}

    /** Takes its options from the file of properties named as the argument, if any, and from the system properties. */
    public static void main(String[] arguments) {
        new Launcher().run(arguments);
    }

    private void run(String[] arguments) {
        try {
            LocalOptions options = LocalOptions.from(properties(arguments));
            LocalRun run = new LocalRun(options, Path.of(""), this::fail);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ending.set(true);
                run.close();
            }));
            endWithParent();
            System.out.println(run.start());
        } catch (StartFailure e) {
            fail(e.line());
        } catch (RuntimeException bug) {
            bug.printStackTrace();
            fail("The local run could not start, by a fault of its own");
        }
    }

    /** Only the first reason counts: an end on purpose makes parts end that would else be missed. */
    private void fail(String line) {
        if (ending.compareAndSet(false, true)) {
            System.err.println(line);
            // Not on the thread of a part that is to be ended.
            Thread.ofPlatform().start(() -> System.exit(1));
        }
    }

    /**
     * Maven that is killed does not end what it has started. Its exit alone is not enough to watch: where nobody reaps it, it stays a zombie,
     * which counts as alive, but its children are given another parent at once.
     */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> System.exit(0));
            Thread.ofPlatform().daemon().start(() -> {
                while (ProcessHandle.current().parent().equals(Optional.of(parent))) {
                    LockSupport.parkNanos(PARENT_WATCH.toNanos());
                }
                System.exit(0);
            });
        });
    }

    private static Map<String, String> properties(String[] arguments) {
        Properties properties = new Properties();
        if (arguments.length > 0) {
            try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
                properties.load(file);
            } catch (IOException e) {
                throw new StartFailure("Cannot read the options in " + arguments[0] + ": " + e.getMessage(), e);
            }
        }
        properties.putAll(System.getProperties());
        Map<String, String> texts = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
        return texts;
    }
}
