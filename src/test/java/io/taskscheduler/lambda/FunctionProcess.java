package io.taskscheduler.lambda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A function as Lambda runs it: a process with AWS's runtime interface client, which asks {@link RuntimeApi} for its events. */
public final class FunctionProcess implements AutoCloseable {

    private final RuntimeApi api = new RuntimeApi();
    private final Process process;

    /** Starts it; what it prints goes into the file. */
    public FunctionProcess(List<String> command, Map<String, String> environment, File log) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands it an event, also before it is ready for one; comes back with its answer. */
    public String invoke(String event) {
        return api.invoke(event);
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it as Lambda does, so that what it does at its end is done. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
