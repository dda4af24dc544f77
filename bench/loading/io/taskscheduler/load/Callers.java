package io.taskscheduler.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many callers at once, each of whom asks again as soon as it was answered, first for a while that does not count. One that fails ends all
 * of it.
 */
final class Callers {
    private final int count;
    private final double warmUpSeconds;
    private final double seconds;
    private final Runnable begun;
    private final AtomicInteger overloaded = new AtomicInteger();

    /** @param begun is run when what counts begins */
    Callers(int count, double warmUpSeconds, double seconds, Runnable begun) {
        this.count = count;
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
        this.begun = begun;
    }

    /** One caller's way of asking once. */
    interface Call extends AutoCloseable {
        void make() throws Exception;

        @Override
        default void close() throws IOException {}
    }

    /** Makes a caller what it calls with, by its number. */
    interface Maker {
        Call of(int caller) throws Exception;
    }

    /** Milliseconds of every call that began and ended in the time that counts, ascending. */
    record Found(double[] millis, double seconds, int overloaded) {
        String json() {
            return """
                    {"calls": %d, "overloaded": %d, "per_second": %.2f, "p50": %.4f, "p90": %.4f, "p99": %.4f, "max": %.4f}"""
                    .formatted(
                            millis.length, overloaded, millis.length / seconds, at(50), at(90), at(99), at(100));
        }

        /** 0 when there was none. */
        double at(double share) {
            return millis.length == 0
                    ? 0
                    : millis[(int) Math.min(millis.length - 1, millis.length * share / 100)];
        }
    }

    Found run(Maker maker) throws Exception {
        List<Call> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < count; caller++) {
                calls.add(maker.of(caller));
            }
            long from = System.nanoTime() + (long) (warmUpSeconds * 1e9);
            long until = from + (long) (seconds * 1e9);
            AtomicBoolean broken = new AtomicBoolean();
            List<Future<double[]>> asking = calls.stream().map(call -> threads.submit(() -> {
                try {
                    return ask(call, from, until, broken);
                } catch (Exception e) {
                    broken.set(true);
                    throw e;
                }
            })).toList();
            Thread.sleep(Math.max(0, (from - System.nanoTime()) / 1_000_000));
            begun.run();
            List<double[]> all = new ArrayList<>();
            for (Future<double[]> each : asking) {
                all.add(each.get());
            }
            return new Found(all.stream().flatMapToDouble(Arrays::stream).sorted().toArray(), seconds,
                    overloaded.get());
        } finally {
            for (Call call : calls) {
                call.close();
            }
        }
    }

    private double[] ask(Call call, long from, long until, AtomicBoolean broken) throws Exception {
        double[] millis = new double[1024];
        int count = 0;
        long began = System.nanoTime();
        while (began < until && !broken.get()) {
            boolean answered = answered(call);
            long ended = System.nanoTime();
            // By its end: what is under way when the time begins makes up for what is when it ends.
            boolean counts = ended >= from && ended < until;
            if (counts && !answered) {
                overloaded.incrementAndGet();
            } else if (counts) {
                if (count == millis.length) {
                    millis = Arrays.copyOf(millis, count * 2);
                }
                millis[count++] = (ended - began) / 1e6;
            }
            began = ended;
        }
        return Arrays.copyOf(millis, count);
    }

    private static boolean answered(Call call) throws Exception {
        try {
            call.make();
            return true;
        } catch (Line.Overloaded overloaded) {
            return false;
        }
    }
}
