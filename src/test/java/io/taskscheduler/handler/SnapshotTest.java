package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.domain.TaskId;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.template.DeployedTemplate;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import io.taskscheduler.wiring.StandIn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.crac.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkSystemSetting;

/** What a function goes through before its snapshot. */
class SnapshotTest {

    @ParameterizedTest
    @ValueSource(strings = {"ScheduleTaskFunction", "ExecuteTaskFunction"})
    void a_rehearsal_comes_to_its_end_with_the_settings_of_either_function(String function) throws IOException {
        try (StandIn standIn = StandIn.open();
                Rehearsal rehearsal = new Rehearsal(deployed(function), standIn.uri())) {
            rehearsal.once();
            rehearsal.once();
        }
    }

    @Test
    void nothing_of_a_rehearsal_runs_on_and_its_credentials_go_with_it() throws IOException, InterruptedException {
        String credentials = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Set<Thread> began = new HashSet<>();
        try (StandIn standIn = StandIn.open()) {
            assertThat(System.getProperty(credentials)).startsWith(standIn.uri().toString());
            try (Rehearsal rehearsal = new Rehearsal(deployed("ScheduleTaskFunction"), standIn.uri())) {
                rehearsal.once();
                began.addAll(Thread.getAllStackTraces().keySet());
            }
        }
        began.removeAll(before);
        assertThat(System.getProperty(credentials)).isNull();
        assertThat(began).isNotEmpty();
        for (Thread each : began) {
            each.join(Duration.ofSeconds(10));
            assertThat(each.isAlive()).as(each.getName()).isFalse();
        }
    }

    @Test
    void credentials_that_somebody_had_set_come_back_after_a_rehearsal() throws IOException {
        String credentials = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();
        System.setProperty(credentials, "http://127.0.0.1:1/of-somebody");
        try {
            StandIn.open().close();

            assertThat(System.getProperty(credentials)).isEqualTo("http://127.0.0.1:1/of-somebody");
        } finally {
            System.clearProperty(credentials);
        }
    }

    @Test
    void what_keeps_the_snapshots_is_answered_and_asks_for_nothing() throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        new ScheduleTaskHandler(deployed("ScheduleTaskFunction")).handleRequest(
                new ByteArrayInputStream(Requests.bytes(input("KeepScheduleTaskActive"))), answer, new NoContext());

        assertThat(answer.toString(StandardCharsets.UTF_8)).startsWith("{\"statusCode\":200,");
        assertThat(WakeUpEvent.read(new ByteArrayInputStream(Requests.bytes(input("KeepExecuteTaskActive")))))
                .isEqualTo(new WakeUpEvent.Timer(new TaskId("0".repeat(26))));
    }

    @Test
    void a_rehearsal_that_fails_is_logged_and_fails_nothing_else() throws CheckpointException {
        Hooks hooks = new Hooks();
        PrintStream out = System.out;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            // A clock that is broken breaks everything.
            Snapshot.warm(new Components(settings("ScheduleTaskFunction"), new BrokenOnce(), instant -> {},
                    UnaryOperator.identity()), hooks);
            hooks.beforeCheckpoint(hooks);
        } finally {
            System.setOut(out);
        }

        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("the rehearsal for a snapshot failed")
                .contains("201 was expected, not 500");
    }

    /** Tells the time from the second question on. */
    private static final class BrokenOnce implements InstantSource {

        private boolean asked;

        @Override
        public Instant instant() {
            if (!asked) {
                asked = true;
                throw new IllegalStateException("no time");
            }
            return Instant.parse("2027-05-17T15:00:00Z");
        }
    }

    private static String input(String schedule) {
        return DeployedTemplate.asWritten().resource(schedule).properties().child("Target").requiredText("Input");
    }

    private static Components deployed(String function) {
        return new Components(settings(function), InstantSource.system(), instant -> {}, UnaryOperator.identity());
    }

    private static Settings settings(String function) {
        Map<String, String> environment = new HashMap<>(
                DeployedTemplate.asWritten().function(function).environment());
        environment.put("AWS_REGION", "eu-west-1");
        return Settings.from(environment);
    }
}
