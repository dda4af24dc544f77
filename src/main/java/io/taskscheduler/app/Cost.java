package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskSizes;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.WokenBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a task costs whose first attempt succeeds, by AWS's list prices of us-east-1 in November 2026: the API, the functions' invocations, the
 * table and the timer. What comes on top is the functions' running time, which depends on their memory and on the receiver, and logs.
 *
 * @param nanoUsd    billionths of a dollar, for this one task
 * @param writeUnits of the table and its index
 * @param calls      of AWS services
 */
public record Cost(long nanoUsd, long writeUnits, int calls) {

    // From AWS's price pages: a thousand is a dollar for a million. A message is sent, received and deleted.
    private static final long API_REQUEST = 1_000;
    private static final long INVOCATION = 200;
    private static final long WRITE_UNIT = 625;
    private static final long READ_UNIT = 125;
    private static final long MESSAGE = 1_200;
    private static final long SCHEDULE = 1_000;

    private static final int WRITE_UNIT_BYTES = 1_024;
    private static final int READ_UNIT_BYTES = 4 * 1_024;
    private static final int WRITES = 3;

    /** As long as those that leases are given. */
    private static final String HOLDER = "00000000-0000-0000-0000-000000000000";

    /** How often a task's way takes what. */
    private record Way(int messages, int schedules, int runs) {

        static Way of(Task task, Instant now) {
            boolean isFar = Duration.between(now, task.runAt()).compareTo(NearAndFarTimers.HORIZON) > 0;
            if (!isFar) {
                return new Way(1, 0, 1);
            }
            return task.order().precision() == Precision.SECOND ? new Way(1, 1, 2) : new Way(0, 1, 1);
        }
    }

    /** Of a new task. */
    static Cost of(Task task, TaskSizes sizes, Instant now) {
        Way way = Way.of(task, now);
        Task running = claimed(task);
        // The entry in the index is made with the task, and takes another place when it ends.
        long writes = units(task, sizes, WRITE_UNIT_BYTES) + 1 + units(running, sizes, WRITE_UNIT_BYTES)
                + units(completed(running), sizes, WRITE_UNIT_BYTES) + 2;
        long reads = way.runs() * units(task, sizes, READ_UNIT_BYTES);
        long nanoUsd = API_REQUEST + INVOCATION * (1 + way.runs()) + WRITE_UNIT * writes + READ_UNIT * reads
                + MESSAGE * way.messages() + SCHEDULE * way.schedules();
        return new Cost(nanoUsd, writes, WRITES + way.runs() + way.messages() + way.schedules());
    }

    private static long units(Task task, TaskSizes sizes, int unit) {
        return Math.ceilDiv(sizes.bytes(task), unit);
    }

    private static Task claimed(Task task) {
        if (task.claim(HOLDER, WokenBy.TIMER, task.runAt()) instanceof Claim.Granted granted) {
            return granted.transition().after();
        }
        throw new IllegalStateException("a new task can be claimed at its time");
    }

    private static Task completed(Task running) {
        Response success = new Response(running.runAt(), Duration.ofMillis(100), 200, "", Optional.empty());
        if (running.settle(HOLDER, 1, success, 0,
                running.runAt().plusMillis(100)) instanceof Settlement.Settled settled) {
            return settled.transition().after();
        }
        throw new IllegalStateException("a claimed task can be settled");
    }
}
