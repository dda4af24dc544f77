package io.taskscheduler.local.scheduler;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Rows by key, in the order of the keys. Reading needs no lock; writing happens within a {@link ScheduleStore#change}, which it reports to. */
final class Table {

    private final ConcurrentNavigableMap<String, String> rows = new ConcurrentSkipListMap<>();
    private final AtomicLong size = new AtomicLong();
    private final int number;
    private final List<RowChange> log;

    Table(int number, List<RowChange> log) {
        this.number = number;
        this.log = log;
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(rows.get(key));
    }

    boolean contains(String key) {
        return rows.containsKey(key);
    }

    long size() {
        return size.get();
    }

    Optional<String> firstKey() {
        return Optional.ofNullable(rows.firstEntry()).map(Map.Entry::getKey);
    }

    /** All rows from that key on. */
    Map<String, String> from(String key) {
        return rows.tailMap(key);
    }

    List<String> keysWithPrefix(String prefix) {
        return rows.tailMap(prefix).keySet().stream().takeWhile(key -> key.startsWith(prefix)).toList();
    }

    void put(String key, String value) {
        log.add(new RowChange(number, key, set(key, Optional.of(value)), Optional.of(value)));
    }

    void remove(String key) {
        var before = set(key, Optional.empty());
        if (before.isPresent()) {
            log.add(new RowChange(number, key, before, Optional.empty()));
        }
    }

    /** Without a report. */
    Optional<String> set(String key, Optional<String> value) {
        var before = Optional.ofNullable(value.isPresent() ? rows.put(key, value.get()) : rows.remove(key));
        size.addAndGet((value.isPresent() ? 1 : 0) - (before.isPresent() ? 1 : 0));
        return before;
    }
}
