package io.taskscheduler.app;

import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.app.port.ForeignRows.Row;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Timers.Timer;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Unusable;
import io.taskscheduler.domain.Violation;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a task of a row that another program put into the table: complete the row, then set the timer. What is not a valid task becomes one
 * that has failed and says why. Whatever is repeated meets its own earlier effect; a call that was cut off between the two writes is completed
 * when it is repeated, and by the reconciler if it is not.
 */
public final class AdoptTask {

    private final ForeignRows rows;
    private final TaskStore store;
    private final Timers timers;
    private final InstantSource clock;

    public AdoptTask(ForeignRows rows, TaskStore store, Timers timers, InstantSource clock) {
        this.rows = rows;
        this.store = store;
        this.timers = timers;
        this.clock = clock;
    }

    /** What a row turned out to ask for. */
    public sealed interface Reading {

        record Valid(Order order) implements Reading {}

        /**
         * No task.
         *
         * @param action the row's word for it, empty when it has none
         * @param redact whether nothing of it may be kept
         */
        record Invalid(String action, List<Violation> violations, boolean redact) implements Reading {

            public Invalid {
                violations = Violation.few(violations);
            }

            /** Its content may be kept. */
            public Invalid(String action, List<Violation> violations) {
                this(action, violations, false);
            }
        }
    }

    /** What became of a row. */
    public sealed interface Outcome {

        record Adopted(Task task) implements Outcome {}

        /**
         * It is a failed task now.
         *
         * @param violations all of them
         */
        record Refused(List<Violation> violations) implements Outcome {}

        /** It is gone, or is a task already. */
        record NothingToDo() implements Outcome {}
    }

    /**
     * Makes the row a task.
     *
     * @param reader reads the row's JSON text
     */
    public Outcome adopt(String rowId, Function<String, Reading> reader) {
        // Each lost race means that the row was changed in between, and that has its own record in the stream; this one may end there, but
        // to see it through is simpler to reason about.
        while (true) {
            Optional<Row> row = rows.find(rowId);
            if (row.isEmpty()) {
                completeEarlierTry(rowId);
                return new Outcome.NothingToDo();
            }
            Optional<Outcome> outcome = adopt(row.get(), reader.apply(row.get().json()));
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
    }

    private Optional<Outcome> adopt(Row row, Reading reading) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (!TaskId.isValid(row.id())) {
            List<Violation> all = new ArrayList<>(List.of(new Violation("task_id", TaskId.RULE)));
            if (reading instanceof Reading.Invalid invalid) {
                all.addAll(invalid.violations());
            }
            return rows.refuse(row, all, redacts(reading), now)
                    ? Optional.of(new Outcome.Refused(all))
                    : Optional.empty();
        }
        TaskId id = new TaskId(row.id());
        // Not from 1: a row that is put again must not meet the timers of the task that it was before.
        long version = now.toEpochMilli();
        return switch (reading) {
            case Reading.Valid(Order order) -> {
                Task task = Task.schedule(id, version, order, Caller.TABLE, now);
                if (!rows.replace(row, task)) {
                    yield Optional.empty();
                }
                timers.set(Timer.of(task));
                yield Optional.of(new Outcome.Adopted(task));
            }
            case Reading.Invalid(String action, List<Violation> violations, boolean redact) -> {
                Task failed = Task.refuse(id, version, new Unusable(action, row.json(), violations), redact, now);
                yield rows.replace(row, failed) ? Optional.of(new Outcome.Refused(violations)) : Optional.empty();
            }
        };
    }

    private static boolean redacts(Reading reading) {
        return switch (reading) {
            case Reading.Valid(Order order) -> order.redact();
            case Reading.Invalid invalid -> invalid.redact();
        };
    }

    private void completeEarlierTry(String rowId) {
        if (TaskId.isValid(rowId)) {
            store.find(new TaskId(rowId)).filter(task -> task.history().size() == 1)
                    .filter(task -> task.state() instanceof Scheduled).map(Timer::of).ifPresent(timers::set);
        }
    }
}
