package io.taskscheduler.local.http;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * An HTTP server whose every request runs on a virtual thread of its own. Bound to 127.0.0.1 it listens on ::1 too where
 * there is one, so that {@code localhost} reaches it whatever that resolves to. A request above 10 MiB is answered as API
 * Gateway does, with 413.
 */
public final class LocalHttpServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int LARGEST_BODY = 10 * 1024 * 1024;
    private static final System.Logger LOG = System.getLogger(LocalHttpServer.class.getName());

    static {
        // Without it an answer of two packets waits 40 ms for the caller's acknowledgement of the first.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final List<HttpServer> servers;

    private LocalHttpServer(List<HttpServer> servers) {
        this.servers = servers;
    }

    /** Listens; a port that is taken is a {@link BindException} that names it. Port 0 takes a free one. */
    public static LocalHttpServer start(String bind, int port, Endpoint endpoint) throws IOException {
        List<HttpServer> servers = new ArrayList<>();
        try {
            servers.add(listen(InetAddress.getByName(bind), port));
            if (bind.equals("127.0.0.1")) {
                listenOnIpv6Loopback(servers, servers.getFirst().getAddress().getPort());
            }
        } catch (BindException e) {
            servers.forEach(server -> server.stop(0));
            throw new BindException("port " + port + " is taken on " + bind);
        }
        for (HttpServer server : servers) {
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> serve(exchange, endpoint));
            server.start();
        }
        return new LocalHttpServer(List.copyOf(servers));
    }

    /** The port it listens on. */
    public int port() {
        return servers.getFirst().getAddress().getPort();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }

    private static void listenOnIpv6Loopback(List<HttpServer> servers, int port) throws IOException {
        try {
            servers.add(listen(Inet6Address.getByName("::1"), port));
        } catch (BindException taken) {
            if (String.valueOf(taken.getMessage()).contains("in use")) {
                throw taken;
            }
        } catch (SocketException noIpv6) {
            LOG.log(System.Logger.Level.DEBUG, "no IPv6 here", noIpv6);
        }
    }

    private static HttpServer listen(InetAddress address, int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
    }

    private static void serve(HttpExchange exchange, Endpoint endpoint) throws IOException {
        try (exchange) {
            Optional<byte[]> body = RequestBody.read(exchange.getRequestBody(), LARGEST_BODY);
            Reply reply = body.isPresent()
                    ? endpoint.answer(request(exchange, body.get()))
                    : Reply.message(413, "Request Entity Too Large");
            switch (reply) {
                case Reply.Answer answer -> send(exchange, answer);
                case Reply.HangUp() -> LOG.log(System.Logger.Level.DEBUG, "hung up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI(), e);
            send(exchange, Reply.message(500, "Internal Server Error"));
        }
    }

    private static Request request(HttpExchange exchange, byte[] body) {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        String query = exchange.getRequestURI().getRawQuery();
        String path = exchange.getRequestURI().getRawPath();
        return new Request(exchange.getRequestMethod(), path == null || path.isEmpty() ? "/" : path,
                query == null ? "" : query,
                headers, body, exchange.getProtocol(), exchange.getRemoteAddress().getAddress().getHostAddress());
    }

    private static void send(HttpExchange exchange, Reply.Answer answer) throws IOException {
        answer.headers().forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        boolean bodiless = head || answer.status() == 204 || answer.status() == 304;
        if (head && answer.body().length > 0) {
            exchange.getResponseHeaders().set("content-length", Integer.toString(answer.body().length));
        }
        exchange.sendResponseHeaders(answer.status(),
                bodiless || answer.body().length == 0 ? -1 : answer.body().length);
        if (!bodiless && answer.body().length > 0) {
            exchange.getResponseBody().write(answer.body());
        }
    }
}
