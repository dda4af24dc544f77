package io.taskscheduler.local.scheduler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Targets that take everything, or fail as told, and remember it. */
final class RecordingTargets implements Targets {

    record Call(Instant at, Invocation invocation) {}

    record DeadLetter(String queue, String body, Map<String, String> attributes) {}

    private final InstantSource clock;
    private final List<Call> calls = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
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
    public synchronized void invoke(Invocation invocation) throws TargetFailure {
        calls.add(new Call(clock.instant(), invocation));
        for (var failure : failing.apply(invocation)) {
            throw failure;
        }
    }

    @Override
    public synchronized void deadLetter(String queueArn, String body, Map<String, String> attributes) {
        deadLetters.add(new DeadLetter(queueArn, body, attributes));
    }
}
