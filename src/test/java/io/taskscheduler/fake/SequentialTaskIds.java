package io.taskscheduler.fake;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Ids that a test can foresee: the millisecond in their first half, a counter in the second. */
public final class SequentialTaskIds implements TaskIds {

    private final AtomicInteger next = new AtomicInteger();

    @Override
    public TaskId next(Instant now) {
        return new TaskId(String.format("0%013d%012d", now.toEpochMilli(), next.incrementAndGet()));
    }
}
