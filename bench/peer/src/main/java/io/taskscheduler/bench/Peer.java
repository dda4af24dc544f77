package io.taskscheduler.bench;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.sun.net.httpserver.HttpExchange;
import com.zaxxer.hikari.HikariDataSource;

/**
 * The peer: db-scheduler on a database, started as {@code Peer <mem:NAME, file:PATH or postgresql://…> <URL of the receiver> [at-once]}; with the
 * last it looks for work whenever a task is scheduled that is due, and not only at its next poll. {@code POST /tasks}
 * takes a line to each task, its id and the milliseconds since 1970 at which it is due, and answers when all are stored;
 * {@code /late} says of each that was sent by how many microseconds it was late.
 *
 * <p>Tuned by what its own pages advise, on two cores that others used too, the fastest kept. The median lateness of single
 * tasks is half the poll, 45 to 60 ms, with all of them. The last of 2,000 due at once ran after, in seconds:
 * <ul>
 * <li>database, 20 threads: H2 on files 1.9, H2 in memory 1.6, HSQLDB (MVCC) on files 2.4, in memory 2.7;
 * <li>compiler: with the first alone ({@code TieredStopAtLevel=1}) 0.9 to 1.3, with both 1.9;
 * <li>strategy, first compiler alone, in turns: fetch (0.5, 3) 2.1, 1.7, 1.8; lock and fetch (4, 20) 2.5, 1.3, 1.5, and 0.9
 * against 1.3 in a quieter minute. Kept: lock and fetch, for which it needs {@link LockingH2};
 * <li>threads, both compilers: 4 and 10 2.9, 20 1.9, 50 1.9, 100 3.4; first alone: 20 1.3, 50 1.8, 100 2.0; lock and fetch 20
 * 0.9, 50 1.3;
 * <li>limits of fetch: (1, 20) 3.2, (4, 20) with 10 threads 3.4, (0.5, 4) with 50 threads 2.3; virtual threads 3.4.
 * </ul>
 */
public final class Peer {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int THREADS = 20;
    // Of executions that wait for a thread, to each thread: below the first more are fetched, up to the second.
    private static final double LOWER_LIMIT = 4;
    private static final double UPPER_LIMIT = 20;
    // What polls, beats and cleans up wants one besides.
    private static final int CONNECTIONS = THREADS + 3;

    private final Scheduler scheduler;
    private final OneTimeTask<String> webhook;

    private Peer(Scheduler scheduler, OneTimeTask<String> webhook) {
        this.scheduler = scheduler;
        this.webhook = webhook;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Webhooks webhooks = new Webhooks(InstantSource.system(), URI.create(arguments[1]));
        OneTimeTask<String> webhook = Tasks.oneTime("webhook", String.class).execute((task, context) -> webhooks
                .send(task.getId(), task.getData(), context.getExecution().getExecutionTime()));
        try (HikariDataSource database = PeerDatabase.open(arguments[0], CONNECTIONS)) {
            SchedulerBuilder builder = Scheduler.create(database, List.of(webhook)).pollingInterval(POLL)
                    .threads(THREADS).pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT);
            if (PeerDatabase.isH2(arguments[0])) {
                builder.jdbcCustomization(new LockingH2());
            }
            if (arguments.length > 2) {
                builder.enableImmediateExecution();
            }
            Scheduler scheduler = builder.build();
            scheduler.start();
            Peer peer = new Peer(scheduler, webhook);
            new Endpoint().on("/tasks", peer::schedule).on("/late", _ -> webhooks.late()).serve();
            scheduler.stop();
        }
        System.exit(0);
    }

    private String schedule(HttpExchange exchange) throws IOException {
        List<SchedulableInstance<?>> tasks = Endpoint.body(exchange).lines().<SchedulableInstance<?>>map(this::task)
                .toList();
        if (tasks.size() == 1) {
            scheduler.schedule(tasks.getFirst());
        } else {
            scheduler.scheduleBatch(tasks);
        }
        return "";
    }

    private SchedulableInstance<String> task(String line) {
        String[] parts = line.split(" ", 2);
        return SchedulableInstance.of(webhook.instance(parts[0], Webhooks.BODY),
                Instant.ofEpochMilli(Long.parseLong(parts[1])));
    }
}
