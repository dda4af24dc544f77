package io.taskscheduler.local.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Crew;
import io.taskscheduler.local.clock.Track;
import io.taskscheduler.local.template.FunctionResource.AsyncPolicy;

/**
 * The stack's functions, invoked as Lambda does it. A synchronous invocation runs once. An asynchronous one is accepted and
 * then run until it succeeds: a failed run is tried again after one minute and after two more of the virtual clock, as often
 * as the template allows and while the event is young enough; an event given up goes to the template's destination or
 * dead-letter queue.
 */
public final class Functions {
    private static final byte[] NOTHING_RAN = "{\"errorMessage\":\"the function was not run\"}"
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] DIED = "{\"errorMessage\":\"the function died with the process\"}"
            .getBytes(StandardCharsets.UTF_8);

    private final Map<String, LocalFunction> byName;
    private final Agenda agenda;
    private final InstantSource clock;
    private final AsyncEvents events;
    private final Destinations destinations;

    public Functions(List<LocalFunction> functions, Agenda agenda, InstantSource clock, AsyncEvents events,
            Destinations destinations) {
        this.byName = functions.stream()
                .collect(Collectors.toUnmodifiableMap(f -> f.resource().name(), Function.identity()));
        this.agenda = agenda;
        this.clock = clock;
        this.events = events;
        this.destinations = destinations;
    }

    /** The function of that name, or whose ARN, with or without a version, is given. */
    public Optional<LocalFunction> find(String nameOrArn) {
        int marker = nameOrArn.indexOf(":function:");
        String name = marker < 0 ? nameOrArn : nameOrArn.substring(marker + ":function:".length());
        return Optional.ofNullable(byName.get(name.contains(":") ? name.substring(0, name.indexOf(':')) : name));
    }

    /** Runs the function and waits for what becomes of it. */
    public Outcome invoke(LocalFunction function, byte[] event) throws InterruptedException {
        try (Track track = agenda.begin("invocation of " + function.resource().name()); Crew _ = track.crew(1)) {
            return function.invoke(LocalFunction.newRequestId(), event);
        }
    }

    /** Accepts the event for the function and returns; the event is kept when this returns. */
    public void accept(LocalFunction function, String payload) {
        Instant now = clock.instant();
        AsyncEvent event = new AsyncEvent(LocalFunction.newRequestId(), function.resource().name(), payload, now, 0,
                now);
        events.put(event);
        enter(function, event);
    }

    /** Takes up the events that an earlier process has accepted and not done. */
    public void resume() {
        for (AsyncEvent event : events.left()) {
            find(event.functionName()).ifPresentOrElse(function -> resume(function, event),
                    () -> events.remove(event.requestId()));
        }
    }

    private void resume(LocalFunction function, AsyncEvent event) {
        if (event.attempts() > function.resource().async().retries()) {
            giveUp(function, event, "RetriesExhausted", DIED);
        } else {
            enter(function, event.noLaterThan(clock.instant().plus(pauseBefore(event.attempts()))));
        }
    }

    private void enter(LocalFunction function, AsyncEvent event) {
        agenda.at(event.next(), "event for " + function.resource().name(), track -> run(function, event, track));
    }

    private void run(LocalFunction function, AsyncEvent event, Track track) {
        AsyncPolicy policy = function.resource().async();
        if (function.isSwitchedOff()) {
            giveUp(function, event, "ZeroReservedConcurrency", NOTHING_RAN);
            return;
        }
        if (isTooOld(event, policy, clock.instant())) {
            giveUp(function, event, "EventAgeExceeded", NOTHING_RAN);
            return;
        }
        // Kept as what it is if it dies with this process: a failed run, whose pause begins when the next process finds it.
        events.put(event.triedAgainAt(clock.instant().plus(function.resource().timeout())
                .plus(pauseBefore(event.attempts() + 1))));
        try {
            switch (invokeWhenFree(function, event, track)) {
                case Outcome.Answer answer -> succeeded(function, event, answer.json());
                case Outcome.Failure failure -> failed(function, event, failure.json());
                case Outcome.Throttled() -> throw new IllegalStateException("who waits for its turn is not throttled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Outcome invokeWhenFree(LocalFunction function, AsyncEvent event, Track track)
            throws InterruptedException {
        try (Crew _ = track.crew(1)) {
            return function.invokeWhenFree(event.requestId(), event.payload().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Lambda's own: one minute before the second run, two before the third. */
    private static Duration pauseBefore(int run) {
        return Duration.ofMinutes(run);
    }

    private void succeeded(LocalFunction function, AsyncEvent event, byte[] answer) {
        function.resource().async().onSuccess().ifPresent(
                arn -> destinations.send(arn,
                        new AsyncRecord(function.resource(), event).success(clock.instant(), answer), Map.of()));
        events.remove(event.requestId());
    }

    private void failed(LocalFunction function, AsyncEvent event, byte[] failure) {
        AsyncPolicy policy = function.resource().async();
        AsyncEvent again = event.triedAgainAt(clock.instant().plus(pauseBefore(event.attempts() + 1)));
        System.err.println(function.resource().name() + " failed: " + new String(failure, StandardCharsets.UTF_8));
        if (again.attempts() > policy.retries()) {
            giveUp(function, again, "RetriesExhausted", failure);
        } else if (isTooOld(again, policy, again.next())) {
            giveUp(function, again, "EventAgeExceeded", failure);
        } else {
            events.put(again);
            enter(function, again);
        }
    }

    private void giveUp(LocalFunction function, AsyncEvent event, String condition, byte[] failure) {
        AsyncPolicy policy = function.resource().async();
        AsyncRecord record = new AsyncRecord(function.resource(), event);
        policy.onFailure()
                .ifPresent(
                        arn -> destinations.send(arn, record.failure(clock.instant(), condition, failure), Map.of()));
        policy.deadLetter()
                .ifPresent(arn -> destinations.send(arn, event.payload(), record.deadLetterAttributes(failure)));
        events.remove(event.requestId());
    }

    private static boolean isTooOld(AsyncEvent event, AsyncPolicy policy, Instant now) {
        return Duration.between(event.acceptedAt(), now).compareTo(policy.maximumAge()) > 0;
    }
}
