package io.taskscheduler.bench.cold;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.StringEntity;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** The HTTP clients that a peer goes by, as system properties choose them: those that come with the SDK and with Java, or others in their place. */
final class Chosen {

    interface Webhook {
        void post(String url, String body) throws IOException, InterruptedException;
    }

    private Chosen() {}

    /** {@code -Dpeer.sdk=url}: over {@link HttpURLConnection}; else as the SDK has it. */
    static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        if (System.getProperty("peer.sdk", "").equals("url")) {
            builder.httpClient(UrlConnectionHttpClient.create());
        }
        return builder.build();
    }

    /** {@code -Dpeer.webhook=}{@code url}, {@code apache} or nothing, which is Java's newer client. */
    static Webhook webhook() {
        return switch (System.getProperty("peer.webhook", "")) {
            case "url" -> new Url();
            case "apache" -> new Apache();
            default -> new Java();
        };
    }

    private static final class Java implements Webhook {

        private final HttpClient client = HttpClient.newHttpClient();

        @Override
        public void post(String url, String body) throws IOException, InterruptedException {
            client.send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    BodyHandlers.ofString());
        }
    }

    private static final class Apache implements Webhook {

        private final CloseableHttpClient client = HttpClients.createDefault();

        @Override
        public void post(String url, String body) throws IOException {
            HttpPost request = new HttpPost(url);
            request.setEntity(new StringEntity(body));
            client.execute(request, answer -> answer.getCode());
        }
    }

    private static final class Url implements Webhook {

        @Override
        public void post(String url, String body) throws IOException {
            HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            connection.getResponseCode();
        }
    }
}
