package io.taskscheduler.app;

import java.time.Duration;

/** What others may want to know of the reconciler's pace. */
public final class ReconcilerPace {

    private ReconcilerPace() {}

    /** How long a run goes on taking up new tasks. */
    public static Duration longestRun() {
        return ReconcileTasks.LONGEST;
    }
}
