package io.taskscheduler.contract;

import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryOpenTasksTest extends OpenTasksContract {

    @Override
    World world() {
        InMemoryTaskStore store = new InMemoryTaskStore();
        return new World(store, store);
    }
}
