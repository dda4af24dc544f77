package io.taskscheduler.local.faults;

import java.util.Optional;
import java.util.function.Supplier;

/** Who makes the outside calls of a thread, and of the threads that it starts. A thread without one is none of the local run's. */
sealed interface Origin permits Origin.Launcher, Invocation {

    /** Bound to a thread; there is no other way to tell whose call it is that passes through the SDK. */
    InheritableThreadLocal<Optional<Origin>> CURRENT = new InheritableThreadLocal<>() {
        @Override
        protected Optional<Origin> initialValue() {
            return Optional.empty();
        }
    };

    static Optional<Origin> current() {
        return CURRENT.get();
    }

    static <T> T on(Origin origin, Supplier<T> work) {
        Optional<Origin> before = CURRENT.get();
        CURRENT.set(Optional.of(origin));
        try {
            return work.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /** Logical id of the function whose run this is; empty for the local run itself. */
    Optional<String> function();

    /** An outside call is about to be made; gives its number. */
    int begin();

    /** The process goes on, or this does not return. */
    void goOn();

    /** The outside call with that number has ended, however it did. */
    void end(int call);

    /** Where a call of this origin must be led to meet its fault. */
    Optional<Detour> detour(AwsService service, String operation);

    /** The local run: of its own calls only those can fail that poll, or send to, queues and streams. */
    record Launcher(Faults faults) implements Origin {

        @Override
        public Optional<String> function() {
            return Optional.empty();
        }

        @Override
        public int begin() {
            return 0;
        }

        @Override
        public void goOn() {}

        @Override
        public void end(int call) {}

        @Override
        public Optional<Detour> detour(AwsService service, String operation) {
            return service == AwsService.SQS || AwsService.isOfStreams(operation)
                    ? faults.detour(service, operation)
                    : Optional.empty();
        }
    }
}
