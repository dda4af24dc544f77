package io.taskscheduler.wiring;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
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
final class AwsClients {

    static final Duration TRY = Duration.ofSeconds(3);
    static final Duration CALL = Duration.ofSeconds(6);

    private final Region region;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder().connectionTimeout(TRY).socketTimeout(TRY)
            .build();
    private final ClientOverrideConfiguration bounds = ClientOverrideConfiguration.builder()
            .apiCallAttemptTimeout(TRY).apiCallTimeout(CALL).build();

    // One for all clients: where it is a call to get them, they are asked for once.
    private final AwsCredentialsProvider credentials;
    private final Optional<URI> standIn;

    AwsClients(String region) {
        this(region, Optional.empty());
    }

    /** @param standIn what is called in AWS's place, with credentials that are good for nothing */
    AwsClients(String region, Optional<URI> standIn) {
        this.region = Region.of(region);
        this.standIn = standIn;
        this.credentials = standIn.isPresent()
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create("rehearsal", "rehearsal"))
                : DefaultCredentialsProvider.builder().build();
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

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(B builder) {
        builder.region(region).httpClient(http).overrideConfiguration(bounds).credentialsProvider(credentials);
        standIn.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
