package io.taskscheduler.local;

import java.util.Map;
import java.util.stream.Collectors;

import io.taskscheduler.local.http.Health;

/** What is printed when everything is ready: where it listens, and what to paste next. */
final class Banner {
    private Banner() {}

    static String of(int port, Health health, LocalOptions options) {
        String services = health.endpoints().entrySet().stream().filter(entry -> !entry.getKey().equals("api"))
                .sorted(Map.Entry.comparingByKey()).map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("   "));
        return """

                Task Scheduler is ready.

                  API        %1$s
                  services   %2$s
                  kept in    %3$s
                  signed     with %6$s

                %5$sSchedule a webhook to the inbox in 5 seconds:

                  curl -s%4$s %1$s/schedule-task -H 'content-type: application/json' \\
                    -d '{"action": "webhook", "delay": "PT5S", "payload": {"url": "%1$s/_local/inbox/hello", "data": {"message": "Task executed!"}}}'

                See it arrive, and what became of the task (its task_id is in the answer):

                  curl -s '%1$s/_local/inbox?name=hello'
                  curl -s%4$s %1$s/tasks/TASK_ID

                Need not wait: schedule with "delay": "P3D", then let three days pass:

                  curl -s %1$s/_local/clock -d '{"advance": "P3D"}'

                Ctrl-C ends it and everything it started.
                """
                .formatted("http://localhost:" + port, services,
                        options.data().map(folder -> folder.toAbsolutePath().normalize().toString())
                                .orElse("memory; -Dlocal.data=FOLDER keeps it"),
                        credentials(options.auth()), token(options.auth(), port), health.signingSecret());
    }

    private static String credentials(LocalOptions.Auth auth) {
        return switch (auth) {
            case NONE -> "";
            case JWT -> " -H \"authorization: Bearer $TOKEN\"";
            case IAM -> " --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local";
        };
    }

    private static String token(LocalOptions.Auth auth, int port) {
        return switch (auth) {
            case NONE, IAM -> "";
            case JWT -> """
                    Get a token, good for an hour of the clock here:

                      TOKEN=$(curl -s http://localhost:%d/_local/tokens \\
                        -d '{"scope": "task-scheduler/read task-scheduler/write task-scheduler/operate"}' \\
                        | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')

                    """.formatted(port);
        };
    }
}
