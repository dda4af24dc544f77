package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.app.ReconcileTasks;
import io.taskscheduler.app.ReconcileTasks.Report;
import io.taskscheduler.domain.Recovery.Orphan;
import io.taskscheduler.handler.Metrics.Value;
import io.taskscheduler.wiring.Components;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Wakes what nobody sees to, each minute. The event says nothing. What was found and done is told as metrics, also when it is nothing: an alarm
 * sees that the numbers stop.
 */
public final class ReconcileTasksHandler implements RequestStreamHandler {

    private final ReconcileTasks reconcileTasks;
    private final Metrics metrics;

    /** What Lambda calls. */
    public ReconcileTasksHandler() {
        this(Components.ofEnvironment());
    }

    public ReconcileTasksHandler(Components components) {
        this(components.reconcileTasks(),
                new Metrics(components.settings().tableName(), components.clock(), System.out));
    }

    ReconcileTasksHandler(ReconcileTasks reconcileTasks, Metrics metrics) {
        this.reconcileTasks = reconcileTasks;
        this.metrics = metrics;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) {
        Report report = report();
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("OverdueTasks", Value.count(report.overdue()));
        values.put("OldestOverdueTask", Value.seconds(report.oldestOverdue().toSeconds()));
        values.put("OverdueTasksLeft", Value.count(report.left()));
        values.put("RepairedNotStarted", woken(report, Orphan.NOT_STARTED));
        values.put("RepairedNotRetried", woken(report, Orphan.NOT_RETRIED));
        values.put("RepairedAttemptLost", woken(report, Orphan.ATTEMPT_LOST));
        values.put("EndedByReconciler", Value.count(report.ended()));
        metrics.put(values);
    }

    private Report report() {
        try {
            return reconcileTasks.reconcile();
        } catch (RuntimeException e) {
            // Lambda writes it into the log, and into the queue of events given up.
            throw BareFault.of(e);
        }
    }

    private static Value woken(Report report, Orphan orphan) {
        return Value.count(report.woken().getOrDefault(orphan, 0L));
    }
}
