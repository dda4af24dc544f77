package io.taskscheduler.local.clock;

import io.taskscheduler.app.port.Pause;
import java.time.Instant;

/** Pauses on an {@link Agenda}: a move of the clock goes over them. */
public final class AgendaPause implements Pause {

    private final Agenda agenda;

    public AgendaPause(Agenda agenda) {
        this.agenda = agenda;
    }

    @Override
    public void until(Instant instant) {
        agenda.pauseUntil(instant);
    }
}
