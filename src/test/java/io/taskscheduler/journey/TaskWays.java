package io.taskscheduler.journey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ways that tasks go from their order to their end, each for some tasks at a time on the virtual clock. Tasks of one way are due a second
 * apart, so that each is woken by a run of its own.
 */
enum TaskWays {
    /** In a minute, by the minute. */
    NEAR_MINUTE("\"delay\": \"PT%dS\", \"precision\": \"minute\"", 60),
    /** In a minute, to the second. */
    NEAR_SECOND("\"delay\": \"PT%dS\"", 60),
    /** The same with a kilobyte of data. */
    NEAR_ONE_KILOBYTE("\"delay\": \"PT%dS\"", 60),
    /** The first attempt is answered with 503. */
    ONE_RETRY("\"delay\": \"PT%dS\"", 60),
    /** No attempt is answered with anything else. */
    FAILED_FIVE_TIMES("\"delay\": \"PT%dS\"", 60),
    /** In half an hour, to the second. */
    FAR_SECOND("\"delay\": \"PT%dS\"", 1_800),
    /** In half an hour, by the minute. */
    FAR_MINUTE("\"delay\": \"PT%dS\", \"precision\": \"minute\"", 1_800),
    /** Cancelled before its time; its timer fires all the same. */
    CANCELLED("\"delay\": \"PT%dS\"", 60),
    /** Twenty-five in one request, to the second. */
    BATCH_OF_25("\"delay\": \"PT%dS\"", 60);

    static final int BATCH = 25;
    private static final String KILOBYTE = "x".repeat(1_024 - "{\"message\":\"\"}".length());

    private final String members;
    private final int seconds;

    TaskWays(String members, int seconds) {
        this.members = members;
        this.seconds = seconds;
    }

    /** Lets as many tasks go the whole way, or as fill batches, and gives their number. */
    int go(Laboratory lab, int tasks) {
        List<String> ids = scheduled(lab.caller(), tasks);
        if (this == CANCELLED) {
            ids.forEach(id -> lab.caller().call("DELETE", "/tasks/" + id, ""));
        }
        lab.moveUntilFinal(ids);
        // What is left of their timers.
        lab.caller().pass("PT" + (seconds + ids.size() + 120) + "S");
        return ids.size();
    }

    private List<String> scheduled(Caller caller, int tasks) {
        if (this == BATCH_OF_25) {
            return IntStream.range(0, Math.ceilDiv(tasks, BATCH)).boxed()
                    .flatMap(batch -> batch(caller, batch * BATCH).stream()).toList();
        }
        List<String> ids = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            ids.add(caller.post("/schedule-task", order(caller, task)).text("task_id"));
        }
        return ids;
    }

    private List<String> batch(Caller caller, int first) {
        String orders = IntStream.range(first, first + BATCH).mapToObj(task -> order(caller, task))
                .collect(Collectors.joining(","));
        return caller.post("/schedule-tasks", "{\"tasks\": [" + orders + "]}").json().get("results").valueStream()
                .map(result -> result.at("/task/task_id").stringValue()).toList();
    }

    private String order(Caller caller, int task) {
        String inbox = "way-" + UUID.randomUUID().toString().substring(0, 8);
        if (this == ONE_RETRY) {
            caller.tellInbox(inbox, "[{\"status\": 503}, {\"status\": 200}]");
        }
        if (this == FAILED_FIVE_TIMES) {
            caller.tellInbox(inbox, "[" + String.join(",", Collections.nCopies(5, "{\"status\": 503}")) + "]");
        }
        String message = this == NEAR_ONE_KILOBYTE ? KILOBYTE : "Task executed!";
        return "{\"action\": \"webhook\", \"payload\": {\"url\": \"%s/_local/inbox/%s\", \"data\": {\"message\": \"%s\"}}, %s}"
                .formatted(caller.api(), inbox, message, members.formatted(seconds + task));
    }
}
