package io.taskscheduler.wiring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Made when it is first asked for, once: what most functions never need, such as a client with its classes, is no part of their start. */
final class OnDemand<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private volatile @Nullable T made;

    OnDemand(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        T there = made;
        if (there == null) {
            synchronized (this) {
                there = made;
                if (there == null) {
                    there = maker.get();
                    made = there;
                }
            }
        }
        return there;
    }
}
