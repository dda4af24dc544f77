package io.taskscheduler.fake;

import io.taskscheduler.app.port.Actions;
import io.taskscheduler.domain.AttemptResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Actions that give the results they were told to, in turn; the last one stays. */
public final class ScriptedActions implements Actions {

    private final Deque<AttemptResult> results;
    private final List<Attempt> performed = new ArrayList<>();
    private final Runnable during;

    public ScriptedActions(AttemptResult... results) {
        this(() -> {}, results);
    }

    /** @param during runs while the action is being carried out */
    public ScriptedActions(Runnable during, AttemptResult... results) {
        this.results = new ArrayDeque<>(List.of(results));
        this.during = during;
    }

    @Override
    public synchronized AttemptResult perform(Attempt attempt) {
        performed.add(attempt);
        during.run();
        return results.size() > 1 ? results.remove() : results.element();
    }

    public synchronized List<Attempt> performed() {
        return List.copyOf(performed);
    }
}
