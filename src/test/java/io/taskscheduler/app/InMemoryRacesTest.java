package io.taskscheduler.app;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryRacesTest extends RacesContract {

    private final InMemoryTaskStore store = new InMemoryTaskStore();

    @Override
    TaskStore store() {
        return store;
    }
}
