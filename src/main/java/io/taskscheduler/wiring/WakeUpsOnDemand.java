package io.taskscheduler.wiring;

import io.taskscheduler.app.port.WakeUps;
import java.util.List;
import java.util.function.Supplier;

/** Made when the first wake-up is sent: a task that runs at its time and succeeds needs none. */
final class WakeUpsOnDemand implements WakeUps {

    private final Supplier<WakeUps> wakeUps;

    WakeUpsOnDemand(Supplier<WakeUps> maker) {
        this.wakeUps = new OnDemand<>(maker);
    }

    @Override
    public void send(List<WakeUp> sent) {
        wakeUps.get().send(sent);
    }

    @Override
    public int waiting() {
        return wakeUps.get().waiting();
    }
}
