package io.taskscheduler.handler;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import io.taskscheduler.fake.InMemoryTaskStore;
import io.taskscheduler.fake.RecordingTimers;
import io.taskscheduler.fake.RecordingWakeUps;
import io.taskscheduler.fake.ScriptedActions;
import io.taskscheduler.fixture.Execution;
import io.taskscheduler.fixture.ManualClock;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.fixture.Tasks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Any bytes as what wakes ExecuteTask: they are understood, or the invocation fails by saying what is wrong with the event. */
public final class EventFuzz {

    private EventFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        InMemoryTaskStore store = new InMemoryTaskStore();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        ManualClock clock = new ManualClock(Tasks.RUN_AT);
        ExecuteTaskHandler handler = new ExecuteTaskHandler(
                Execution.of(store, new RecordingTimers(), new RecordingWakeUps(),
                        new ScriptedActions(Tasks.status(200)), clock, () -> "lease"),
                "arn:aws:sqs:us-east-1:123456789012:TimerDeadLetterQueue", new Log(clock, nowhere),
                new Metrics("tasks", clock, nowhere));
        try {
            handler.handleRequest(new ByteArrayInputStream(input), OutputStream.nullOutputStream(), new NoContext());
        } catch (BareFault refused) {
            promise(String.valueOf(refused.getMessage()).contains("the event"),
                    "refused, and nobody knows why: " + refused);
        }
    }
}
