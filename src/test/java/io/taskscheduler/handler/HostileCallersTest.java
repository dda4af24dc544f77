package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.handler.http.OpenApiDocument;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.http.Authorizer;
import io.taskscheduler.local.http.Gateway;
import io.taskscheduler.local.http.LocalHttpServer;
import io.taskscheduler.local.lambda.AsyncEvents;
import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.RouteAuth;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.wiring.Settings.ApiAuth;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests on the wire, through the local gateway and Lambda's serialisers, to the handler: each has its end soon, and tells nothing of our inside. */
@Timeout(120)
class HostileCallersTest {

    private static final Path TABLE = Path.of("target", "abuse-callers.txt");
    private static final List<String> ROWS = new CopyOnWriteArrayList<>();
    // What is no HTTP the JDK's server refuses by itself. On AWS it does not come as far as to us.
    private static final String OF_THE_LOCAL_SERVER = "<h1>400 Bad Request</h1>";
    private static final int MOST_ANSWERED = 1 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int SLOW_CALLERS = 200;
    private static final double MOST_RATIO = 3;

    private final VirtualClock clock = new VirtualClock(() -> Tasks.CREATED);
    private final Agenda agenda = new Agenda(clock);
    private final List<AutoCloseable> open = new ArrayList<>();
    private int port;

    private record Answered(String outcome, String text, Duration took) {}

    @BeforeEach
    void start() throws IOException {
        ScheduleTaskHandler handler = new ScheduleTaskHandler(
                InMemory.useCases(new InMemoryTaskStore(), new RecordingTimers(), clock),
                OpenApiDocument.inForce(ApiAuth.NONE, Optional.empty()), Webhooks.RULES, clock,
                new Log(clock, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)));
        FunctionResource resource = new FunctionResource("F", "F", "arn:F", "a.B", Duration.ofSeconds(29), 128,
                Map.of(), OptionalInt.empty(), new FunctionResource.AsyncPolicy(2, Duration.ofHours(6),
                        Optional.empty(), Optional.empty(), Optional.empty()));
        Functions functions = new Functions(List.of(new LocalFunction(resource, any -> handler)), agenda, clock,
                AsyncEvents.inMemory(), (arn, body, attributes) -> {});
        List<RouteResource> routes = List.of(route("POST /schedule-task"), route("POST /schedule-tasks"),
                route("GET /tasks"), route("GET /tasks/{task_id}"), route("$default"));
        LocalHttpServer server = LocalHttpServer.start("127.0.0.1", 0, new Gateway(routes, Optional.empty(),
                (auth, request) -> new Authorizer.Verdict.Allowed(Optional.empty()), functions, clock,
                "123456789012"));
        port = server.port();
        open.addAll(List.of(agenda, server));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.taskscheduler.handler.HostileCaller#all")
    void a_hostile_request_has_its_end_and_tells_nothing(HostileCaller hostile) throws IOException {
        Answered answered = call(hostile.onTheWire());
        row(hostile.name(), hostile.request().length(), answered);

        assertThat(answered.outcome()).isEqualTo(hostile.outcome());
        if (!answered.text().contains(OF_THE_LOCAL_SERVER)) {
            assertThat(answered.text()).doesNotContain("Exception", "tools.jackson", "java.", "StreamRead");
        }
        assertThat(answered.text()).hasSizeLessThan(MOST_ANSWERED);
        assertThat(answered.took()).isLessThan(LONGEST);
    }

    @Test
    void names_that_collide_do_not_have_the_next_callers_names_refused() throws IOException {
        String many = "{"
                + IntStream.range(0, 10_000).mapToObj(i -> "\"member" + i + "\": 1").collect(Collectors.joining(","))
                + "}";
        for (int i = 0; i < 20; i++) {
            call(HostileCaller.post("/schedule-tasks", Requests.bytes(HostileCaller.members(50_000, true))));
            call(HostileCaller.post("/schedule-task", Requests.bytes(HostileCaller.members(5_000, true))));
        }

        assertThat(call(HostileCaller.post("/schedule-task", Requests.bytes(many))).text()).contains(" more faults");
    }

    @Test
    void names_of_one_hash_take_no_longer_than_others() throws IOException {
        byte[] colliding = HostileCaller.post("/schedule-tasks", Requests.bytes(HostileCaller.members(50_000, true)));
        byte[] others = HostileCaller.post("/schedule-tasks", Requests.bytes(HostileCaller.members(50_000, false)));
        List<Duration> with = new ArrayList<>();
        List<Duration> without = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            without.add(call(others).took());
            with.add(call(colliding).took());
        }

        double ratio = (double) median(with).toNanos() / median(without).toNanos();
        ROWS.add("50,000 names of one hash: %d ms, of their own: %d ms, ratio %.2f".formatted(median(with).toMillis(),
                median(without).toMillis(), ratio));
        assertThat(ratio).isLessThan(MOST_RATIO);
    }

    @Test
    void callers_that_send_a_byte_at_a_time_do_not_keep_others_waiting() throws IOException {
        byte[] request = HostileCaller.post("/schedule-task", Requests.bytes(BadRequests.payload("")));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_CALLERS; i++) {
            Socket socket = connect();
            open.add(socket);
            slow.add(socket);
        }
        // All in their heads first, then all in their bodies.
        for (int sent = 0; sent < request.length - 1; sent++) {
            for (Socket each : slow) {
                each.getOutputStream().write(request[sent]);
            }
            if (sent == 10 || sent == request.length - 10) {
                Answered other = call(request);
                row(SLOW_CALLERS + " at a byte at a time, byte " + sent, request.length, other);
                assertThat(other.outcome()).isEqualTo("201");
                assertThat(other.took()).isLessThan(LONGEST);
            }
        }
        for (Socket each : slow) {
            each.getOutputStream().write(request[request.length - 1]);
        }
        for (Socket each : slow) {
            assertThat(outcome(each.getInputStream().readAllBytes())).isEqualTo("201");
        }
    }

    @AfterAll
    static void print() throws IOException {
        Files.createDirectories(TABLE.toAbsolutePath().getParent());
        Files.writeString(TABLE,
                "caller                                |  bytes sent | outcome | answered |    ms%n%s%n"
                        .formatted(String.join(System.lineSeparator(), ROWS)));
    }

    private static void row(String name, int sent, Answered answered) {
        ROWS.add("%-37s | %11d | %-7s | %8d | %5d".formatted(name, sent, answered.outcome(), answered.text().length(),
                answered.took().toMillis()));
    }

    private Answered call(byte[] request) throws IOException {
        long begun = System.nanoTime();
        try (Socket socket = connect()) {
            Thread sending = Thread.ofVirtual().start(() -> send(socket, request));
            byte[] answer = read(socket);
            sending.interrupt();
            return new Answered(outcome(answer), new String(answer, StandardCharsets.UTF_8),
                    Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
        } catch (IOException refused) {
            // What has been answered by then is what counts.
        }
    }

    private static byte[] read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    private static String outcome(byte[] answer) {
        String text = new String(answer, 0, Math.min(12, answer.length), StandardCharsets.ISO_8859_1);
        return text.startsWith("HTTP/1.1 ") ? text.substring("HTTP/1.1 ".length()) : "closed";
    }

    private static Duration median(List<Duration> times) {
        // The first are the warm-up.
        return times.stream().skip(times.size() / 3).sorted().skip(times.size() / 3).findFirst().orElseThrow();
    }

    private static RouteResource route(String key) {
        return new RouteResource("R", key, "F", Duration.ofSeconds(30), new RouteAuth.None());
    }
}
