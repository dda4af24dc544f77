package io.taskscheduler.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.taskscheduler.fixture.NoContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that makes a handler as Lambda does, hands it an event and prints the answer. Arguments: the handler's class, a file with the event. */
final class OneAnswer {

    private OneAnswer() {}

    public static void main(String[] given) throws ReflectiveOperationException, IOException {
        RequestStreamHandler handler = Class.forName(given[0]).asSubclass(RequestStreamHandler.class).getConstructor()
                .newInstance();
        System.err.println("answer " + of(handler, Files.readString(Path.of(given[1]))));
    }

    static String of(RequestStreamHandler handler, String event) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer,
                new NoContext());
        return answer.toString(StandardCharsets.UTF_8);
    }
}
