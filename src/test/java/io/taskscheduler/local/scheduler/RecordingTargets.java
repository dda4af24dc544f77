package io.taskscheduler.local.scheduler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Targets that take everything, or fail as told, and remember it. */
final class RecordingTargets implements Targets {

    record Call(Instant at, Invocation invocation) {}

    record DeadLetter(String queue, String body, Map<String, String> attributes) {}

    private final InstantSource clock;
    private final List<Call> calls = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final Deque<Runnable> during = new ArrayDeque<>();
    private Function<Invocation, List<TargetFailure>> failing = _ -> List.of();

    RecordingTargets(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void failUntilAttempt(int attempt, TargetFailure failure) {
        failing = invocation -> invocation.attempt() < attempt ? List.of(failure) : List.of();
    }

    synchronized void failAlways(TargetFailure failure) {
        failing = _ -> List.of(failure);
    }

    /** Runs it while the next invocation is under way, before its outcome is known. */
    synchronized void during(Runnable what) {
        during.add(what);
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized List<DeadLetter> deadLetters() {
        return List.copyOf(deadLetters);
    }

    /** What was invoked when: {@code name instant}. */
    synchronized List<String> times() {
        return calls.stream().map(call -> call.invocation().scheduleArn().replaceAll(".*/", "") + " " + call.at())
                .toList();
    }

    @Override
    public void invoke(Invocation invocation) throws TargetFailure {
        begin(invocation).run();
        for (var failure : failures(invocation)) {
            throw failure;
        }
    }

    private synchronized Runnable begin(Invocation invocation) {
        calls.add(new Call(clock.instant(), invocation));
        return Optional.ofNullable(during.poll()).orElse(() -> {});
    }

    private synchronized List<TargetFailure> failures(Invocation invocation) {
        return failing.apply(invocation);
    }

    @Override
    public synchronized void deadLetter(String queueArn, String body, Map<String, String> attributes) {
        deadLetters.add(new DeadLetter(queueArn, body, attributes));
    }
}
