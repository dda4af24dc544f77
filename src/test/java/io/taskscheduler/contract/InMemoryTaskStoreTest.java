package io.taskscheduler.contract;

import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryTaskStoreTest extends TaskStoreContract {

    private final InMemoryTaskStore store = new InMemoryTaskStore();

    @Override
    TaskStore store() {
        return store;
    }
}
