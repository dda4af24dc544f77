package io.taskscheduler.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two copies of a function that was warmed for a snapshot, hours later and in another world: AWS has moved, the credentials, the secret and the
 * time are others. A snapshot itself cannot be taken here: two processes stand for it that have done, drawn and seen the same until then, see
 * {@link SnapshotCopy}. What the JVM or Lambda keep beneath (the operating system's random source, sockets that thaw) is theirs to renew.
 */
class SnapshotIT {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> items = new ConcurrentHashMap<>();
    private volatile String world = "OLD";

    @TempDir
    Path classes;

    private record Call(String world, String operation, String authorization, String attempt, String signature,
            JsonNode body) {}

    @Test
    @Timeout(180)
    void two_copies_of_a_snapshot_share_nothing_that_must_not_be_shared() throws Exception {
        HttpServer credentials = serve(InetAddress.getLoopbackAddress(), 0);
        HttpServer before = serve(InetAddress.getLoopbackAddress(), 0);
        int port = before.getAddress().getPort();
        List<Process> copies = new ArrayList<>();
        try {
            List<BufferedReader> said = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Process copy = start(port, credentials.getAddress().getPort());
                copies.add(copy);
                said.add(new BufferedReader(new InputStreamReader(copy.getInputStream(), StandardCharsets.UTF_8)));
            }
            for (BufferedReader each : said) {
                assertThat(next(each, "TAKEN")).as("names looked up before the snapshot").isEqualTo("0");
            }
            assertThat(calls).as("calls before the snapshot").isEmpty();

            before.stop(0);
            world = "NEW";
            HttpServer after = serve(InetAddress.ofLiteral("127.0.0.2"), port);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                copies.get(i).getOutputStream().write((i + "\n").getBytes(StandardCharsets.UTF_8));
                copies.get(i).getOutputStream().flush();
            }
            for (BufferedReader each : said) {
                String[] answer = next(each, "ANSWERED").split(" ", -1);
                assertThat(answer[0]).isEqualTo("201");
                ids.add(answer[1]);
                assertThat(next(each, "EXECUTED")).isEqualTo("{\"batchItemFailures\":[]}");
                assertThat(Integer.parseInt(next(each, "ASKED"))).as("names looked up after it").isPositive();
            }
            after.stop(0);
            expectNothingShared(ids);
        } finally {
            copies.forEach(Process::destroyForcibly);
            credentials.stop(0);
        }
    }

    private void expectNothingShared(List<String> ids) {
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(operations()).as("each call once for each copy, and none that failed and came again")
                .containsExactlyInAnyOrderElementsOf(Stream.of("/credentials", "PutItem", "SendMessage", "GetItem",
                        "PutItem", "GetSecretValue", "/hook", "PutItem").flatMap(o -> Stream.of(o, o)).toList());
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.world()).isEqualTo("NEW");
            if (!call.operation().startsWith("/")) {
                assertThat(call.authorization()).contains("Credential=NEWKEY/");
                assertThat(call.attempt()).contains("attempt=1;");
            }
        });
        assertThat(leaseHolders()).hasSize(2).doesNotHaveDuplicates();
        assertThat(calls.stream().filter(call -> call.operation().equals("/hook")).map(Call::signature)).hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(items.values()).hasSize(2).allSatisfy(item -> assertThat(item).contains("completed")
                .contains(SnapshotCopy.TAKEN_AT.plus(SnapshotCopy.PASSED).toString().substring(0, 13))
                .doesNotContain(SnapshotCopy.TAKEN_AT.toString().substring(0, 13)));
    }

    private List<String> operations() {
        return calls.stream().map(Call::operation).toList();
    }

    private List<String> leaseHolders() {
        return calls.stream().map(call -> call.body().path("Item")).filter(item -> item.toString().contains("running"))
                .map(item -> item.toString().replaceFirst(".*?([0-9a-f]{8}-[0-9a-f-]{27}).*", "$1")).distinct()
                .toList();
    }

    private Process start(int port, int credentialsPort) throws IOException {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("java.net.spi.InetAddressResolverProvider"),
                SnapshotCopy.Names.class.getName());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(java, "-XX:+UseSerialGC", "-cp",
                classes + ":" + System.getProperty("java.class.path"), SnapshotCopy.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        String url = "http://aws.test:" + port;
        builder.environment().clear();
        builder.environment().putAll(Map.ofEntries(Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ENDPOINT_URL", url), Map.entry("AWS_EC2_METADATA_DISABLED", "true"),
                Map.entry("AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        "http://127.0.0.1:" + credentialsPort + "/credentials"),
                Map.entry("TABLE_NAME", "tasks"), Map.entry("INDEX_SHARDS", "16"),
                Map.entry("TASK_RETENTION_DAYS", "30"), Map.entry("SCHEDULE_GROUP_NAME", "timers"),
                Map.entry("TIMER_QUEUE_URL", url + "/1/timers"), Map.entry("TIMER_TARGET_ARN", "arn:target"),
                Map.entry("TIMER_ROLE_ARN", "arn:role"), Map.entry("TIMER_DEAD_LETTER_QUEUE_ARN", "arn:dead"),
                Map.entry("WAKE_UP_QUEUE_URL", url + "/1/line"), Map.entry("WAKE_UPS_PER_SECOND", "50"),
                Map.entry("PRECISION", "second"), Map.entry("WEBHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"),
                Map.entry("PAGE_TOKEN_KEY", "x".repeat(64)), Map.entry("SIGNING_SECRET", "signing"),
                Map.entry("SECRETS_PREFIX", "tasks/"),
                Map.entry("RECEIVER", "http://hook.test:" + port + "/hook")));
        return builder.start();
    }

    private static String next(BufferedReader said, String word) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
        throw new AssertionError("the copy never said " + word + ", but:\n" + all);
    }

    private HttpServer serve(InetAddress address, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = header(exchange, "x-amz-target");
        String operation = target.isEmpty() ? exchange.getRequestURI().getPath() : target.replaceFirst(".*\\.", "");
        JsonNode json = body.startsWith("{") ? MAPPER.readTree(body) : MAPPER.createObjectNode();
        calls.add(new Call(world, operation, header(exchange, "authorization"), header(exchange, "amz-sdk-request"),
                header(exchange, "webhook-signature"), json));
        String answer = switch (operation) {
            // Good for long: one that was kept would still be used.
            case "/credentials" -> "{\"AccessKeyId\":\"" + world + "KEY\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
                    + "\"Expiration\":\"" + Instant.now().plus(Duration.ofHours(12)) + "\"}";
            case "PutItem" -> {
                items.put(json.path("Item").path("task_id").path("S").asString(), json.path("Item").toString());
                yield "{}";
            }
            case "GetItem" -> "{\"Item\":" + items.get(json.path("Key").path("task_id").path("S").asString()) + "}";
            case "SendMessage" -> "{\"MessageId\":\"m\",\"MD5OfMessageBody\":\""
                    + md5(json.path("MessageBody").asString()) + "\"}";
            case "GetSecretValue" -> "{\"Name\":\"signing\",\"SecretString\":\"" + world.repeat(20) + "ABCD\"}";
            default -> "{}";
        };
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
