package io.taskscheduler.local.sources;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.taskscheduler.local.lambda.Destinations;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.Outcome;
import io.taskscheduler.local.template.EventSourceResource;

/**
 * One shard's records on their way through the function: in order, a batch at a time. A batch that failed is halved or repeated from its
 * first failed record on, until it succeeds or is given up; what comes after it waits.
 */
final class StreamBatches {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 6;

    private final EventSourceResource.Stream declared;
    private final LocalFunction function;
    private final Destinations destinations;
    private final InstantSource clock;
    private final String shard;
    private final Consumer<String> done;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private Instant next = Instant.MIN;

    private record Batch(List<StreamRecord> records, int failures, Instant since) {
        Batch from(int index, int failuresOfIt) {
            return new Batch(records.subList(index, records.size()), failuresOfIt, since);
        }
    }

    /**
     * @param done
     *            told the last sequence number that is done with
     */
    StreamBatches(EventSourceResource.Stream declared, LocalFunction function, Destinations destinations,
            InstantSource clock, String shard, Consumer<String> done) {
        this.declared = declared;
        this.function = function;
        this.destinations = destinations;
        this.clock = clock;
        this.shard = shard;
        this.done = done;
    }

    void add(List<StreamRecord> records) {
        for (int from = 0; from < records.size(); from += declared.batchSize()) {
            batches.addLast(new Batch(records.subList(from, Math.min(records.size(), from + declared.batchSize())), 0,
                    clock.instant()));
        }
    }

    /** Works until nothing is left, or until the instant given: then is the next try of what failed. */
    Optional<Instant> work() throws InterruptedException {
        while (!batches.isEmpty()) {
            if (next.isAfter(clock.instant())) {
                return Optional.of(next);
            }
            attempt(batches.getFirst());
        }
        return Optional.empty();
    }

    private void attempt(Batch batch) throws InterruptedException {
        if (function.isSwitchedOff()) {
            giveUpOrWait(batch, LONGEST_PAUSE);
            return;
        }
        Outcome outcome;
        try (LocalFunction.Place place = function.place()) {
            outcome = place.run(StreamRecord.event(batch.records()));
        }
        BatchAnswer.show(function, outcome);
        List<String> numbers = batch.records().stream().map(StreamRecord::sequenceNumber).toList();
        Set<String> failed = BatchAnswer.failed(outcome, numbers, declared.reportsFailures());
        if (failed.isEmpty()) {
            batches.removeFirst();
            done.accept(numbers.getLast());
        } else {
            failedFrom(batch, failed.stream().mapToInt(numbers::indexOf).min().orElse(0));
        }
    }

    private void failedFrom(Batch batch, int first) {
        if (first > 0) {
            done.accept(batch.records().get(first - 1).sequenceNumber());
        }
        if (declared.bisects() && batch.records().size() - first > 1) {
            // Halving is no retry.
            Batch rest = batch.from(first, batch.failures());
            int middle = rest.records().size() / 2;
            batches.removeFirst();
            batches.addFirst(rest.from(middle, rest.failures()));
            batches.addFirst(new Batch(rest.records().subList(0, middle), rest.failures(), rest.since()));
            return;
        }
        Batch again = batch.from(first, first > 0 ? 1 : batch.failures() + 1);
        giveUpOrWait(again, pause(again.failures()));
    }

    private void giveUpOrWait(Batch batch, Duration pause) {
        Instant now = clock.instant();
        boolean tooOld = batch.since().plus(declared.maximumAge()).isBefore(now.plus(pause));
        boolean exhausted = declared.retries().isPresent() && batch.failures() > declared.retries().getAsInt();
        if (tooOld || exhausted) {
            declared.onFailure().ifPresent(queue -> destinations.send(queue, new StreamFailure(declared, function,
                    shard).record(batch.records(), exhausted, batch.failures(), now), Map.of()));
            batches.removeFirst();
            done.accept(batch.records().getLast().sequenceNumber());
        } else {
            batches.removeFirst();
            batches.addFirst(batch);
            next = now.plus(pause);
        }
    }

    private static Duration pause(int failures) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
