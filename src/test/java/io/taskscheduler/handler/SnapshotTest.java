package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.template.DeployedTemplate;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import io.taskscheduler.wiring.StandIn;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a function goes through before its snapshot. */
class SnapshotTest {

    @ParameterizedTest
    @ValueSource(strings = {"ScheduleTaskFunction", "ExecuteTaskFunction"})
    void a_rehearsal_comes_to_its_end_with_the_settings_of_either_function(String function) throws IOException {
        try (StandIn standIn = StandIn.open()) {
            Rehearsal rehearsal = new Rehearsal(deployed(function), standIn.uri());

            rehearsal.once();
            rehearsal.once();
        }
    }

    private static Components deployed(String function) {
        Map<String, String> environment = new HashMap<>(
                DeployedTemplate.asWritten().function(function).environment());
        environment.put("AWS_REGION", "eu-west-1");
        return new Components(Settings.from(environment), InstantSource.system(), instant -> {},
                UnaryOperator.identity());
    }
}
