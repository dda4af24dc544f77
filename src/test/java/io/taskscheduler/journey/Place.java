package io.taskscheduler.journey;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a task stands after a line of its history, by the API's words, and which line may follow. */
enum Place {
    NOTHING, WAITING, RUNNING, SUCCEEDED, NOT_SUCCEEDED, LOST, COMPLETED, FAILED, EXPIRED, CANCELLED,
    /** The lines that would say are gone. */
    SOMEWHERE;

    private static final Map<String, Place> AGAIN = Map.of("task_run_again", WAITING);

    private static final Map<Place, Map<String, Place>> MOVES = Map.of(
            NOTHING, Map.of("task_scheduled", WAITING, "task_failed", FAILED),
            WAITING, Map.of("attempt_started", RUNNING, "task_expired", EXPIRED, "task_failed", FAILED,
                    "task_cancelled", CANCELLED, "task_edited", WAITING, "task_rescheduled", WAITING,
                    "retry_scheduled", WAITING),
            RUNNING, Map.of("attempt_succeeded", SUCCEEDED, "attempt_failed", NOT_SUCCEEDED, "attempt_lost", LOST),
            SUCCEEDED, Map.of("task_completed", COMPLETED),
            NOT_SUCCEEDED, Map.of("retry_scheduled", WAITING, "task_failed", FAILED),
            LOST, Map.of("attempt_started", RUNNING, "task_failed", FAILED, "task_cancelled", CANCELLED,
                    "task_edited", LOST, "task_rescheduled", WAITING),
            COMPLETED, AGAIN, FAILED, AGAIN, EXPIRED, AGAIN, CANCELLED, AGAIN);

    /** The status at a history's end; where there is none it cannot end, because one write stores both lines. */
    private static final Map<Place, String> STATUS = Map.of(WAITING, "scheduled", LOST, "scheduled", RUNNING,
            "running", COMPLETED, "completed", FAILED, "failed", EXPIRED, "expired", CANCELLED, "cancelled");

    private static final Set<Place> ENDS = Set.of(COMPLETED, FAILED, EXPIRED, CANCELLED);

    /** Empty when such a line cannot follow. */
    Optional<Place> after(String type) {
        if (this != SOMEWHERE) {
            return Optional.ofNullable(MOVES.getOrDefault(this, Map.of()).get(type));
        }
        return WAITING.after(type).or(() -> RUNNING.after(type)).or(() -> SUCCEEDED.after(type))
                .or(() -> COMPLETED.after(type));
    }

    String status() {
        return STATUS.getOrDefault(this, "none");
    }

    boolean isEnd() {
        return ENDS.contains(this);
    }
}
