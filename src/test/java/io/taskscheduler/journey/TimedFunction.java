package io.taskscheduler.journey;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.fixture.NoContext;
import io.taskscheduler.handler.ExecuteTaskHandler;
import io.taskscheduler.handler.ScheduleTaskHandler;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One function in a process of its own, as Lambda runs it: made from its environment, then one event after the other. Events come in base64, a line
 * each; for each it answers with the nanoseconds that it took, those of the processor, and the function's answer in base64. The first line says what
 * making it took.
 */
final class TimedFunction {

    private static final com.sun.management.OperatingSystemMXBean SYSTEM = ManagementFactory
            .getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

    private TimedFunction() {}

    private interface Code {
        byte[] run(byte[] event) throws IOException;
    }

    /** Argument: {@code schedule} or {@code execute}. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        // Its log is not what is measured, nor is nobody's reading of it.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        long begun = System.nanoTime();
        Code code = arguments[0].equals("schedule") ? code(new ScheduleTaskHandler()) : code(new ExecuteTaskHandler());
        out.println("made " + (System.nanoTime() - begun) + " since start "
                + ManagementFactory.getRuntimeMXBean().getUptime());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            byte[] event = Base64.getDecoder().decode(line);
            long processor = SYSTEM.getProcessCpuTime();
            long started = System.nanoTime();
            byte[] answer = code.run(event);
            long took = System.nanoTime() - started;
            out.println(took + " " + (SYSTEM.getProcessCpuTime() - processor) + " "
                    + Base64.getEncoder().encodeToString(answer));
        }
        System.exit(0);
    }

    private static Code code(RequestStreamHandler handler) {
        return event -> {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), output, new NoContext());
            return output.toByteArray();
        };
    }
}
