package io.taskscheduler.domain;

import io.taskscheduler.domain.TaskEvent.AttemptFailed;
import io.taskscheduler.domain.TaskEvent.AttemptLost;
import io.taskscheduler.domain.TaskEvent.AttemptStarted;
import io.taskscheduler.domain.TaskEvent.AttemptSucceeded;
import io.taskscheduler.domain.TaskEvent.HistoryCut;
import io.taskscheduler.domain.TaskEvent.RetryScheduled;
import io.taskscheduler.domain.TaskEvent.TaskCancelled;
import io.taskscheduler.domain.TaskEvent.TaskCompleted;
import io.taskscheduler.domain.TaskEvent.TaskEdited;
import io.taskscheduler.domain.TaskEvent.TaskExpired;
import io.taskscheduler.domain.TaskEvent.TaskFailed;
import io.taskscheduler.domain.TaskEvent.TaskRescheduled;
import io.taskscheduler.domain.TaskEvent.TaskRunAgain;
import io.taskscheduler.domain.TaskEvent.TaskScheduled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What happened to a task, in order, and what follows from it. At most {@value #MOST_LINES} lines are kept: of a longer history the oldest
 * lines go that belong to former rounds of attempts, tell of an edit, or promise a retry that a caller then brought forward. The first line and
 * the last stay, and so does every other line about this round's attempts; a {@link HistoryCut} in second place counts what is gone.
 *
 * <p>A round is what a task does for one {@code run_at}: it begins with the line that set the time.
 */
record History(List<TaskEvent> lines) {

    /**
     * Source: a round of 20 attempts that all fail has 61 lines, and the first line and the cut come on top. Half of the lines hold at most 3,386
     * bytes of an answer; with the largest body that stays below DynamoDB's 400 KB.
     */
    static final int MOST_LINES = 64;

    History {
        lines = List.copyOf(lines);
    }

    History plus(List<TaskEvent> events) {
        List<TaskEvent> all = new ArrayList<>(lines);
        all.addAll(events);
        return new History(all).bounded();
    }

    /** The attempt's request was about to be sent then. */
    History attemptBegan(int attempt, Instant at) {
        List<TaskEvent> changed = new ArrayList<>(lines);
        changed.subList(roundsFirst(), changed.size()).replaceAll(e -> e instanceof AttemptStarted s
                && s.attempt() == attempt ? new AttemptStarted(at, attempt, s.by()) : e);
        return new History(changed);
    }

    /** The result beside the line that says that its attempt was lost; empty when there is no such line, or it has its result. */
    Optional<History> noted(int attempt, AttemptResult result) {
        for (int i = roundsFirst(); i < lines.size(); i++) {
            // An attempt of a former round may have had the same number.
            if (lines.get(i) instanceof AttemptLost l && l.attempt() == attempt && l.lateResult().isEmpty()
                    && !result.startedAt().isBefore(lines.get(roundsFirst()).at())) {
                List<TaskEvent> changed = new ArrayList<>(lines);
                changed.set(i, new AttemptLost(l.at(), attempt, l.by(), Optional.of(result)));
                return Optional.of(new History(changed).attemptBegan(attempt, result.startedAt()));
            }
        }
        return Optional.empty();
    }

    /** When this round's time was set; empty when that is not known. */
    Optional<Instant> roundSetAt() {
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(roundsFirst()).at());
    }

    Optional<Instant> startedAt() {
        return round().filter(AttemptStarted.class::isInstance).map(TaskEvent::at).findFirst();
    }

    Optional<AttemptResult> lastResult() {
        return lines.reversed().stream().<AttemptResult>mapMulti((event, found) -> {
            if (event instanceof AttemptSucceeded s) {
                found.accept(s.result());
            } else if (event instanceof AttemptFailed f) {
                found.accept(f.result());
            }
        }).findFirst();
    }

    boolean mayHaveReachedReceiver() {
        return lines.stream().anyMatch(event -> switch (event) {
            case AttemptLost l -> true;
            case AttemptFailed(var at, var attempt, AttemptResult.Failure failure) ->
                failure.kind().mayHaveReachedReceiver();
            case AttemptFailed answered -> false;
            case HistoryCut cut -> cut.failed() > 0;
            case TaskScheduled e -> false;
            case AttemptStarted e -> false;
            case AttemptSucceeded e -> false;
            case RetryScheduled e -> false;
            case TaskCompleted e -> false;
            case TaskFailed e -> false;
            case TaskExpired e -> false;
            case TaskCancelled e -> false;
            case TaskRescheduled e -> false;
            case TaskEdited e -> false;
            case TaskRunAgain e -> false;
        });
    }

    /** Of the last request that had one and led to what the task does now. */
    Optional<String> traceparent() {
        return lines.reversed().stream().flatMap(event -> caller(event).stream())
                .flatMap(caller -> caller.traceparent().stream()).findFirst();
    }

    private static Optional<Caller> caller(TaskEvent event) {
        return switch (event) {
            case TaskScheduled e -> Optional.of(e.by());
            case TaskRescheduled e -> Optional.of(e.by());
            case TaskEdited e -> Optional.of(e.by());
            case TaskRunAgain e -> Optional.of(e.by());
            case TaskCancelled e -> Optional.of(e.by());
            case RetryScheduled e -> e.by();
            case AttemptStarted e -> Optional.empty();
            case AttemptSucceeded e -> Optional.empty();
            case AttemptFailed e -> Optional.empty();
            case AttemptLost e -> Optional.empty();
            case TaskCompleted e -> Optional.empty();
            case TaskFailed e -> Optional.empty();
            case TaskExpired e -> Optional.empty();
            case HistoryCut e -> Optional.empty();
        };
    }

    private Stream<TaskEvent> round() {
        return lines.subList(roundsFirst(), lines.size()).stream();
    }

    private int roundsFirst() {
        int first = lines.size() - 1;
        while (first > 0 && !beginsRound(lines.get(first))) {
            first--;
        }
        return Math.max(0, first);
    }

    private static boolean beginsRound(TaskEvent event) {
        return event instanceof TaskScheduled || event instanceof TaskRescheduled || event instanceof TaskRunAgain;
    }

    private History bounded() {
        int over = lines.size() - MOST_LINES;
        if (over <= 0) {
            return this;
        }
        int roundsFirst = roundsFirst();
        HistoryCut cut = lines.get(1) instanceof HistoryCut c ? c : new HistoryCut(lines.getFirst().at(), 0, 0);
        // A new cut takes a line itself.
        int surplus = cut.lines() == 0 ? over + 1 : over;
        List<TaskEvent> kept = new ArrayList<>(List.of(lines.getFirst()));
        for (int i = cut.lines() == 0 ? 1 : 2; i < lines.size(); i++) {
            TaskEvent line = lines.get(i);
            boolean mayGo = i < roundsFirst || isBroughtForward(i)
                    || (line instanceof TaskEdited && i < lines.size() - 1);
            if (surplus > 0 && mayGo) {
                cut = new HistoryCut(line.at(), cut.lines() + 1, cut.failed() + (isFailure(line) ? 1 : 0));
                surplus--;
            } else {
                kept.add(line);
            }
        }
        if (cut.lines() == 0) {
            return this;
        }
        kept.add(1, cut);
        return new History(kept);
    }

    private boolean isBroughtForward(int line) {
        return lines.get(line) instanceof RetryScheduled
                && lines.subList(line + 1, lines.size()).stream().filter(later -> !(later instanceof TaskEdited))
                        .findFirst().filter(RetryScheduled.class::isInstance).isPresent();
    }

    private static boolean isFailure(TaskEvent event) {
        return event instanceof AttemptFailed || event instanceof AttemptLost;
    }
}
