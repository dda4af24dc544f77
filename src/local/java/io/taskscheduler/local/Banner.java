package io.taskscheduler.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.taskscheduler.local.http.Health;

/** What is printed when everything is ready: where it listens, and what to paste next. */
final class Banner {
    private Banner() {}

    static String of(int port, Health health, Optional<Path> data) {
        String services = health.endpoints().entrySet().stream().filter(entry -> !entry.getKey().equals("api"))
                .sorted(Map.Entry.comparingByKey()).map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("   "));
        return """

                Task Scheduler is ready.

                  API        %1$s
                  services   %2$s
                  kept in    %3$s
                  signed     with %4$s

                Schedule a webhook to the inbox in 5 seconds:

                  curl -s %1$s/schedule-task -H 'content-type: application/json' \\
                    -d '{"action": "webhook", "delay": "PT5S", "payload": {"url": "%1$s/_local/inbox/hello", "data": {"message": "Task executed!"}}}'

                See it arrive, and what became of the task (its task_id is in the answer):

                  curl -s '%1$s/_local/inbox?name=hello'
                  curl -s %1$s/tasks/TASK_ID

                Need not wait: schedule with "delay": "P3D", then let three days pass:

                  curl -s %1$s/_local/clock -d '{"advance": "P3D"}'

                Ctrl-C ends it and everything it started.
                """
                .formatted("http://localhost:" + port, services,
                        data.map(folder -> folder.toAbsolutePath().normalize().toString())
                                .orElse("memory; -Dlocal.data=FOLDER keeps it"),
                        health.signingSecret());
    }
}
