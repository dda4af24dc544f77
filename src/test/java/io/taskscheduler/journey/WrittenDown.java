package io.taskscheduler.journey;

import io.taskscheduler.local.faults.CallToAws;
import io.taskscheduler.local.faults.Watch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * All that a running system writes, save into its table: what its functions print (logs and metrics), what goes into queues and schedules, by
 * whose hand it be, and what stays in the folder of its data. To be opened before the system starts.
 */
final class WrittenDown implements AutoCloseable {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final Watch watch = Watch.keptBy(this::note);
    private final Handler log = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            byte[] line = formatter.format(entry).getBytes(StandardCharsets.UTF_8);
            printed.write(line, 0, line.length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    WrittenDown() {
        System.setOut(both(out));
        System.setErr(both(err));
        Logger.getLogger("").addHandler(log);
    }

    private PrintStream both(PrintStream to) {
        return new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                printed.write(b);
                to.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                printed.write(bytes, from, length);
                to.write(bytes, from, length);
            }
        }, true, StandardCharsets.UTF_8);
    }

    private void note(CallToAws call) {
        switch (call.request()) {
            case SendMessageRequest one -> sent.add(one.messageBody() + one.messageAttributes());
            case SendMessageBatchRequest batch -> batch.entries()
                    .forEach(entry -> sent.add(entry.messageBody() + entry.messageAttributes()));
            case CreateScheduleRequest schedule -> sent.add(schedule.name() + " " + schedule.target());
            default -> {
            }
        }
    }

    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Every text by where it was written. */
    Map<String, String> all(Path data) {
        Map<String, String> all = new TreeMap<>(Map.of("log", printed()));
        List<String> messages = new ArrayList<>(sent);
        for (int i = 0; i < messages.size(); i++) {
            all.put("message or schedule " + i, messages.get(i));
        }
        // The table is what holds a task. The queues' file also holds what the test put there; every message of the system's is among those sent.
        try (Stream<Path> files = Files.walk(data)) {
            files.filter(Files::isRegularFile).filter(file -> !file.startsWith(data.resolve("dynamodb")))
                    .filter(file -> !file.startsWith(data.resolve("sqs")))
                    .forEach(file -> all.put(data.relativize(file).toString(), text(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(log);
        watch.close();
        System.setOut(out);
        System.setErr(err);
    }
}
