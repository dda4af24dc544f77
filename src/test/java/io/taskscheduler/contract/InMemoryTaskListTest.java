package io.taskscheduler.contract;

import io.taskscheduler.fake.InMemoryTaskList;
import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryTaskListTest extends TaskListContract {

    @Override
    World world() {
        InMemoryTaskStore store = new InMemoryTaskStore();
        return new World(store, new InMemoryTaskList(store));
    }
}
