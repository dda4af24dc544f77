package io.taskscheduler.local;

import io.taskscheduler.fixture.FreePort;
import io.taskscheduler.local.faults.Watch;
import io.taskscheduler.template.DeployedTemplate;
import io.taskscheduler.template.RoleCheck;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole system as {@code mvn -Plocal} starts it, in this JVM and on a free port, until it is closed. Its functions may do what their roles in
 * the template allow: any other call is refused, and an error when all is over.
 */
public final class RunningSystem implements AutoCloseable {

    private final LocalRun run;
    private final URI api;
    private final RoleCheck roles;
    private final Watch watch;

    private RunningSystem(LocalRun run, URI api, RoleCheck roles, Watch watch) {
        this.run = run;
        this.api = api;
        this.roles = roles;
        this.watch = watch;
    }

    public static RunningSystem start() {
        return start(Map.of(), Path.of(""));
    }

    /** Far timers fire at some second of their minute. */
    public static RunningSystem startWithSpreadTimers() {
        return start(Map.of("local.timers", "aws"), Path.of(""));
    }

    /** Callers must show what {@code ApiAuth} asks them for. */
    public static RunningSystem startWithAuth(String auth) {
        return start(Map.of("local.auth", auth, "local.cors-origins", "https://console.example.com"), Path.of(""));
    }

    /** Pages of these origins may call it. */
    public static RunningSystem startWithOrigins(String origins) {
        return start(Map.of("local.cors-origins", origins), Path.of(""));
    }

    /**
     * On what a run before it, that is closed, left in the folder.
     *
     * @param project has the {@code template.yaml} and the {@code target} to run
     */
    public static RunningSystem start(Path data, Path project) {
        return start(Map.of("local.data", data.toString()), project);
    }

    /**
     * With options as after {@code -D}.
     *
     * @param project has the {@code template.yaml} and the {@code target} to run
     */
    public static RunningSystem start(Map<String, String> options, Path project) {
        int port = FreePort.find();
        Map<String, String> all = new HashMap<>(options);
        all.put("local.port", Integer.toString(port));
        // Not the usual ones: another run on this machine that starts at the same moment would choose them too.
        List.of("dynamodb", "sqs", "scheduler")
                .forEach(part -> all.put("local." + part + "-port", Integer.toString(FreePort.find())));
        LocalRun run = new LocalRun(LocalOptions.from(all), project,
                line -> {
                    throw new AssertionError(line);
                });
        RoleCheck roles = new RoleCheck(DeployedTemplate.asRunLocally().with(Map.of("Tracing", "on")));
        Watch watch = Watch.keptBy(roles);
        run.start();
        return new RunningSystem(run, URI.create("http://localhost:" + port), roles, watch);
    }

    public URI api() {
        return api;
    }

    /** What the functions did with their roles so far. */
    public RoleCheck roles() {
        return roles;
    }

    @Override
    public void close() {
        run.close();
        watch.close();
        if (!roles.refused().isEmpty()) {
            throw new AssertionError(String.join("; ", roles.refused()));
        }
    }
}
