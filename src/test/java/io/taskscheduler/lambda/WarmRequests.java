package io.taskscheduler.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Requests to functions that are warm, for JMH to count what they allocate; their environment leads to a {@link StandIn}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
public class WarmRequests {

    private static final Pattern ID = Pattern.compile("\\\\\"task_id\\\\\":\\s*\\\\\"([0-9A-Z]{26})");

    private final RequestStreamHandler scheduleTask = new ScheduleTaskHandler();
    private final RequestStreamHandler executeTask = new ExecuteTaskHandler();

    @Param("")
    public String receiver = "";

    /** Schedules a task that is due in 20 s. */
    @Benchmark
    public String schedule() throws IOException {
        return OneAnswer.of(scheduleTask, post("PT20S", receiver));
    }

    /** Schedules a task that is due at once, and sends its webhook. */
    @Benchmark
    public String schedule_and_execute() throws IOException {
        return OneAnswer.of(executeTask, wakeUp(OneAnswer.of(scheduleTask, post("PT0S", receiver))));
    }

    static String post(String delay, String receiver) throws IOException {
        return Files.readString(Path.of("events/schedule-task-event.json")).replace("PT5S", delay)
                .replace("http://localhost:3000/_local/inbox/hello", receiver);
    }

    static String wakeUp(String scheduled) throws IOException {
        Matcher id = ID.matcher(scheduled);
        if (!id.find()) {
            throw new IllegalStateException(scheduled);
        }
        return Files.readString(Path.of("events/timer-queue-event.json")).replace("01JD5ZK6E0R9W1V8M3Q7T2X4YB",
                id.group(1));
    }
}
