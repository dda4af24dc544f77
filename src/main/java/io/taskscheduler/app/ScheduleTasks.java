package io.taskscheduler.app;

import io.taskscheduler.app.ScheduleTask.Outcome;
import io.taskscheduler.app.port.Pause;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Accepts several tasks, each as {@link ScheduleTask} does it, some of them at a time. What becomes of one is nothing to the others. One that a
 * service did not answer is tried again, as the same task, for as long as there is time.
 *
 * <p>It answers within {@link #LONGEST}. Whatever has no outcome by then counts as not accepted; as when this process dies, a whole task may have
 * been left behind.
 */
public final class ScheduleTasks {

    /** Below the function's time-out by what it takes to answer. */
    public static final Duration LONGEST = Duration.ofSeconds(20);

    /** From then on nothing is tried again: the rest of the time is for calls that are answered late. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    /** Fewer than the connections to a service that a function keeps: none has to begin TLS anew. */
    static final int AT_ONCE = 10;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ScheduleTask scheduleTask;
    private final Pause pause;
    private final InstantSource clock;

    public ScheduleTasks(ScheduleTask scheduleTask, Pause pause, InstantSource clock) {
        this.scheduleTask = scheduleTask;
        this.pause = pause;
        this.clock = clock;
    }

    /** One of them. */
    public sealed interface Wish {

        /** A task. */
        record New(Order order, Optional<RequestKey> key) implements Wish {}

        /** What an earlier request with the key has made, since this one cannot be done. */
        record Again(RequestKey key) implements Wish {}
    }

    /** The outcomes in the order of the wishes; empty where nothing was to be made and nothing had been. */
    public List<Optional<Outcome>> schedule(List<Wish> wishes, Caller by, Instant now) {
        long begun = System.nanoTime();
        List<Callable<Optional<Outcome>>> tries = wishes.stream()
                .<Callable<Optional<Outcome>>>map(wish -> () -> switch (wish) {
                    case Wish.New(Order order, Optional<RequestKey> key) ->
                        Optional.of(untilAnswered(oneTry(order, key, by, now), begun));
                    case Wish.Again(RequestKey key) -> scheduleTask.recall(key, now).map(Outcome.Repeated::new);
                }).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            return threads.invokeAll(tries, LONGEST.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .map(ScheduleTasks::outcome).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tasks were being scheduled", e);
        }
    }

    private Supplier<Outcome> oneTry(Order order, Optional<RequestKey> key, Caller by, Instant now) {
        if (key.isPresent()) {
            return () -> scheduleTask.schedule(order, key.get(), by, now);
        }
        Task draft = scheduleTask.draft(order, by, now);
        return () -> scheduleTask.keep(draft);
    }

    private Outcome untilAnswered(Supplier<Outcome> oneTry, long begun) {
        Outcome outcome = oneTry.get();
        for (Duration wait = FIRST_PAUSE; outcome instanceof Outcome.NotAccepted; wait = wait.multipliedBy(2)) {
            if (Duration.ofNanos(System.nanoTime() - begun).plus(wait).compareTo(PATIENCE) > 0) {
                return outcome;
            }
            pause.until(clock.instant().plus(wait));
            outcome = oneTry.get();
        }
        return outcome;
    }

    private static Optional<Outcome> outcome(Future<Optional<Outcome>> ended) {
        return switch (ended.state()) {
            case SUCCESS -> ended.resultNow();
            case FAILED -> Optional.of(
                    new Outcome.NotAccepted(new Unavailable("a task was not scheduled", ended.exceptionNow())));
            case CANCELLED, RUNNING -> Optional.of(
                    new Outcome.NotAccepted(new Unavailable("a task was not scheduled in time",
                            new CancellationException("no outcome after " + LONGEST))));
        };
    }
}
