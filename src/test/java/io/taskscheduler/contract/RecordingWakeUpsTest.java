package io.taskscheduler.contract;

import io.taskscheduler.app.port.WakeUps;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fixture.Tasks;
import java.time.InstantSource;

class RecordingWakeUpsTest extends WakeUpsContract {

    @Override
    WakeUps line() {
        return new RecordingWakeUps(InstantSource.fixed(Tasks.CREATED));
    }
}
