package io.taskscheduler.fuzz;

/** Something that is given any bytes, and that must neither throw nor loop. */
@FunctionalInterface
public interface FuzzTarget {

    /** Throws an {@link AssertionError} when a promise is broken; whatever else it throws is a finding too. */
    void accept(byte[] input) throws Exception;

    /** The broken promise, unless it was kept. */
    static void promise(boolean kept, String what) {
        if (!kept) {
            throw new AssertionError(what);
        }
    }
}
