package io.taskscheduler.fake;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Ids that a test can foresee: the millisecond in their first half, a counter in the second; or 1 and a part of the key's hash. */
public final class SequentialTaskIds implements TaskIds {

    private final AtomicInteger next = new AtomicInteger();

    @Override
    public TaskId next(Instant now) {
        return new TaskId(String.format("0%013d%012d", now.toEpochMilli(), next.incrementAndGet()));
    }

    @Override
    public TaskId of(String key) {
        UUID hash = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        return new TaskId("1" + hash.toString().replace("-", "").substring(0, 25));
    }
}
