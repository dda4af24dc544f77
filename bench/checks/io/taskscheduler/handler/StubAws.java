package io.taskscheduler.handler;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.wiring.Settings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * AWS, the credentials of a container and a webhook's receiver, in a process of their own, that answer at once. GetItem gives a task that is due
 * now: each half second one is scheduled here, by the handler itself. Prints its port; ends with its standard input.
 */
final class StubAws {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static volatile String item = "{}";

    private StubAws() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", StubAws::answer);
        server.start();
        PrintStream out = System.out;
        System.setOut(new PrintStream(PrintStream.nullOutputStream()));
        ScheduleTaskHandler handler = new ScheduleTaskHandler(
                new Components(Settings.from(System.getenv()), Instant::now, at -> {}, actions -> actions));
        ScheduledExecutorService each = Executors.newSingleThreadScheduledExecutor();
        keep(handler, port);
        each.scheduleAtFixedRate(() -> keep(handler, port), 500, 500, TimeUnit.MILLISECONDS);
        out.println("ready");
        out.flush();
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }

    private static void keep(ScheduleTaskHandler handler, int port) {
        byte[] event = PrimedRequests.schedule("http://127.0.0.1:" + port + "/hook", "PT0S");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event), answer, new NoInvocation());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!answer.toString(StandardCharsets.UTF_8).startsWith("{\"statusCode\":201,")) {
            System.err.println("the stub could not schedule: " + answer);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String target = exchange.getRequestHeaders().getFirst("x-amz-target");
        byte[] answer = switch (target == null
                ? exchange.getRequestURI().getPath()
                : target.replaceFirst(".*\\.", "")) {
            case "/credentials" ->
                bytes("{\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"secret\",\"Token\":\"token\","
                        + "\"Expiration\":\"" + Instant.now().plusSeconds(3_600) + "\"}");
            case "PutItem" -> {
                JsonNode put = MAPPER.readTree(body).path("Item");
                if (put.path("status").path("S").asString("").equals("scheduled")) {
                    item = put.toString();
                }
                yield bytes("{}");
            }
            case "GetItem" -> bytes("{\"Item\":" + item + "}");
            case "SendMessage" -> bytes("{\"MessageId\":\"m\",\"MD5OfMessageBody\":\""
                    + md5(MAPPER.readTree(body).path("MessageBody").asString()) + "\"}");
            case "GetSecretValue" -> bytes("{\"Name\":\"s\",\"SecretString\":\"" + "A".repeat(64) + "\"}");
            default -> bytes("{\"ok\":true}");
        };
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes(text)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
