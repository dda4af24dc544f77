package io.taskscheduler.architecture.planted.app;

import java.time.Instant;

record ReadsTheSystemClock(Instant at) {

    static ReadsTheSystemClock now() {
        return new ReadsTheSystemClock(Instant.now());
    }
}
