package io.taskscheduler.contract;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.TaskIds;

class UlidTaskIdsTest extends TaskIdsContract {

    /** A new one each time, as each function has its own. */
    @Override
    TaskIds ids() {
        return new UlidTaskIds();
    }
}
