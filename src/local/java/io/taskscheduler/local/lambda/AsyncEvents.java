package io.taskscheduler.local.lambda;

import java.util.List;

/** Where accepted events wait, so that they outlive the process if they are meant to. */
public interface AsyncEvents {

    /** Keeps the event, in place of the one with the same request id; it is kept when this returns. */
    void put(AsyncEvent event);

    /** Forgets the event. */
    void remove(String requestId);

    /** The events kept by an earlier process. */
    List<AsyncEvent> left();

    /** Keeps nothing beyond the process. */
    static AsyncEvents inMemory() {
        return new AsyncEvents() {
            @Override
            public void put(AsyncEvent event) {}

            @Override
            public void remove(String requestId) {}

            @Override
            public List<AsyncEvent> left() {
                return List.of();
            }
        };
    }
}
