package io.taskscheduler.wiring;

import java.time.Duration;
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

    AwsClients(String region) {
        this.region = Region.of(region);
    }

    DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder().region(region).httpClient(http).overrideConfiguration(bounds).build();
    }

    SchedulerClient scheduler() {
        return SchedulerClient.builder().region(region).httpClient(http).overrideConfiguration(bounds).build();
    }

    SecretsManagerClient secretsManager() {
        return SecretsManagerClient.builder().region(region).httpClient(http).overrideConfiguration(bounds).build();
    }

    SqsClient sqs() {
        return SqsClient.builder().region(region).httpClient(http).overrideConfiguration(bounds).build();
    }
}
