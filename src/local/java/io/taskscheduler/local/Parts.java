package io.taskscheduler.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started, to be ended in the opposite order. Once ended, what is still added is ended at once. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean ended;

    <T extends AutoCloseable> T add(T part) {
        boolean tooLate;
        synchronized (this) {
            tooLate = ended;
            if (!tooLate) {
                parts.addFirst(part);
            }
        }
        if (tooLate) {
            end(part);
        }
        return part;
    }

    @Override
    public void close() {
        Deque<AutoCloseable> all;
        synchronized (this) {
            ended = true;
            all = new ArrayDeque<>(parts);
            parts.clear();
        }
        all.forEach(Parts::end);
    }

    /** One that cannot be ended must not keep the others. */
    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println("While ending: " + e);
        }
    }
}
