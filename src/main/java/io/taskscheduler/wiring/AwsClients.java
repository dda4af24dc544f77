package io.taskscheduler.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The SDK's clients, as light as they start: an explicit region, the JDK's own HTTP client (without the proxies of the environment), its own defaults said
 * where it would look for others, everything else (credentials, endpoints) from the SDK's standard settings. A call is tried again within {@link #CALL}; four of them, the most that one request to the API makes, end before
 * the function's own time-out.
 */
final class AwsClients implements AutoCloseable {

    static final Duration TRY = Duration.ofSeconds(3);
    static final Duration CALL = Duration.ofSeconds(6);

    private final Region region;
    // Its builder would read at once the authorities that Java trusts; Java itself reads them when a call goes by TLS.
    private final SdkHttpClient http = UrlConnectionHttpClient.create(AwsClients::connection);
    // Each client would make one of five threads for itself.
    private final ScheduledExecutorService timeouts = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("aws-timeouts").factory());
    private final ClientOverrideConfiguration bounds = ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(TRY).apiCallTimeout(CALL).scheduledExecutorService(timeouts).build();
    // One for all clients: where it is a call to get them, they are asked for once.
    private final AwsCredentialsProvider credentials = DefaultCredentialsProvider.builder().build();
    private final Optional<URI> standIn;
    private final OnDemand<SqsClient> sqs = new OnDemand<>(() -> made(SqsClient.builder()));

    AwsClients(String region) {
        this(region, Optional.empty());
    }

    /** @param standIn what is called in AWS's place */
    AwsClients(String region, Optional<URI> standIn) {
        this.region = Region.of(region);
        this.standIn = standIn;
    }

    DynamoDbClient dynamoDb() {
        return made(DynamoDbClient.builder().endpointDiscoveryEnabled(false));
    }

    SchedulerClient scheduler() {
        return made(SchedulerClient.builder());
    }

    SecretsManagerClient secretsManager() {
        return made(SecretsManagerClient.builder());
    }

    /** One for both queues. */
    SqsClient sqs() {
        return sqs.get();
    }

    /** Its clients can be used no more, and leave no thread. */
    @Override
    public void close() {
        timeouts.shutdownNow();
        http.close();
    }

    private static HttpURLConnection connection(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(Math.toIntExact(TRY.toMillis()));
            connection.setReadTimeout(Math.toIntExact(TRY.toMillis()));
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection can be made to " + uri, e);
        }
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(B builder) {
        builder.region(region).httpClient(http).overrideConfiguration(bounds).credentialsProvider(credentials)
                .defaultsMode(DefaultsMode.LEGACY);
        standIn.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
