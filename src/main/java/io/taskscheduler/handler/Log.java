package io.taskscheduler.handler;

import io.taskscheduler.handler.http.JsonText;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One JSON line per thing worth knowing, for CloudWatch Logs to index: {@code timestamp}, {@code level}, {@code message} and what belongs to
 * it. It is given ids, words and numbers only: never a payload, a header, an address or an answer.
 */
final class Log {

    private final InstantSource clock;
    private final PrintStream out;

    Log(InstantSource clock, PrintStream out) {
        this.clock = clock;
        this.out = out;
    }

    void info(String message, Map<String, ?> members) {
        line("INFO", message, members);
    }

    /** Something failed that should not: the cause goes with it, its stack trace on the same line, as a {@link BareFault}. */
    void error(String message, Map<String, ?> members, Throwable cause) {
        StringWriter trace = new StringWriter();
        BareFault.of(cause).printStackTrace(new PrintWriter(trace));
        Map<String, Object> all = new LinkedHashMap<>(members);
        all.put("cause", trace.toString());
        line("ERROR", message, all);
    }

    private void line(String level, String message, Map<String, ?> members) {
        out.println(JsonText.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("timestamp", clock.instant().toString());
            json.writeStringProperty("level", level);
            json.writeStringProperty("message", message);
            JsonText.writeMembers(json, members);
            json.writeEndObject();
        }));
    }
}
