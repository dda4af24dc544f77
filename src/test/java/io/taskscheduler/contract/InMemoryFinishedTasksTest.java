package io.taskscheduler.contract;

import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryFinishedTasksTest extends FinishedTasksContract {

    @Override
    World world() {
        InMemoryTaskStore store = new InMemoryTaskStore();
        return new World(store, store);
    }
}
