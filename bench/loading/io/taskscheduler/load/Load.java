package io.taskscheduler.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What bench/load measures with: reads a command from each line of its standard input and answers with lines of JSON. {@code WORK CALLERS WARM-UP
 * SECONDS ARGUMENTS…} says {@code {"begun": true}} when what counts begins, and what was found at the end; {@code fill STORE QUEUES TABLE
 * COUNT}, {@code queue QUEUES NAME}, {@code grow ROUNDS WARM-UP API…} and {@code soak API RATE SECONDS} answer once.
 */
public final class Load {
    private final InstantSource clock = InstantSource.system();
    private final WebhookReceiver receiver;
    private final AtomicLong number = new AtomicLong();

    private Load(WebhookReceiver receiver) {
        this.receiver = receiver;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver();
                BufferedReader commands = new BufferedReader(
                        new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            say("{\"receiver\": \"%s\"}".formatted(receiver.url()));
            Load load = new Load(receiver);
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                say(load.carriedOut(line.strip().split(" ")));
            }
        }
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private String carriedOut(String[] words) throws Exception {
        return switch (words[0]) {
            case "fill" -> filled(words);
            case "soak" -> new Soak(URI.create(words[1]), receiver).run(Double.parseDouble(words[2]),
                    Double.parseDouble(words[3]));
            case "grow" -> grown(words);
            case "queue" -> "{\"url\": \"%s\"}".formatted(BareStore.queue(URI.create(words[1]), words[2]));
            default -> new Callers(Integer.parseInt(words[1]), Double.parseDouble(words[2]),
                    Double.parseDouble(words[3]), () -> say("{\"begun\": true}")).run(work(words)).json();
        };
    }

    /** {@code fill STORE QUEUES TABLE COUNT}. */
    private static String filled(String[] words) throws Exception {
        long began = System.nanoTime();
        new BareStore(URI.create(words[1]), URI.create(words[2]), words[3]).fill(Integer.parseInt(words[4]));
        return "{\"seconds\": %.1f}".formatted((System.nanoTime() - began) / 1e9);
    }

    private Callers.Maker work(String[] words) {
        URI at = URI.create(words[4]);
        return switch (words[0]) {
            case "limit" -> caller -> kept(line -> line.ask("POST", "/", Orders.of("PT14M", at + "/hook"), 200), at);
            case "schedule" ->
                caller -> kept(line -> line.ask("POST", "/schedule-task", Orders.of("PT14M", words[5]), 201),
                        at);
            case "execute" -> caller -> kept(this::execute, at);
            case "list" -> caller -> kept(line -> line.ask("GET", "/tasks?limit=100", "", 200), at);
            case "peer-schedule" -> caller -> kept(
                    line -> line.ask("POST", "/tasks", peerTask(Duration.ofDays(365)).line(), 200), at);
            case "peer-execute" -> caller -> kept(this::peerExecute, at);
            case "bare-schedule", "bare-both", "bare-execute", "bare-list", "bare-view" -> {
                BareStore bare = new BareStore(at, URI.create(words[5]), words[6]);
                yield caller -> bare(bare, words[0]);
            }
            default -> throw new IllegalArgumentException("no such work: " + words[0]);
        };
    }

    private static Callers.Call bare(BareStore bare, String work) {
        return switch (work) {
            case "bare-schedule" -> bare.put();
            case "bare-both" -> bare.putAndSend();
            case "bare-execute" -> bare.life();
            case "bare-view" -> bare.read();
            default -> bare.page();
        };
    }

    /** What is asked on a connection. */
    private interface Question {
        void on(Line line) throws Exception;
    }

    private static Callers.Call kept(Question question, URI at) throws IOException {
        Line line = new Line(at, Orders.JSON);
        return new Callers.Call() {
            @Override
            public void make() throws Exception {
                question.on(line);
            }

            @Override
            public void close() throws IOException {
                line.close();
            }
        };
    }

    /** Schedules a task for now, and waits for its webhook. */
    private void execute(Line line) throws Exception {
        String mark = Long.toString(number.incrementAndGet());
        receiver.await(mark,
                () -> line.ask("POST", "/schedule-task", Orders.of("PT0S", receiver.url() + "/hook/" + mark), 201));
    }

    private void peerExecute(Line line) throws Exception {
        PeerTask task = peerTask(Duration.ZERO);
        receiver.await(task.id(), () -> line.ask("POST", "/tasks", task.line(), 200));
    }

    private record PeerTask(String id, Instant due) {
        String line() {
            return id + " " + due.toEpochMilli();
        }
    }

    private PeerTask peerTask(Duration ahead) {
        return new PeerTask(UUID.randomUUID().toString(), clock.instant().plus(ahead));
    }

    /** {@code queue QUEUES NAME}, {@code grow ROUNDS WARM-UP API…}. */
    private static String grown(String[] words) throws IOException {
        List<URI> systems = Arrays.stream(words).skip(3).map(URI::create).toList();
        return new Growth(systems, Integer.parseInt(words[1])).measure(Integer.parseInt(words[2]));
    }
}
