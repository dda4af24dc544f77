package io.taskscheduler.local.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the scheduler knows: held in memory and, when it has a folder, in its journal too. Changes happen one after another, each whole or not
 * at all: once {@link #change} has returned, a killed process has not lost it.
 */
final class ScheduleStore implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<RowChange> log = new ArrayList<>();
    private final List<Table> tables = IntStream.range(0, 5).mapToObj(number -> new Table(number, log)).toList();
    private final Optional<Journal> journal;

    private ScheduleStore(Optional<Journal> journal) {
        this.journal = journal;
    }

    static ScheduleStore inMemory() {
        return new ScheduleStore(Optional.empty());
    }

    static ScheduleStore in(Path folder) throws IOException {
        var journal = Journal.open(folder);
        var store = new ScheduleStore(Optional.of(journal));
        var replayed = new AtomicLong();
        journal.replay(row -> {
            replayed.getAndIncrement();
            store.tables.get(row.table()).set(row.key(), row.after());
        });
        if (replayed.get() > 2 * store.tables.stream().mapToLong(Table::size).sum()) {
            journal.rewrite(store.rows());
        }
        return store;
    }

    /** Group name to the document that GetScheduleGroup answers, with the tags. */
    Table groups() {
        return tables.get(0);
    }

    /** {@code group/name} to {@link Schedule#stored()}. */
    Table schedules() {
        return tables.get(1);
    }

    /** {@code group/name} to {@link Due#stored()}. */
    Table due() {
        return tables.get(2);
    }

    /** {@code group/name/milliseconds of the occurrence} to {@link Retry#stored()}. */
    Table retries() {
        return tables.get(3);
    }

    /** What {@link Tokens} keeps. */
    Table tokens() {
        return tables.get(4);
    }

    Optional<Schedule> schedule(String key) {
        return schedules().get(key).map(Schedule::read);
    }

    /** Makes a change; one that throws, or cannot be written down, has not happened. */
    <T> T change(Supplier<T> change) {
        lock.lock();
        try {
            var result = change.get();
            write();
            log.clear();
            return result;
        } finally {
            undo();
            lock.unlock();
        }
    }

    private void write() {
        if (journal.isEmpty() || log.isEmpty()) {
            return;
        }
        try {
            journal.get().append(log);
            if (journal.get().isLong()) {
                journal.get().rewrite(rows());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void undo() {
        for (var row : log.reversed()) {
            tables.get(row.table()).set(row.key(), row.before());
        }
        log.clear();
    }

    private Iterator<RowChange> rows() {
        return IntStream.range(0, tables.size()).boxed().flatMap(this::rows).iterator();
    }

    private Stream<RowChange> rows(int number) {
        return tables.get(number).from("").entrySet().stream()
                .map(row -> new RowChange(number, row.getKey(), Optional.empty(), Optional.of(row
                        .getValue())));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (journal.isPresent()) {
                journal.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
