package io.taskscheduler.contract;

import io.taskscheduler.app.port.ForeignRows;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.fake.InMemoryForeignRows;
import io.taskscheduler.fake.InMemoryTaskStore;

class InMemoryForeignRowsTest extends ForeignRowsContract {

    private record InMemoryWorld(TaskStore store, InMemoryForeignRows memory) implements World {

        @Override
        public ForeignRows rows() {
            return memory;
        }

        @Override
        public void put(String id, String json) {
            memory.put(id, json);
        }
    }

    @Override
    World world() {
        InMemoryTaskStore store = new InMemoryTaskStore();
        return new InMemoryWorld(store, new InMemoryForeignRows(store));
    }
}
