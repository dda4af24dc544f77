package io.taskscheduler.bench.cold;

import io.taskscheduler.fixture.Certificates;
import io.taskscheduler.lambda.FunctionProcess;
import io.taskscheduler.lambda.StandIn;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Starts each of the functions named in a file, in turn, again and again, and writes how long each took from the start of its process to its first answer.
 * Arguments: the file (one a line: name, event kind, command, separated by tabs), rounds, folder of the events, the trust store to make
 * for what is called, or "-" for plain http. Written: name,
 * milliseconds to the first answer, microseconds of the second, megabytes resident, classes loaded (0 where not asked), tab-separated.
 */
public final class ColdStart {

    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\":\\s*\\\\\"([0-9A-Z]{26})");
    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final StandIn standIn;
    private final Path events;

    private ColdStart(StandIn standIn, Path events) {
        this.standIn = standIn;
        this.events = events;
    }

    record Subject(String name, String kind, List<String> command) {}

    public static void main(String[] given) throws IOException, GeneralSecurityException, InterruptedException {
        List<Subject> subjects = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(given[0]))) {
            String[] cells = line.split("\t");
            subjects.add(new Subject(cells[0], cells[1],
                    Stream.of(cells[2].split(" ")).map(each -> each.replace('\u001f', ' ')).toList()));
        }
        int rounds = Integer.parseInt(given[1]);
        try (StandIn standIn = given[3].equals("-")
                ? new StandIn()
                : new StandIn(Optional.of(shown(Path.of(given[3]))))) {
            ColdStart bench = new ColdStart(standIn, Path.of(given[2]));
            Subject scheduling = subjects.stream().filter(each -> each.name().equals("helper")).findFirst()
                    .orElseThrow();
            try (FunctionProcess helper = bench.start(scheduling)) {
                // Every client unpacks its native library into the same file of /tmp: one after the other.
                bench.stored(helper);
                for (int round = 0; round <= rounds; round++) {
                    for (Subject subject : subjects) {
                        if (subject != scheduling) {
                            // The first round fills the machine's file caches and does not count.
                            bench.measure(subject, helper, round > 0);
                        }
                    }
                }
            }
        }
    }

    private static SSLContext shown(Path trusted) throws IOException, GeneralSecurityException, InterruptedException {
        Certificates certificates = Certificates.of(trusted.getParent(), "IP:127.0.0.1");
        certificates.trusted(trusted);
        return certificates.server();
    }

    private FunctionProcess start(Subject subject) {
        Map<String, String> environment = standIn.environment();
        environment.put("RECEIVER", standIn.receiver(200));
        // A container is told one by one what it may see.
        List<String> command = subject.command().stream().flatMap(word -> word.equals("@environment")
                ? environment.keySet().stream().flatMap(name -> Stream.of("--env", name))
                : Stream.of(word)).toList();
        return new FunctionProcess(command, environment,
                new File("target/bench-coldstart/" + subject.name() + ".log"));
    }

    private void measure(Subject subject, FunctionProcess helper, boolean counts) throws IOException {
        String first = event(subject, helper);
        String second = event(subject, helper);
        long began = System.nanoTime();
        try (FunctionProcess process = start(subject)) {
            String answer = process.invoke(first);
            long answered = System.nanoTime();
            expect(subject, answer);
            expect(subject, process.invoke(second));
            long again = System.nanoTime();
            Matcher resident = RESIDENT
                    .matcher(Files.readString(Path.of("/proc/" + process.handle().pid() + "/status")));
            if (!resident.find()) {
                throw new IllegalStateException("no VmHWM");
            }
            if (counts) {
                System.out.println(
                        subject.name() + "\t" + (answered - began) / 1e6 + "\t" + (again - answered) / 1e3 + "\t"
                                + Long.parseLong(resident.group(1)) / 1024);
                System.out.flush();
            }
        }
    }

    private static void expect(Subject subject, String answer) {
        boolean good = switch (subject.kind()) {
            case "post", "far" -> answer.contains("201");
            case "wake" -> answer.contains("batchItemFailures\":[]") || answer.contains("{}");
            default -> true;
        };
        if (!good) {
            throw new IllegalStateException(
                    subject.name() + " answered " + answer + "; see its log in target/bench-coldstart");
        }
    }

    private String event(Subject subject, FunctionProcess helper) {
        return switch (subject.kind()) {
            case "post", "bytes" -> post("PT20S");
            case "far" -> post("PT20H");
            // A task that is due now: the wait for its second is no part of a start.
            case "wake" -> read("timer-queue-event.json").replaceAll("01JD5ZK6E0R9W1V8M3Q7T2X4YB", stored(helper));
            default -> throw new IllegalArgumentException(subject.kind());
        };
    }

    private String stored(FunctionProcess helper) {
        String answer = helper.invoke(post("PT0S"));
        Matcher id = ID.matcher(answer);
        if (!id.find()) {
            throw new IllegalStateException("no task was stored: " + answer);
        }
        return id.group(1);
    }

    private String post(String delay) {
        return read("schedule-task-event.json").replace("PT5S", delay)
                .replace("http://localhost:3000/_local/inbox/hello", standIn.receiver(200))
                .replace("4711", Instant.now().toString());
    }

    private String read(String name) {
        try {
            return Files.readString(events.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
