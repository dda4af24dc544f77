package io.taskscheduler.journey;

import io.taskscheduler.adapter.clock.SleepingPause;
import io.taskscheduler.fixture.Consumption;
import io.taskscheduler.fixture.Consumption.Taken;
import io.taskscheduler.local.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code bench/bill} counts: for each way what its tasks take of AWS, in the running system. Two ways are gone in real time, because there
 * the wait for the last part of a second counts.
 */
final class BillSample {

    private static final Duration AHEAD = Duration.ofSeconds(12);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final SleepingPause PAUSE = new SleepingPause(CLOCK);
    private static final int IDLE_MINUTES = 20;

    private final Laboratory lab;
    private final Consumption consumption;
    private final Map<String, Object> found = new TreeMap<>();

    private BillSample(Laboratory lab, Consumption consumption) {
        this.lab = lab;
        this.consumption = consumption;
    }

    /** Arguments: the file to write, the tasks of a way on the virtual clock, those in real time. */
    public static void main(String[] arguments) throws IOException {
        try (Consumption consumption = Consumption.open();
                RunningSystem system = RunningSystem.startWithSpreadTimers();
                Laboratory lab = new Laboratory(new Caller(system.api()))) {
            BillSample sample = new BillSample(lab, consumption);
            sample.realTime("near, delay", Integer.parseInt(arguments[2]), now -> "\"delay\": \"PT12S\"");
            sample.realTime("near, run_at", Integer.parseInt(arguments[2]), now -> "\"run_at\": \""
                    + now.plus(AHEAD).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1) + "\"");
            for (TaskWays way : TaskWays.values()) {
                sample.virtual(way, Integer.parseInt(arguments[1]));
            }
            sample.idle();
            Files.writeString(Path.of(arguments[0]),
                    JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(sample.found));
        }
        // The SDK's and the launcher's threads may outlive it.
        System.exit(0);
    }

    private void realTime(String name, int tasks, Function<Instant, String> members) {
        Random random = new Random(1);
        lab.moveUntilFinal(List.of(lab.caller().schedule("warm", "\"delay\": \"PT1S\"")));
        consumption.reset();
        List<String> ids = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            ids.add(lab.caller().schedule("real", members.apply(lab.caller().now())));
            PAUSE.until(CLOCK.instant().plusMillis(random.nextInt(60)));
        }
        Instant latest = CLOCK.instant().plus(LONGEST);
        while (!ids.stream().allMatch(lab::isFinal)) {
            if (CLOCK.instant().isAfter(latest)) {
                throw new IllegalStateException(name + ": not all tasks came to their end");
            }
            PAUSE.until(CLOCK.instant().plusMillis(500));
        }
        note(name, tasks);
    }

    private void virtual(TaskWays way, int tasks) {
        consumption.reset();
        int gone = way.go(lab, tasks);
        note(way.name().toLowerCase(Locale.ROOT).replace('_', ' '), gone);
    }

    private void idle() {
        lab.caller().pass("PT10M");
        consumption.reset();
        for (int minute = 0; minute < IDLE_MINUTES; minute++) {
            lab.caller().pass("PT1M");
        }
        note("idle minutes", IDLE_MINUTES);
    }

    private void note(String name, int count) {
        Map<String, Taken> taken = consumption.taken();
        found.put(name, Map.of("count", count, "functions", taken));
        taken.forEach((function, each) -> System.err.printf(Locale.ROOT,
                "%-20s %-24s runs %5d  writes %7.1f (index %6.1f)  reads %6.1f  lines %5d  bytes %7d  %s%n", name,
                function, each.runs(), each.writeUnits(), each.indexWriteUnits(), each.readUnits(), each.lines(),
                each.bytes(), each.calls()));
    }
}
