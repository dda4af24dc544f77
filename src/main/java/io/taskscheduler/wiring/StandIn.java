package io.taskscheduler.wiring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.impl.bootstrap.HttpServer;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import software.amazon.awssdk.core.SdkSystemSetting;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers on the loopback interface in the place of DynamoDB, SQS, EventBridge Scheduler, Secrets Manager and a webhook's receiver, so that a
 * function can be gone through where nobody may be called. It takes everything, and knows of what it took only the newest item: that is what it
 * gives for any key. While it is open, the SDK's clients that are used get their credentials from it too; they are good for nothing.
 */
public final class StandIn implements AutoCloseable {

    // Comes before the variable in which Lambda says where it serves them.
    private static final String CREDENTIALS = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property();

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    // 48 bytes in base64, as the signing secret of a stack.
    private static final String SECRET = "rehearsal".repeat(8).substring(0, 64);

    private final JsonMapper mapper = new JsonMapper();
    private final HttpServer server;
    private final Optional<String> before = Optional.ofNullable(System.getProperty(CREDENTIALS));
    private volatile String newest = "{}";

    private StandIn() {
        this.server = ServerBootstrap.bootstrap().setLocalAddress(InetAddress.getLoopbackAddress()).setListenerPort(0)
                .setCanonicalHostName("127.0.0.1")
                .setSocketConfig(SocketConfig.custom().setSoTimeout(Timeout.of(PATIENCE)).setTcpNoDelay(true).build())
                .register("*", (request, response, context) -> answer(request, response)).create();
    }

    public static StandIn open() throws IOException {
        StandIn standIn = new StandIn();
        standIn.server.start();
        System.setProperty(CREDENTIALS, standIn.uri() + "/credentials");
        return standIn;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** Ends every connection: none is there to be found dead later. */
    @Override
    public void close() {
        before.ifPresentOrElse(value -> System.setProperty(CREDENTIALS, value),
                () -> System.clearProperty(CREDENTIALS));
        server.close(CloseMode.IMMEDIATE);
    }

    private void answer(ClassicHttpRequest request, ClassicHttpResponse response)
            throws IOException, HttpException {
        Header target = request.getFirstHeader("x-amz-target");
        String operation = target == null ? "" : target.getValue().replaceFirst(".*\\.", "");
        String body = request.getEntity() == null ? "" : EntityUtils.toString(request.getEntity());
        response.setCode(200);
        response.setEntity(new StringEntity(switch (operation) {
            case "PutItem" -> {
                newest = mapper.writeValueAsString(member(body, "Item"));
                yield "{}";
            }
            case "GetItem" -> "{\"Item\":" + newest + "}";
            case "SendMessage" -> "{\"MessageId\":\"rehearsal\",\"MD5OfMessageBody\":\""
                    + md5(member(body, "MessageBody").asString()) + "\"}";
            case "GetSecretValue" -> "{\"Name\":\"rehearsal\",\"SecretString\":\"" + SECRET + "\"}";
            // Of the rest only the credentials are read.
            default -> "{\"ScheduleArn\":\"rehearsal\",\"AccessKeyId\":\"rehearsal\",\"SecretAccessKey\":\"rehearsal\","
                    + "\"Token\":\"rehearsal\",\"Expiration\":\"9999-12-31T00:00:00Z\"}";
        }, ContentType.APPLICATION_JSON));
    }

    private JsonNode member(String body, String name) {
        return mapper.readTree(body).path(name);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
