package io.taskscheduler.load;

import java.io.IOException;
import java.net.URI;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Schedules tasks at an even pace, whether the ones before were answered or not. Each is due two seconds later; every tenth is viewed, found in the list
 * and, if it still waits, cancelled.
 */
final class Soak {
    private static final String SOON = "PT2S";
    private static final String LATER = "PT30S";
    private static final int OTHER_CALLS_EVERY = 10;
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final URI api;
    private final WebhookReceiver receiver;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    /** Accepted and not cancelled: each owes a webhook. */
    private final Set<String> owing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger scheduled = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Soak(URI api, WebhookReceiver receiver) {
        this.api = api;
        this.receiver = receiver;
    }

    String run(double perSecond, double seconds) throws IOException {
        long before = receiver.received();
        long repeatedBefore = receiver.repeated();
        long began = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < perSecond * seconds; number++) {
                long when = began + (long) (number * 1e9 / perSecond);
                while (System.nanoTime() < when) {
                    LockSupport.parkNanos(when - System.nanoTime());
                }
                int own = number;
                threads.submit(() -> ask(own));
            }
        }
        long until = System.nanoTime() + SETTLING_NANOS;
        while (lost() > 0 && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        for (Line line : lines) {
            line.close();
        }
        Callers.Found found = new Callers.Found(millis.stream().mapToDouble(each -> each).sorted().toArray(), seconds,
                0);
        return """
                {"scheduled": %d, "cancelled": %d, "webhooks": %d, "lost": %d, "repeated": %d, "failed": %d, "schedule": %s}"""
                .formatted(scheduled.get(), cancelled.get(), receiver.received() - before, lost(),
                        receiver.repeated() - repeatedBefore, failed.get(), found.json());
    }

    private long lost() {
        return owing.stream().filter(task -> !receiver.has(task)).count();
    }

    private void ask(int number) {
        boolean more = number % OTHER_CALLS_EVERY == 0;
        try {
            Line line = lines.poll();
            line = line == null ? new Line(api, Orders.JSON) : line;
            long began = System.nanoTime();
            String task = Orders.schedule(line, more ? LATER : SOON, receiver.url() + "/soak");
            millis.add((System.nanoTime() - began) / 1e6);
            scheduled.incrementAndGet();
            owing.add(task);
            if (more) {
                line.ask("GET", "/tasks/" + task, "", 200);
                line.ask("GET", "/tasks?limit=10", "", 200);
                line.ask("DELETE", "/tasks/" + task, "", 200);
                owing.remove(task);
                cancelled.incrementAndGet();
            }
            lines.add(line);
        } catch (IOException e) {
            failed.incrementAndGet();
            System.err.println("task " + number + ": " + e);
        }
    }
}
