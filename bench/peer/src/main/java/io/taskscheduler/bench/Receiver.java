package io.taskscheduler.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;

/**
 * Takes webhooks at {@code /hook} and answers 200 at once. {@code /count} says how many tasks called, {@code /calls} who and
 * when: a line to each call, its webhook-id and the microseconds since 1970 at which its head was read.
 */
public final class Receiver {
    private final InstantSource clock;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Set<String> tasks = ConcurrentHashMap.newKeySet();

    private Receiver(InstantSource clock) {
        this.clock = clock;
    }

    private record Call(String task, Instant at) {
        String line() {
            return task + " " + ChronoUnit.MICROS.between(Instant.EPOCH, at);
        }
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Receiver receiver = new Receiver(InstantSource.system());
        new Endpoint().on("/hook", receiver::take).on("/count", _ -> String.valueOf(receiver.tasks.size()))
                .on("/calls", _ -> receiver.calls.stream().map(Call::line).collect(Collectors.joining("\n"))).serve();
        System.exit(0);
    }

    private String take(HttpExchange exchange) throws IOException {
        Instant at = clock.instant();
        String task = exchange.getRequestHeaders().getFirst("webhook-id");
        calls.add(new Call(task, at));
        tasks.add(task);
        Endpoint.body(exchange);
        return "";
    }
}
