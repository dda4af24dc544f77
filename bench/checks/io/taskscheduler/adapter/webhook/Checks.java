package io.taskscheduler.adapter.webhook;

import com.sun.net.httpserver.HttpServer;
import io.taskscheduler.adapter.secretsmanager.SecretsManagerSecrets;
import io.taskscheduler.app.port.Actions.Attempt;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Destinations;
import io.taskscheduler.domain.Secret;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.Webhook;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** What bench/security measures, in the package of what it measures. */
public final class Checks {
    private static final String PREFIX = "task-scheduler/";
    private static final String SIGNING = "whsec_" + Base64.getEncoder().encodeToString(new byte[48]);
    private static final Destinations RULES = Destinations.of("127.0.0.0/8,::1/128", "", "25,110,143");
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static final TaskId ID = new TaskId("01MP6DP5WB10605HY9SNPYAE88");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int TLS_TIMES_FEWER = 10;

    private final int attempts;
    private final int warmUp;
    private final SSLContext tls;
    private final AtomicInteger asked = new AtomicInteger();
    private final WebhookActions ours;
    private final CloseableHttpClient plain;
    private boolean missed;

    private Checks(int attempts, int warmUp, Path keys) throws Exception {
        this.attempts = attempts;
        this.warmUp = warmUp;
        this.tls = tls(keys);
        this.ours = new WebhookActions(new WebhookSettings(RULES, "signing", PREFIX, Optional.empty()), secrets(),
                InstantSource.system());
        this.plain = plain();
    }

