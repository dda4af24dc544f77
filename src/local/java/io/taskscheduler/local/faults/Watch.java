package io.taskscheduler.local.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Looks at every call to AWS that the local run or one of its functions makes in this JVM, until it is closed. What it throws, the caller gets
 * in the place of an answer, and the call is not made.
 */
public final class Watch implements AutoCloseable {
    private static final List<Consumer<CallToAws>> ALL = new CopyOnWriteArrayList<>();

    private final Consumer<CallToAws> told;

    private Watch(Consumer<CallToAws> told) {
        this.told = told;
    }

    public static Watch keptBy(Consumer<CallToAws> told) {
        ALL.add(told);
        return new Watch(told);
    }

    static void tell(CallToAws call) {
        ALL.forEach(each -> each.accept(call));
    }

    @Override
    public void close() {
        ALL.remove(told);
    }
}
