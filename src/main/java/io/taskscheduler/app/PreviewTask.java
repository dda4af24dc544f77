package io.taskscheduler.app;

import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.app.port.Preflight;
import io.taskscheduler.app.port.Preflight.Address;
import io.taskscheduler.app.port.Preflight.Request;
import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.app.port.TaskSizes;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what scheduling a task would lead to. Nothing is stored, and no key is looked up or remembered. */
public final class PreviewTask {

    /** How much later than its time a timer fires where the minute is enough. */
    private static final Duration WITHIN_THE_MINUTE = Duration.ofMinutes(1);

    private final TaskIds ids;
    private final Preflight preflight;
    private final TaskSizes sizes;

    public PreviewTask(TaskIds ids, Preflight preflight, TaskSizes sizes) {
        this.ids = ids;
        this.preflight = preflight;
        this.sizes = sizes;
    }

    /**
     * What would happen.
     *
     * @param task     as it would be stored; without a key the real one will have another id
     * @param attempts all that may be made
     * @param request  of the first of them
     * @param address  where it would go by now
     * @param cost     of a first attempt that succeeds
     */
    public record Preview(Task task, List<Window> attempts, Request request, Address address, Cost cost) {}

    /**
     * When an attempt is made, should those before it fail: at the earliest when they fail at once, at the latest when each takes its whole time,
     * in both cases without a {@code Retry-After} and in a system that is not overloaded.
     */
    public record Window(int attempt, Instant earliest, Instant latest) {}

    public Preview preview(Order order, Optional<RequestKey> key, Caller by, Instant now) {
        TaskId id = key.map(request -> ids.of(request.value())).orElseGet(() -> ids.next(now));
        Task task = Task.schedule(id, 1, order, key.map(RequestKey::bodyHash), by, now);
        Attempt first = new Attempt(id, order.action(), 1, order.runAt(), false, by.traceparent());
        List<Window> windows = windows(order, now);
        Request request = preflight.request(first, windows.getFirst().earliest());
        return new Preview(task, windows, request, preflight.address(order.action()),
                Cost.of(task, sizes, now));
    }

    private static List<Window> windows(Order order, Instant now) {
        RetryPolicy retry = order.retry();
        Duration blur = order.precision() == Precision.MINUTE ? WITHIN_THE_MINUTE : Duration.ZERO;
        Instant earliest = order.runAt().isBefore(now) ? now : order.runAt();
        Instant latest = earliest.plus(blur);
        List<Window> windows = new ArrayList<>(List.of(new Window(1, earliest, latest)));
        for (int attempt = 1; attempt < retry.maxAttempts(); attempt++) {
            earliest = earliest.plus(retry.leastDelayAfter(attempt));
            latest = latest.plus(order.action().timeout()).plus(retry.mostDelayAfter(attempt)).plus(blur);
            windows.add(new Window(attempt + 1, earliest, latest));
        }
        return windows;
    }
}
