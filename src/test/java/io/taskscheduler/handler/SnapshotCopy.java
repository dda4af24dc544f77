package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A process that stands for one of the copies that are made of a snapshot. Until it is told the copy's number, all of them do the same on the same
 * clock and draw the same random bytes: whatever one of them still has of that time, the others have too. Then hours have passed, names lead
 * elsewhere, and the bytes are its own.
 */
final class SnapshotCopy {

    static final Instant TAKEN_AT = Instant.parse("2027-05-17T15:00:00Z");
    static final Duration PASSED = Duration.ofHours(6);

    private static final Draws DRAWS = new Draws();

    private SnapshotCopy() {}

    public static void main(String[] arguments) throws Exception {
        Security.insertProviderAt(new Drawing(), 1);
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ManualClock clock = new ManualClock(TAKEN_AT);
        Hooks hooks = new Hooks();
        Components components = Snapshot.warm(
                new Components(Settings.from(System.getenv()), clock, clock, UnaryOperator.identity()), hooks);
        ScheduleTaskHandler scheduleTask = new ScheduleTaskHandler(components);
        ExecuteTaskHandler executeTask = new ExecuteTaskHandler(components);
        System.gc();
        hooks.beforeCheckpoint(hooks);
        System.out.println("TAKEN " + Names.ASKED.get());
        long copy = Long.parseLong(told.readLine());
        clock.advance(PASSED);
        Names.moved = true;
        DRAWS.become(copy);
        hooks.afterRestore(hooks);
        APIGatewayV2HTTPResponse answer = scheduleTask.answer(Requests.schedule(
                "{\"action\":\"webhook\",\"delay\":\"PT0S\",\"payload\":{\"url\":\"" + System.getenv("RECEIVER")
                        + "\"}}"));
        String id = answer.getBody().replaceFirst("(?s).*\"task_id\":\"([^\"]*)\".*", "$1");
        System.out.println("ANSWERED " + answer.getStatusCode() + " " + id);
        System.out.println("EXECUTED " + execute(executeTask, id));
        System.out.println("ASKED " + Names.ASKED.get());
        System.exit(0);
    }

    private static String execute(ExecuteTaskHandler handler, String id) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(("{\"Records\":[{\"messageId\":\"m\",\"body\":\"{\\\"source\\\":"
                + "\\\"custom.timer\\\",\\\"detail\\\":{\\\"taskId\\\":\\\"" + id + "\\\",\\\"wakeUp\\\":1}}\"}]}")
                .getBytes(StandardCharsets.UTF_8)), answer, new NoContext());
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Random bytes that a seed decides. */
    private static final class Draws {

        private Random random = new Random(1);

        synchronized void become(long copy) {
            random = new Random(1_000 + copy);
        }

        synchronized void fill(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }

    private static final class Drawing extends Provider {

        private static final long serialVersionUID = 1L;

        Drawing() {
            super("Drawing", "1", "random bytes of a snapshot");
            putService(new Service(this, "SecureRandom", "Drawing", "", null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Drawn();
                }
            });
        }
    }

    private static final class Drawn extends SecureRandomSpi {

        private static final long serialVersionUID = 1L;

        @Override
        protected void engineSetSeed(byte[] seed) {}

        @Override
        protected void engineNextBytes(byte[] bytes) {
            DRAWS.fill(bytes);
        }

        @Override
        protected byte[] engineGenerateSeed(int length) {
            byte[] seed = new byte[length];
            DRAWS.fill(seed);
            return seed;
        }
    }

    /** What the process looks names up with. */
    public static final class Names extends InetAddressResolverProvider {

        private static final AtomicInteger ASKED = new AtomicInteger();
        private static volatile boolean moved;

        @Override
        public String name() {
            return "names";
        }

        @Override
        public InetAddressResolver get(Configuration configuration) {
            InetAddressResolver system = configuration.builtinResolver();
            return new InetAddressResolver() {
                @Override
                public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                    ASKED.incrementAndGet();
                    return host.endsWith(".test")
                            ? Stream.of(InetAddress.getByAddress(host, new byte[]{127, 0, 0, (byte) (moved ? 2 : 1)}))
                            : system.lookupByName(host, policy);
                }

                @Override
                public String lookupByAddress(byte[] address) throws UnknownHostException {
                    return system.lookupByAddress(address);
                }
            };
        }
    }
}
