package io.taskscheduler.adapter.dynamodb;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Calls that wait side by side. */
final class AtOnce {

    private AtOnce() {}

    /** The results for 0, 1, … in order. When one throws, so does this, after all have ended. */
    static <T> List<T> all(int count, IntFunction<T> call) {
        List<Callable<T>> calls = IntStream.range(0, count).<Callable<T>>mapToObj(i -> () -> call.apply(i)).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls).stream().map(AtOnce::result).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calls were being waited for", e);
        }
    }

    private static <T> T result(Future<T> ended) {
        if (ended.state() == Future.State.SUCCESS) {
            return ended.resultNow();
        }
        throw switch (ended.exceptionNow()) {
            case RuntimeException e -> e;
            case Throwable e -> new IllegalStateException(e);
        };
    }
}
