package io.taskscheduler.load;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tasks of a kilobyte, as callers ask for them. */
final class Orders {
    /** The header that goes with them. */
    static final String JSON = "content-type: application/json\r\n";

    private static final Pattern ID = Pattern.compile("\"task_id\"\\s*:\\s*\"([^\"]+)\"");
    private static final String ORDER = """
            {"action":"webhook","delay":"%s","labels":{"order":"4711"},"payload":{"url":"%s","data":{"message":"Task executed!%s"}}}""";
    private static final String FILLING = "x".repeat(500);

    private Orders() {}

    static String of(String delay, String url) {
        return ORDER.formatted(delay, url, FILLING);
    }

    /** Schedules one and gives its id. */
    static String schedule(Line line, String delay, String url) throws IOException {
        String answer = line.ask("POST", "/schedule-task", of(delay, url), 201).text();
        Matcher id = ID.matcher(answer);
        if (!id.find()) {
            throw new IOException("an answer without a task_id: " + answer);
        }
        return id.group(1);
    }
}
