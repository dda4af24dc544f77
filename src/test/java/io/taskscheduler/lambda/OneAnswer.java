package io.taskscheduler.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.management.ThreadMXBean;
import io.taskscheduler.fixture.NoContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that makes a handler as Lambda does, hands it an event a number of times, and prints what the last time allocated on its thread. Arguments: the
 * handler's class, a file with the event, how many times.
 */
final class OneAnswer {

    private OneAnswer() {}

    public static void main(String[] given) throws ReflectiveOperationException, IOException {
        RequestStreamHandler handler = Class.forName(given[0]).asSubclass(RequestStreamHandler.class).getConstructor()
                .newInstance();
        byte[] event = Files.readAllBytes(Path.of(given[1]));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int times = Integer.parseInt(given[2]);
        long allocated = 0;
        for (int i = 0; i < times; i++) {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            long before = threads.getCurrentThreadAllocatedBytes();
            handler.handleRequest(new ByteArrayInputStream(event), answer, new NoContext());
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            System.err.println(answer.toString(StandardCharsets.UTF_8));
        }
        System.err.println("allocated " + allocated);
    }
}
