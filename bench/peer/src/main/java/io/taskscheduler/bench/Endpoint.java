package io.taskscheduler.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A server on a free port of this machine, a virtual thread to each request; lines of text in and out. */
final class Endpoint {
    private static final int BACKLOG = 4096;

    private final HttpServer server;

    Endpoint() throws IOException {
        // Connections are kept by those who call: one that is closed here just when it is used again would look like a lost call.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
        System.setProperty("sun.net.httpserver.idleInterval", "86400");
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** What answers a request whose body, if any, it has not read. */
    interface Answer {
        String to(HttpExchange exchange) throws IOException;
    }

    Endpoint on(String path, Answer answer) {
        server.createContext(path, exchange -> {
            byte[] text = answer.to(exchange).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        return this;
    }

    /** Says its port on the standard output, and returns when the standard input ends. */
    void serve() throws IOException {
        server.start();
        System.out.println("listening on " + server.getAddress().getPort());
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
        server.stop(0);
    }

    static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }
}
