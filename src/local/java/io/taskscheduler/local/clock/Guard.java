package io.taskscheduler.local.clock;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The lock over all that belongs to one {@link Agenda}, and word of its changes to whom they may concern. */
final class Guard {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    /** What must throw, or wait, does so between this and {@link #unlock}. */
    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    <T> T get(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Tells who waits for a change; to be called by who holds the lock. */
    void changed() {
        changed.signalAll();
    }

    /** To wait for a change by. */
    Condition change() {
        return changed;
    }

    /** The agenda is closed, for good; to be called by who holds the lock. */
    void close() {
        closed = true;
        changed();
    }

    boolean isClosed() {
        return closed;
    }

    /** One of which only who is told need wake. */
    Condition condition() {
        return lock.newCondition();
    }
}
