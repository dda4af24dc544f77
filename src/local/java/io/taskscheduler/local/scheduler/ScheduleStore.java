package io.taskscheduler.local.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * What the scheduler knows, in memory or in the file {@code scheduler.mv} of a folder. Changes happen one after another, each whole or not
 * at all: once {@link #change} has returned, a killed process has not lost it.
 */
final class ScheduleStore implements AutoCloseable {

    private static final int COMMITS_BETWEEN_CLEANINGS = 500;
    private static final int FILL_RATE = 60;
    private static final int BYTES_PER_CLEANING = 8 * 1024 * 1024;

    private final MVStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final MVMap<String, String> groups;
    private final MVMap<String, String> schedules;
    private final MVMap<String, String> due;
    private final MVMap<String, String> retries;
    private final MVMap<String, String> tokens;
    private long commits;

    private ScheduleStore(MVStore store) {
        this.store = store;
        this.groups = map("groups");
        this.schedules = map("schedules");
        this.due = map("due");
        this.retries = map("retries");
        this.tokens = map("tokens");
    }

    static ScheduleStore inMemory() {
        return new ScheduleStore(new MVStore.Builder().autoCommitDisabled().open());
    }

    static ScheduleStore in(Path folder) throws IOException {
        Files.createDirectories(folder);
        var file = folder.resolve("scheduler.mv").toAbsolutePath().toString();
        try {
            return new ScheduleStore(new MVStore.Builder().fileName(file).autoCommitDisabled().open());
        } catch (MVStoreException e) {
            throw new IOException("cannot use " + file + ": " + e.getMessage(), e);
        }
    }

    /** Group name to the document that GetScheduleGroup answers, with the tags. */
    MVMap<String, String> groups() {
        return groups;
    }

    /** {@code group/name} to {@link Schedule#stored()}. */
    MVMap<String, String> schedules() {
        return schedules;
    }

    /** {@code group/name} to {@link Due#stored()}. */
    MVMap<String, String> due() {
        return due;
    }

    /** {@code group/name/milliseconds of the occurrence} to {@link Retry#stored()}. */
    MVMap<String, String> retries() {
        return retries;
    }

    /** What {@link Tokens} keeps. */
    MVMap<String, String> tokens() {
        return tokens;
    }

    Optional<Schedule> schedule(String key) {
        return Optional.ofNullable(schedules.get(key)).map(Schedule::read);
    }

    static List<String> keysWithPrefix(MVMap<String, String> map, String prefix) {
        var keys = new ArrayList<String>();
        for (var iterator = map.keyIterator(prefix); iterator.hasNext();) {
            var key = iterator.next();
            if (!key.startsWith(prefix)) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }

    <T> T change(Supplier<T> change) {
        lock.lock();
        try {
            var result = change.get();
            store.commit();
            clean();
            return result;
        } finally {
            lock.unlock();
        }
    }

    // Each commit rewrites a few pages; without this the file would grow with every change.
    private void clean() {
        commits++;
        if (commits % COMMITS_BETWEEN_CLEANINGS == 0 && store.getFileStore() != null) {
            store.compact(FILL_RATE, BYTES_PER_CLEANING);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            store.close();
        } finally {
            lock.unlock();
        }
    }

    private MVMap<String, String> map(String name) {
        return store.openMap(name, new MVMap.Builder<String, String>().keyType(StringDataType.INSTANCE).valueType(
                StringDataType.INSTANCE));
    }
}
