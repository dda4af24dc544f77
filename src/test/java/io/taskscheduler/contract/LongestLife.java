package io.taskscheduler.contract;

import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.WokenBy;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.AttemptResult.Response;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Edit;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    /**
     * To the largest task that can be stored: a caller with the longest name gives it the largest labels beside the largest body, and moves it
     * after every nineteen lost attempts whose answers came after all. Of no other life do as many lines have an answer: of the 64 that are
     * kept, 31 have one as large as can be.
     */
    static List<Transition> ofManyRounds(Task task) {
        Caller caller = new Caller("€".repeat(Caller.MOST_CHARACTERS),
                Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        List<Transition> moves = new ArrayList<>();
        moves.add(Tasks.made(task.edit(new Edit(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of(largestLabels())), caller, Tasks.CREATED)));
        Instant time = Tasks.RUN_AT;
        for (int round = 0; round < 3; round++) {
            Instant runAt = time;
            moves.add(Tasks.made(moves.getLast().after().edit(new Edit(Optional.of(runAt), Optional.empty(),
                    Optional.empty(), Optional.empty(), Optional.empty()), caller, runAt)));
            for (int attempt = 1; attempt < RetryPolicy.MOST_ATTEMPTS; attempt++) {
                Task waiting = moves.getLast().after();
                moves.add(Tasks.granted(waiting.claim("holder of attempt " + waiting.attempts(), WokenBy.RECONCILER,
                        time)));
                Response answer = new Response(time, Duration.ofMinutes(5), 503, WIDEST, Optional.of(Duration.ZERO));
                time = time.plus(Duration.ofHours(1));
                lostAndNoted(moves.getLast().after(), answer, time, moves);
            }
            time = time.plus(Duration.ofHours(1));
        }
        return moves;
    }

    private static Map<String, String> largestLabels() {
        return IntStream.range(0, 10).boxed().collect(
                Collectors.toMap(n -> n + "x".repeat(63), n -> "€".repeat(256)));
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
