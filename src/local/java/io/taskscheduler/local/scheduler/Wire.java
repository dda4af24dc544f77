package io.taskscheduler.local.scheduler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.taskscheduler.local.http.RequestBody;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** HTTP in and out, as the AWS SDKs expect it. Signatures are not checked. */
final class Wire implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(Wire.class.getName());
    private static final int MAX_BODY = 1024 * 1024;

    private final Routes routes;

    Wire(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
            try {
                send(exchange, 200, answer(exchange));
            } catch (Refusal refusal) {
                send(exchange, refusal);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR,
                        exchange.getRequestMethod() + " " + exchange.getRequestURI() + " failed", e);
                send(exchange, Refusal.internal());
            }
        }
    }

    private ObjectNode answer(HttpExchange exchange) throws IOException {
        var body = RequestBody.read(exchange.getRequestBody(), MAX_BODY)
                .orElseThrow(() -> Refusal.invalid("The request is larger than " + MAX_BODY + " bytes."));
        var uri = exchange.getRequestURI();
        return routes.answer(exchange.getRequestMethod(), path(uri.getRawPath()),
                Query.parse(Optional.ofNullable(uri.getRawQuery())), body);
    }

    private static List<String> path(String raw) {
        return Arrays.stream(raw.substring(1).split("/", -1))
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"),
                        StandardCharsets.UTF_8))
                .toList();
    }

    private static void send(HttpExchange exchange, Refusal refusal) throws IOException {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", refusal.type());
        send(exchange, refusal.status(), Json.object().put("Message", refusal.message()));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        var bytes = Json.bytes(json);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
