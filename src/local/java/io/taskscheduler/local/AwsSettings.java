package io.taskscheduler.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Reply;

/**
 * Leads the AWS SDK to the local services by its own standard settings, so that the deployed code needs to know nothing. What
 * has no local service leads to a server that says so: nothing must reach the real AWS.
 */
final class AwsSettings {
    private static final Pattern SIGNED_FOR = Pattern.compile("Credential=[^/]*/[^/]*/[^/]*/([a-z0-9-]+)/");

    /** Refuses for good, so that no client tries again. */
    static final Endpoint NOT_EMULATED = request -> {
        Matcher signature = SIGNED_FOR.matcher(request.header("authorization").orElse(""));
        String service = signature.find() ? signature.group(1) : "this service";
        System.err.println("Not emulated: a call to AWS " + service);
        return new Reply.Answer(400,
                Map.of("x-amzn-errortype", List.of("NotEmulated"), "content-type", List.of("application/json")),
                ("{\"__type\":\"NotEmulated\",\"message\":\"the local run does not emulate " + service + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    };

    private AwsSettings() {}

    /** Must come before the first client is made. */
    static void set(String region, Endpoints endpoints, int notEmulatedPort) {
        // Keys of letters and digits: DynamoDB Local takes no others.
        Map.of("aws.region", region, "aws.accessKeyId", "local", "aws.secretAccessKey", "local",
                "aws.endpointUrlDynamoDb",
                endpoints.dynamoDb().toString(), "aws.endpointUrlDynamoDbStreams", endpoints.dynamoDb().toString(),
                "aws.endpointUrlSqs", endpoints.sqs().toString(), "aws.endpointUrlScheduler",
                endpoints.scheduler().toString(),
                "aws.endpointUrlSecretsManager", endpoints.secretsManager().toString(),
                "aws.endpointUrl", "http://127.0.0.1:" + notEmulatedPort).forEach(System::setProperty);
    }
}
