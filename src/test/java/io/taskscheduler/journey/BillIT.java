package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.Consumption;
import io.taskscheduler.fixture.Consumption.Taken;
import io.taskscheduler.local.RunningSystem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a task of each way takes of AWS: what {@code bench/bill} puts a price on, as far as it is the same in each run. Times are not.
 */
class BillIT {

    /** Of a way; for the batch as many as it holds. */
    private static final int TASKS = 2;

    private static @Nullable Consumption consumption;
    private static @Nullable RunningSystem system;
    private static @Nullable Laboratory laboratory;

    private final Consumption taken = requireNonNull(consumption);

    @BeforeAll
    static void start() {
        consumption = Consumption.open();
        system = RunningSystem.start();
        laboratory = new Laboratory(new Caller(system.api()));
    }

    @AfterAll
    static void end() {
        requireNonNull(laboratory).close();
        requireNonNull(system).close();
        requireNonNull(consumption).close();
    }

    @ParameterizedTest
    @CsvSource({"NEAR_SECOND, 6, 1, 1, 1, 0", "NEAR_MINUTE, 6, 1, 1, 1, 0", "NEAR_ONE_KILOBYTE, 9, 1, 1, 1, 0",
            "ONE_RETRY, 11, 2, 2, 2, 0", "FAILED_FIVE_TIMES, 30, 5, 5, 5, 0", "FAR_SECOND, 6, 2, 2, 1, 1",
            "FAR_MINUTE, 6, 1, 1, 0, 1", "CANCELLED, 5, 2, 1, 1, 0", "BATCH_OF_25, 6, 1, 1, 1, 0"})
    void a_task_takes_as_little_capacity_and_as_few_messages_schedules_and_runs_as_ever(TaskWays way, int writes,
            int reads, int runs, int messages, int schedules) {
        int tasks = gone(way);

        Taken schedule = taken.taken("ScheduleTaskFunction");
        Taken execute = taken.taken("ExecuteTaskFunction");
        assertThat((schedule.writeUnits() + execute.writeUnits()) / tasks).as("write units").isEqualTo(writes);
        assertThat((schedule.readUnits() + execute.readUnits()) / tasks).as("read units").isEqualTo(reads);
        assertThat(execute.runs()).as("runs").isEqualTo(runs * tasks);
        assertThat(schedule.calls("Sqs SendMessage") + execute.calls("Sqs SendMessage")).as("messages")
                .isEqualTo(messages * tasks);
        assertThat(schedule.calls("Scheduler CreateSchedule")).as("schedules").isEqualTo(schedules * tasks);
    }

    /** In bytes, without the lines that Lambda and API Gateway write. */
    @ParameterizedTest
    @CsvSource({"NEAR_SECOND, 1, 228, 2, 690", "FAR_SECOND, 1, 228, 3, 940", "CANCELLED, 3, 650, 1, 240",
            "BATCH_OF_25, 1.04, 190, 2, 690"})
    void a_task_leaves_no_more_log_than_this(TaskWays way, double linesBehindTheApi, int bytesBehindTheApi,
            double linesOfRuns, int bytesOfRuns) {
        int tasks = gone(way);

        Taken schedule = taken.taken("ScheduleTaskFunction");
        Taken execute = taken.taken("ExecuteTaskFunction");
        assertThat(schedule.lines()).as("%s", schedule.samples())
                .isEqualTo((int) Math.round(linesBehindTheApi * tasks));
        assertThat(schedule.bytes() / tasks).as("%s", schedule.samples()).isLessThanOrEqualTo(bytesBehindTheApi);
        assertThat(execute.lines()).as("%s", execute.samples()).isEqualTo((int) Math.round(linesOfRuns * tasks));
        assertThat(execute.bytes() / tasks).as("%s", execute.samples()).isLessThanOrEqualTo(bytesOfRuns);
    }

    private int gone(TaskWays way) {
        taken.reset();
        return way.go(requireNonNull(laboratory), TASKS);
    }
}
