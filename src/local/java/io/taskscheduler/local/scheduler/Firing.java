package io.taskscheduler.local.scheduler;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Invokes what is due, at least once: what is due stays in the store until the outcome of its invocation has been recorded, so that a killed
 * process begins again there.
 */
final class Firing {

    private final ScheduleStore store;
    private final InstantSource clock;
    private final Agenda agenda;
    private final Attempts attempts;
    private final SchedulerOptions options;
    // What waits in the agenda, by the key that it has in the store.
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Firing(ScheduleStore store, InstantSource clock, Agenda agenda, Attempts attempts, SchedulerOptions options) {
        this.store = store;
        this.clock = clock;
        this.agenda = agenda;
        this.attempts = attempts;
        this.options = options;
    }

    /** Puts what the store knows to be due on the agenda. */
    void resume() {
        store.change(() -> {
            store.due().from("").entrySet().forEach(entry -> wait(entry.getKey(), Due.read(entry.getValue())));
            store.retries().from("").entrySet().forEach(entry -> wait(entry.getKey(), Retry.read(entry.getValue())));
            return true;
        });
    }

    /** Plans a new or changed schedule anew; retries that wait go on. To be called within a change. */
    void plan(Schedule schedule) {
        cancel(schedule.key());
        next(schedule, schedule.first());
    }

    /** Forgets a schedule and its retries. To be called within a change. */
    void forget(String key) {
        cancel(key);
        store.due().remove(key);
        for (var retry : store.retries().keysWithPrefix(key + "/")) {
            cancel(retry);
            store.retries().remove(retry);
        }
    }

    /** Starts nothing more, and records nothing more of what runs: the next start repeats it. */
    void stop() {
        stopped = true;
        entries.values().forEach(Entry::cancel);
    }

    private void next(Schedule schedule, Optional<Instant> occurrence) {
        if (occurrence.isEmpty()) {
            store.due().remove(schedule.key());
            return;
        }
        var due = new Due(occurrence.get(), occurrence.get().plus(delay(schedule)));
        store.due().put(schedule.key(), due.stored());
        wait(schedule.key(), due);
    }

    private Duration delay(Schedule schedule) {
        if (!options.spread()) {
            return Duration.ZERO;
        }
        var random = new SplittableRandom(options.seed() ^ ((long) schedule.key().hashCode() << 20));
        return Duration.ofSeconds(random.nextLong(schedule.window().toSeconds()));
    }

    private void wait(String key, Due due) {
        entries.put(key, agenda.at(due.start(), key, () -> fire(key, due)));
    }

    private void wait(String key, Retry retry) {
        entries.put(key, agenda.at(retry.at(), key + " again", () -> tryAgain(key, retry)));
    }

    private void cancel(String key) {
        Optional.ofNullable(entries.remove(key)).ifPresent(Entry::cancel);
    }

    private void fire(String key, Due due) {
        if (stopped || !store.due().get(key).equals(Optional.of(due.stored()))) {
            return;
        }
        store.schedule(key).ifPresent(
                schedule -> attempt(schedule, due.occurrence(), 1, clock.instant(), () -> passed(schedule, due)));
    }

    private void tryAgain(String key, Retry retry) {
        if (stopped || !store.retries().get(key).equals(Optional.of(retry.stored()))) {
            return;
        }
        var slash = key.lastIndexOf('/');
        var occurrence = Instant.ofEpochMilli(Long.parseLong(key.substring(slash + 1)));
        store.schedule(key.substring(0, slash))
                .ifPresent(schedule -> attempt(schedule, occurrence, retry.attempt(), retry.since(), () -> {}));
    }

    private void attempt(Schedule schedule, Instant occurrence, int attempt, Instant since, Runnable passed) {
        var again = attempts.attempt(schedule, occurrence, attempt, since);
        if (stopped) {
            return;
        }
        store.change(() -> {
            // One that was made under the same name after this one was deleted has nothing to do with this attempt.
            var current = store.schedule(schedule.key()).filter(it -> it.created().equals(schedule.created()));
            if (current.isPresent()) {
                if (current.get().equals(schedule)) {
                    passed.run();
                }
                record(current.get(), occurrence, again);
            }
            return true;
        });
    }

    /** An occurrence is over: the next one is the first that is not missed already. */
    private void passed(Schedule schedule, Due due) {
        entries.remove(schedule.key());
        var missedUntil = clock.instant().minus(due.delay());
        next(schedule, schedule.after(missedUntil.isAfter(due.occurrence()) ? missedUntil : due.occurrence()));
    }

    private void record(Schedule schedule, Instant occurrence, Optional<Retry> again) {
        var key = schedule.key() + "/" + occurrence.toEpochMilli();
        cancel(key);
        if (again.isPresent()) {
            store.retries().put(key, again.get().stored());
            wait(key, again.get());
            return;
        }
        store.retries().remove(key);
        var over = !store.due().contains(schedule.key())
                && store.retries().keysWithPrefix(schedule.key() + "/").isEmpty();
        if (over && schedule.enabled() && schedule.deletedAfterCompletion()) {
            store.schedules().remove(schedule.key());
        }
    }
}
