package io.taskscheduler.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * What a function calls, answering at once: the services of AWS, as far as successful calls go, and a receiver of webhooks. It keeps the items that
 * are put, and judges nothing: no condition ever fails. It needs nothing but Java, so that an image can be built with it.
 */
public final class StandIn implements AutoCloseable {

    private static final Pattern TASK_ID = Pattern.compile("\"task_id\":\\s*\\{\"S\":\\s*\"([^\"]+)\"}");
    private static final Pattern MESSAGE = Pattern.compile("\"MessageBody\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpServer server;
    private final String scheme;
    private final Map<String, String> items = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();

    public StandIn() {
        this(Optional.empty());
    }

    /** @param tls answers with https where it is there */
    public StandIn(Optional<SSLContext> tls) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = tls.isPresent()
                    ? secure(HttpsServer.create(address, 0), tls.get())
                    : HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scheme = tls.isPresent() ? "https" : "http";
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private static HttpServer secure(HttpsServer server, SSLContext tls) {
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    /** Where a webhook can be sent to: the path says which status it answers. */
    public String receiver(int status) {
        return endpoint() + "/receiver/" + status;
    }

    /** Operations of AWS that were called, and "webhook". */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** What the template and Lambda put into the functions' environment, leading here. */
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (String service : List.of("DYNAMODB", "SQS", "SCHEDULER", "SECRETS_MANAGER")) {
            environment.put("AWS_ENDPOINT_URL_" + service, endpoint());
        }
        environment.putAll(Map.of("AWS_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SESSION_TOKEN",
                "IQoJb3JpZ2lu",
                "AWS_LAMBDA_FUNCTION_NAME", "measured", "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"));
        environment.putAll(Map.of("TABLE_NAME", "TasksTable", "INDEX_SHARDS", "16", "TASK_RETENTION_DAYS", "30",
                "SCHEDULE_GROUP_NAME", "ScheduleGroup", "TIMER_QUEUE_URL", endpoint() + "/123456789012/TimerQueue",
                "WAKE_UP_QUEUE_URL", endpoint() + "/123456789012/WakeUpQueue", "WAKE_UPS_PER_SECOND", "50"));
        environment.putAll(Map.of("TIMER_TARGET_ARN", "arn:aws:lambda:us-east-1:123456789012:function:measured",
                "TIMER_ROLE_ARN", "arn:aws:iam::123456789012:role/TimerRole", "TIMER_DEAD_LETTER_QUEUE_ARN",
                "arn:aws:sqs:us-east-1:123456789012:TimerDeadLetterQueue", "PRECISION", "second",
                "WEBHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "WEBHOOK_ALLOWED_HOSTS", "", "WEBHOOK_BLOCKED_PORTS", "25",
                "API_AUTH", "iam", "JWT_SCOPES", "read write operate", "PAGE_TOKEN_KEY", "a".repeat(64)));
        environment.putAll(Map.of("SIGNING_SECRET", "signing", "SECRETS_PREFIX", "task-scheduler/"));
        return environment;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private String endpoint() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/receiver/")) {
                calls.add("webhook");
                exchange.sendResponseHeaders(Integer.parseInt(path.substring("/receiver/".length())), -1);
                return;
            }
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String operation = path.startsWith("/schedules/") ? "Schedule" : target.replaceFirst(".*\\.", "");
            calls.add(operation);
            byte[] answer = answer(operation, body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private String answer(String operation, String body) {
        return switch (operation) {
            case "PutItem" -> {
                items.put(first(TASK_ID, body), item(body));
                yield "{}";
            }
            case "GetItem" -> Optional.ofNullable(items.get(first(TASK_ID, body)))
                    .map(item -> "{\"Item\":" + item + "}").orElse("{}");
            case "Query" -> "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}";
            case "SendMessage" -> "{\"MessageId\":\"5fea7756-0ea4-451a-a703-a558b933e274\",\"MD5OfMessageBody\":\""
                    + md5(unescaped(first(MESSAGE, body))) + "\"}";
            case "GetSecretValue" -> "{\"Name\":\"signing\",\"SecretString\":\"" + "QUJD".repeat(12) + "\"}";
            case "Schedule" -> "{\"ScheduleArn\":\"arn:aws:scheduler:us-east-1:123456789012:schedule/g/n\"}";
            default -> "{}";
        };
    }

    private static String first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalArgumentException(pattern + " is not in " + text);
        }
        return found.group(1);
    }

    /** The object behind "Item": up to the brace that closes it. */
    private static String item(String body) {
        int from = body.indexOf('{', body.indexOf("\"Item\""));
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '{') {
                depth++;
            } else if (!quoted && c == '}' && --depth == 0) {
                return body.substring(from, i + 1);
            }
        }
        throw new IllegalArgumentException("no item in " + body);
    }

    private static String unescaped(String json) {
        return json.replace("\\\"", "\"").replace("\\/", "/").replace("\\\\", "\\");
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
