package io.taskscheduler.contract;

import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Recovery;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Scheduled;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Tasks;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All the moves of a task that fails every attempt with the largest answer there can be; one attempt in three is lost instead, found lost by the
 * reconciler, and its answer, as large, comes after all.
 */
final class LongestLife {

    /** Three bytes of UTF-8 for one character of Java. */
    private static final String WIDEST = "€".repeat(AttemptResult.MAX_TEXT);

    private LongestLife() {}

    /** As large as the API accepts: the whole body's 256 KiB is data. */
    static Task largestTask(TaskId id) {
        String data = "\"" + "x".repeat(256 * 1_024 - 2) + "\"";
        RetryPolicy most = new RetryPolicy(RetryPolicy.MOST_ATTEMPTS, Duration.ofSeconds(1), 1.0,
                Duration.ofSeconds(1));
        Webhook webhook = new Webhook(URI.create("https://example.com/" + "x".repeat(2_000)), Webhook.Method.POST,
                Map.of(),
                Optional.of(data), Duration.ofMinutes(5));
        return Task.schedule(id, 1,
                new Order(webhook, Tasks.RUN_AT, Precision.SECOND, Optional.empty(), most, Map.of()), Caller.ANONYMOUS,
                Tasks.CREATED);
    }

    static List<Transition> of(Task task) {
        List<Transition> moves = new ArrayList<>();
        Task now = task;
        Instant time = Tasks.RUN_AT;
        while (true) {
            if (now.state() instanceof Scheduled scheduled) {
                time = scheduled.dueAt();
            }
            switch (now.claim("holder of attempt " + now.attempts(), WokenBy.TIMER, time)) {
                case Claim.Granted(Transition move) -> moves.add(move);
                case Claim.Ended(Transition end) -> {
                    moves.add(end);
                    return moves;
                }
                case Claim.Early e -> throw new AssertionError(e);
                case Claim.Held h -> throw new AssertionError(h);
                case Claim.Finished f -> {
                    return moves;
                }
            }
            Task running = moves.getLast().after();
            Response answer = new Response(time, Duration.ofMinutes(5), 503, WIDEST, Optional.of(Duration.ZERO));
            if (running.attempts() % 3 == 0) {
                time = time.plus(Duration.ofHours(1));
                now = lostAndNoted(running, answer, time, moves);
            } else {
                moves.add(Tasks.settled(running, answer, time.plusSeconds(1)));
                now = moves.getLast().after();
            }
        }
    }

    private static Task lostAndNoted(Task running, Response answer, Instant time, List<Transition> moves) {
        if (running.recover("reconciler", time, time) instanceof Recovery.Wake(Transition woken, var orphan)) {
            moves.add(woken);
        } else {
            return running;
        }
        if (moves.getLast().after().settle("holder of attempt " + (running.attempts() - 1), running.attempts(), answer,
                0.5, time) instanceof Settlement.Noted(Transition noted)) {
            moves.add(noted);
        }
        return moves.getLast().after();
    }
}
