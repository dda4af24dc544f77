package io.taskscheduler.local.scheduler;

import com.sun.net.httpserver.HttpServer;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.VirtualClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * EventBridge Scheduler as an HTTP server: all operations of its API, and schedules that fire on an agenda. With a data folder, everything
 * that was answered with success survives a killed process, and what became due meanwhile fires at the next start; an invocation is repeated
 * only if the process died between the invocation and its record.
 */
public final class SchedulerServer implements AutoCloseable {

    private static final int BACKLOG = 1024;

    static {
        // Without it, each answer of the JDK's server waits some 40 ms for the client's acknowledgement.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer http;
    private final ExecutorService executor;
    private final Firing firing;
    private final ScheduleStore store;

    private SchedulerServer(HttpServer http, ExecutorService executor, Firing firing, ScheduleStore store) {
        this.http = http;
        this.executor = executor;
        this.firing = firing;
        this.store = store;
    }

    /**
     * Starts it; port 0 takes a free one.
     *
     * @param data the folder to keep everything in, or nothing to forget it all at the end; one process at a time
     * @throws IOException when the port is taken ({@link java.net.BindException}) or the folder cannot be used
     */
    public static SchedulerServer start(InetSocketAddress bind, SchedulerOptions options, VirtualClock clock,
            Agenda agenda,
            Targets targets, Optional<Path> data) throws IOException {
        var http = HttpServer.create(bind, BACKLOG);
        try {
            var store = data.isPresent() ? ScheduleStore.in(data.get()) : ScheduleStore.inMemory();
            var firing = new Firing(store, clock, agenda, new Attempts(clock, targets, new Payload(options)), options);
            var tokens = new Tokens(store, clock);
            var groups = new Groups(store, firing, tokens, clock, options);
            var schedules = new Schedules(store, groups, firing, tokens, clock, options);
            groups.begin();
            firing.resume();
            var executor = Executors.newVirtualThreadPerTaskExecutor();
            http.createContext("/", new Wire(new Routes(schedules, groups)));
            http.setExecutor(executor);
            http.start();
            return new SchedulerServer(http, executor, firing, store);
        } catch (IOException | RuntimeException e) {
            http.stop(0);
            throw e;
        }
    }

    public URI endpoint() {
        var address = http.getAddress();
        var host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** Ends the server; takes its entries off the agenda, which it leaves open. */
    @Override
    public void close() {
        http.stop(0);
        firing.stop();
        executor.close();
        store.close();
    }
}
