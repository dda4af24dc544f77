package io.taskscheduler.contract;

import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.fake.SequentialTaskIds;

class SequentialTaskIdsTest extends TaskIdsContract {

    private final SequentialTaskIds ids = new SequentialTaskIds();

    @Override
    TaskIds ids() {
        return ids;
    }
}
