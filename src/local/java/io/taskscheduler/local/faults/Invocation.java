package io.taskscheduler.local.faults;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One run of a function, which can be made to die at one of its outside calls. As a process that is gone, it does nothing any
 * more then: the thread that dies stops for ever, without any {@code catch} or {@code finally}, and so does every other of its
 * threads at its next outside call.
 */
public final class Invocation implements Origin {
    private final Faults faults;
    private final String function;
    private final Runnable death;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean dead;

    Invocation(Faults faults, String function, Runnable death) {
        this.faults = faults;
        this.function = function;
        this.death = death;
    }

    /** The run that the current thread belongs to. */
    static Optional<Invocation> current() {
        return Origin.current().filter(Invocation.class::isInstance).map(Invocation.class::cast);
    }

    /** Has the work, and whatever threads it starts, done by this run. */
    public void run(Runnable work) {
        Origin.on(this, () -> {
            work.run();
            return this;
        });
    }

    Faults faults() {
        return faults;
    }

    @Override
    public Optional<String> function() {
        return Optional.of(function);
    }

    @Override
    public int begin() {
        goOn();
        int call = calls.incrementAndGet();
        meetDeath(call, Fault.When.BEFORE);
        return call;
    }

    @Override
    public void end(int call) {
        goOn();
        meetDeath(call, Fault.When.AFTER);
    }

    @Override
    public void goOn() {
        while (dead) {
            LockSupport.park(this);
            // An interrupted thread does not park.
            boolean _ = Thread.interrupted();
        }
    }

    @Override
    public Optional<Detour> detour(AwsService service, String operation) {
        return faults.detour(service, operation);
    }

    private void meetDeath(int call, Fault.When moment) {
        if (faults.take(Fault.Death.class, fault -> fault.hits(function, call, moment)).isPresent()) {
            dead = true;
            death.run();
            goOn();
        }
    }
}
