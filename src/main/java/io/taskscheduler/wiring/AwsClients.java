package io.taskscheduler.wiring;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The SDK's clients, as light as they start: an explicit region, the JDK's own HTTP client, everything else (credentials, endpoints) from the
 * SDK's standard settings. A call is tried again within {@link #CALL}; four of them, the most that one request to the API makes, end before
 * the function's own time-out.
 */
final class AwsClients implements AutoCloseable {

    static final Duration TRY = Duration.ofSeconds(3);
    static final Duration CALL = Duration.ofSeconds(6);

    private final Region region;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder().connectionTimeout(TRY).socketTimeout(TRY)
            .build();
    // Each client would make one of five threads for itself.
    private final ScheduledExecutorService timeouts = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("aws-timeouts").factory());
    private final ClientOverrideConfiguration bounds = ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(TRY).apiCallTimeout(CALL).scheduledExecutorService(timeouts).build();
    // One for all clients: where it is a call to get them, they are asked for once.
    private final AwsCredentialsProvider credentials = DefaultCredentialsProvider.builder().build();
    private final Optional<URI> standIn;

    AwsClients(String region) {
        this(region, Optional.empty());
    }

    /** @param standIn what is called in AWS's place */
    AwsClients(String region, Optional<URI> standIn) {
        this.region = Region.of(region);
        this.standIn = standIn;
    }

    DynamoDbClient dynamoDb() {
        return made(DynamoDbClient.builder());
    }

    SchedulerClient scheduler() {
        return made(SchedulerClient.builder());
    }

    SecretsManagerClient secretsManager() {
        return made(SecretsManagerClient.builder());
    }

    SqsClient sqs() {
        return made(SqsClient.builder());
    }

    /** Its clients can be used no more, and leave no thread. */
    @Override
    public void close() {
        timeouts.shutdownNow();
        http.close();
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(B builder) {
        builder.region(region).httpClient(http).overrideConfiguration(bounds).credentialsProvider(credentials);
        standIn.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
