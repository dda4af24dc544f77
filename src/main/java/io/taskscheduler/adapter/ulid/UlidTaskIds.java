package io.taskscheduler.adapter.ulid;

import com.github.f4b6a3.ulid.UlidCreator;
import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.TaskId;
import java.time.Instant;

/** ULIDs: 48 bits of time and 80 bits from a secure random source, drawn for each id, so that no two functions share a state. */
public final class UlidTaskIds implements TaskIds {

    @Override
    public TaskId next(Instant now) {
        return new TaskId(UlidCreator.getUlid(now.toEpochMilli()).toString());
    }
}