    public static void main(String[] given) throws Exception {
        Path keys = Path.of(given[2]);
        System.setProperty("javax.net.ssl.trustStore", keys.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", "password");
        Checks checks = new Checks(Integer.parseInt(given[0]), Integer.parseInt(given[1]), keys);
        System.out.println(
                "what                       |  checked us p50    p99 |   plain us p50    p99 | ratio p50 | goal");
        checks.attempts("attempt", false, 1);
        checks.attempts("attempt, https", true, TLS_TIMES_FEWER);
        System.out.println();
        System.out.println("what                       |     us p50        p99 | goal");
        checks.signature(1_024, 50);
        checks.signature(256 * 1_024, 0);
        checks.address();
        System.out.println();
        System.out.printf("calls of the store of secrets while warm: %d, goal 0%s%n", checks.asked.get(),
                checks.verdict(checks.asked.get() == 0));
        System.exit(checks.missed ? 1 : 0);
    }

    private void attempts(String name, boolean secure, int fewer) throws Exception {
        try (ServerSocket receiver = receiver(secure)) {
            URI url = URI.create((secure ? "https" : "http") + "://localhost:" + receiver.getLocalPort() + "/hook?x=1");
            Webhook webhook = new Webhook(url, Webhook.Method.POST,
                    Map.of("authorization", "Bearer {{secret:token}}", "x-team", "billing"),
                    Optional.of("{\"text\": \"" + "x".repeat(1_000) + "\"}"), LONG);
            Attempt attempt = new Attempt(ID, webhook, 1, Instant.parse("2027-05-17T15:00:00Z"), false,
                    Optional.empty());
            long[] checked = new long[attempts / fewer];
            long[] bare = new long[attempts / fewer];
            for (int i = -warmUp / fewer; i < checked.length; i++) {
                if (i == 0) {
                    asked.set(0);
                }
                // Neither goes always before the other.
                long first = i % 2 == 0 ? checked(attempt) : bare(attempt, webhook);
                long second = i % 2 == 0 ? bare(attempt, webhook) : checked(attempt);
                if (i >= 0) {
                    checked[i] = i % 2 == 0 ? first : second;
                    bare[i] = i % 2 == 0 ? second : first;
                }
            }
            double ratio = (double) at(checked, 50) / at(bare, 50);
            System.out.printf("%-26s | %14.1f %7.1f | %14.1f %7.1f | %9.3f | 1.1%s%n", name, at(checked, 50) / 1e3,
                    at(checked, 99) / 1e3,
                    at(bare, 50) / 1e3, at(bare, 99) / 1e3, ratio, verdict(ratio <= 1.1));
        }
    }

    private long checked(Attempt attempt) {
        long begun = System.nanoTime();
        AttemptResult result = ours.perform(attempt);
        long took = System.nanoTime() - begun;
        if (!(result instanceof AttemptResult.Response response) || response.statusCode() != 200) {
            throw new IllegalStateException(result.toString());
        }
        return took;
    }

    private long bare(Attempt attempt, Webhook webhook) throws IOException {
        long begun = System.nanoTime();
        String body = plain.execute(
                WebhookRequest.of(attempt, webhook,
                        Map.of("authorization", "Bearer token-of-billing", "x-team", "billing"),
                        "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1_810_566_000),
                response -> EntityUtils.toString(response.getEntity()));
        long took = System.nanoTime() - begun;
        if (!body.equals("ok")) {
            throw new IllegalStateException(body);
        }
        return took;
    }

    private void signature(int bytes, int goalMicros) throws UnusableSecret {
        byte[] body = new byte[bytes];
        Secret secret = new Secret(SIGNING);
        int times = bytes > 10_000 ? 2_000 : 50_000;
        long[] took = new long[times];
        int length = 0;
        for (int i = -times; i < times; i++) {
            long begun = System.nanoTime();
            length += Signatures.of(secret, ID.value(), 1_810_566_000, body).length();
            if (i >= 0) {
                took[i] = System.nanoTime() - begun;
            }
        }
        boolean reached = goalMicros == 0 || at(took, 50) <= goalMicros * 1_000L;
        System.out.printf("%-26s | %10.2f %10.2f | %s%s%n", "signature of " + bytes / 1_024 + " KB", at(took, 50) / 1e3,
                at(took, 99) / 1e3,
                goalMicros == 0 ? "" : goalMicros + "", goalMicros == 0 || length == 0 ? "" : verdict(reached));
    }

    private void address() throws Exception {
        InetAddress open = InetAddress.getByName("203.0.114.7");
        InetAddress wide = InetAddress.getByName("2a00:1450:4001:81b::200e");
        URI url = URI.create("https://hooks.example.com/a/b?c=d");
        judged("an IPv4 address judged", () -> RULES.problemOf(open).isEmpty());
        judged("an IPv6 address judged", () -> RULES.problemOf(wide).isEmpty());
        judged("a URL judged", () -> RULES.problemOf(url).isEmpty());
    }

    private interface Judgement {
        boolean made();
    }

    /** By the thousand: one is too short for the clock. */
    private static void judged(String name, Judgement judgement) {
        long[] took = new long[500];
        for (int i = -took.length; i < took.length; i++) {
            long begun = System.nanoTime();
            for (int j = 0; j < 1_000; j++) {
                if (!judgement.made()) {
                    throw new IllegalStateException(name);
                }
            }
            if (i >= 0) {
                took[i] = System.nanoTime() - begun;
            }
        }
        System.out.printf("%-26s | %10.3f %10.3f |%n", name, at(took, 50) / 1e6, at(took, 99) / 1e6);
    }

    private String verdict(boolean reached) {
        missed |= !reached;
        return reached ? ", reached" : ", MISSED";
    }

    private static long at(long[] values, int percent) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    /** Without a resolver and a request executor of our own; the rest is as the product's. */
    private static CloseableHttpClient plain() {
        return HttpClients.custom().setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(DefaultClientTlsStrategy.createSystemDefault())
                .setDefaultTlsConfig(TlsConfig.custom().setSupportedProtocols(TLS.V_1_2, TLS.V_1_3).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(Timeout.ofSeconds(10)).build())
                .setMaxConnTotal(Integer.MAX_VALUE).setMaxConnPerRoute(Integer.MAX_VALUE).build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setProtocolUpgradeEnabled(false).setAuthenticationEnabled(false).build())
                .setConnectionReuseStrategy((request, response, context) -> false).disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement().disableAuthCaching().disableContentCompression().disableDefaultUserAgent()
                .build();
    }

    /** The function's own, before a server that counts. */
    private SecretsManagerSecrets secrets() throws IOException {
        HttpServer store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            asked.incrementAndGet();
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] answer = ("{\"SecretString\": \"" + (request.contains("\"signing\"") ? SIGNING : "token-of-billing")
                    + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        store.start();
        return new SecretsManagerSecrets(
                SecretsManagerClient.builder().httpClient(UrlConnectionHttpClient.create()).region(Region.US_EAST_1)
                        .endpointOverride(URI.create("http://127.0.0.1:" + store.getAddress().getPort()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                        .build(),
                InstantSource.system());
    }

    private ServerSocket receiver(boolean secure) throws IOException {
        ServerSocket server = secure
                ? tls.getServerSocketFactory().createServerSocket(0, 1_024, InetAddress.getLoopbackAddress())
                : new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket caller = server.accept();
                    Thread.ofVirtual().start(() -> answer(caller));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server;
    }

    private static void answer(Socket caller) {
        try (caller) {
            InputStream in = caller.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            byte[] block = new byte[8_192];
            int length;
            int end;
            do {
                int count = in.read(block);
                if (count < 0) {
                    return;
                }
                head.write(block, 0, count);
                String text = head.toString(StandardCharsets.ISO_8859_1);
                end = text.indexOf("\r\n\r\n");
                int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ") + 16;
                length = end < 0 ? Integer.MAX_VALUE : Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
            } while (end < 0 || head.size() < end + 4 + length);
            caller.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            throw new IllegalStateException("the receiver failed", gone);
        }
    }

    private static SSLContext tls(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance(keys.toFile(), "password".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
