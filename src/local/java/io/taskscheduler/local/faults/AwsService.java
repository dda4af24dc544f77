package io.taskscheduler.local.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The services of AWS whose calls can be made to fail. */
enum AwsService {
    DYNAMODB, SCHEDULER, SECRETSMANAGER, SQS;

    private static final Set<String> STREAMS = operations(List.of(DynamoDbStreamsClient.class));

    /** The service whose client has that name in the SDK. */
    static Optional<AwsService> ofClient(String name) {
        String word = name.toLowerCase(Locale.ROOT).replace(" ", "");
        return Arrays.stream(values())
                .filter(service -> service.clients().stream().anyMatch(
                        client -> client.getSimpleName().toLowerCase(Locale.ROOT).equals(word + "client")))
                .findFirst();
    }

    /** How the control API calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the names that AWS gives them; what the SDK's clients have is what there is. */
    Set<String> operations() {
        return operations(clients());
    }

    /** Whether it is read from a table's stream, which the local run does as it does from a queue. */
    static boolean isOfStreams(String operation) {
        return STREAMS.contains(operation);
    }

    /** The status that AWS gives with the error. */
    int statusOf(String error) {
        if (error.startsWith("Internal")) {
            return 500;
        }
        if (error.startsWith("ServiceUnavailable")) {
            return 503;
        }
        return this == SCHEDULER ? switch (error) {
            case "ThrottlingException" -> 429;
            case "ConflictException" -> 409;
            case "ResourceNotFoundException" -> 404;
            case "ServiceQuotaExceededException" -> 402;
            default -> 400;
        } : 400;
    }

    /** An error of that status that is nothing more than that. */
    String errorOf(int status) {
        return switch (status) {
            case 429 -> "ThrottlingException";
            case 503 -> "ServiceUnavailable";
            default -> status < 500 ? "ClientError" : "InternalFailure";
        };
    }

    private List<Class<?>> clients() {
        return switch (this) {
            case DYNAMODB -> List.of(DynamoDbClient.class, DynamoDbStreamsClient.class);
            case SCHEDULER -> List.of(SchedulerClient.class);
            case SECRETSMANAGER -> List.of(SecretsManagerClient.class);
            case SQS -> List.of(SqsClient.class);
        };
    }

    private static Set<String> operations(List<Class<?>> clients) {
        return clients.stream().flatMap(client -> Arrays.stream(client.getMethods()))
                .flatMap(method -> Arrays.stream(method.getParameterTypes())).filter(AwsRequest.class::isAssignableFrom)
                .map(request -> request.getSimpleName().replaceFirst("Request$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
