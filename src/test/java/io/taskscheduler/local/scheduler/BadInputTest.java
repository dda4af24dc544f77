package io.taskscheduler.local.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal names its reason and leaves nothing behind. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

    private static final String BODY = """
            {"FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"at(2026-12-01T10:00:00)","Target":
             {"Arn":"arn:aws:lambda:eu-west-1:000000000000:function:f","RoleArn":"arn:aws:iam::000000000000:role/r","Input":"{}"}}""";

    private final LocalScheduler scheduler = LocalScheduler.inMemory();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void nothing_is_wrong_with_the_body_itself() throws Exception {
        assertThat(send("POST", "/schedules/fine", BODY).statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/schedules/fine", "").statusCode()).isEqualTo(200);
    }

    @AfterAll
    void close() {
        http.close();
        scheduler.close();
    }

    static Stream<Arguments> bodies() {
        return Stream.of(Arguments.of("not JSON", "{", "SerializationException", "well-formed"),
                Arguments.of("nothing", "",
                        "ValidationException",
                        "'scheduleExpression' failed to satisfy constraint: Member must not be null"),
                Arguments.of("more than one value",
                        BODY + "{}", "SerializationException", "well-formed"),
                Arguments.of("a member twice", BODY.replace("{\"Flex",
                        "{\"Description\":\"a\",\"Description\":\"b\",\"Flex"), "SerializationException",
                        "well-formed"),
                Arguments.of(
                        "10,000 deep", "[".repeat(10_000) + "]".repeat(10_000), "SerializationException",
                        "well-formed"),
                Arguments.of("a huge exponent", "{\"StartDate\":1e99999999999}", "SerializationException",
                        "well-formed"),
                Arguments.of("a list", "[]", "SerializationException", "the body must be an object"),
                Arguments.of("a text", "\"x\"",
                        "SerializationException", "the body must be an object"),
                Arguments.of("2 MB", BODY.replace("\"{}\"", "\"" + " ".repeat(
                        2_000_000) + "\""), "ValidationException", "larger than"),
                member("no window", "\"FlexibleTimeWindow\":{\"Mode\":\"OFF\"},",
                        "", "'flexibleTimeWindow'"),
                member("a window that is a text", "{\"Mode\":\"OFF\"}", "\"OFF\"",
                        "flexibleTimeWindow must be an object", "SerializationException"),
                member("a window without mode",
                        "{\"Mode\":\"OFF\"}", "{}", "'flexibleTimeWindow.mode'"),
                member("an unknown mode",
                        "OFF\"}", "off\"}", "enum value set: [OFF, FLEXIBLE]"),
                member(
                        "a flexible window without minutes", "OFF\"}", "FLEXIBLE\"}",
                        "MaximumWindowInMinutes"),
                member("a window of 0 minutes", "OFF\"}",
                        "FLEXIBLE\",\"MaximumWindowInMinutes\":0}",
                        "greater than or equal to 1"),
                member("a window of 25 hours",
                        "OFF\"}",
                        "FLEXIBLE\",\"MaximumWindowInMinutes\":1441}",
                        "less than or equal to 1440"),
                member(
                        "a window of half a minute", "OFF\"}",
                        "FLEXIBLE\",\"MaximumWindowInMinutes\":0.5}",
                        "must be an integer",
                        "SerializationException"));
    }

    static Stream<Arguments> members() {
        return Stream.of(member("an expression that is none", "at(2026-12-01T10:00:00)", "at(2026-12-01T10:00:00Z)",
                "Invalid Schedule Expression at(2026-12-01T10:00:00Z)."),
                member("an empty expression", "at(2026-12-01T10:00:00)", "",
                        "length greater than or equal to 1"),
                member("a long expression", "at(2026-12-01T10:00:00)", "x".repeat(257),
                        "length less than or equal to 256"),
                member("a number as expression", "\"at(2026-12-01T10:00:00)\"", "5",
                        "scheduleExpression must be a string", "SerializationException"),
                added("an unknown zone",
                        "\"ScheduleExpressionTimezone\":\"Mars/Olympus\"", "Timezone"),
                added("a long description",
                        "\"Description\":\"" + "x".repeat(513) + "\"", "less than or equal to 512"),
                added(
                        "a state in small letters", "\"State\":\"enabled\"", "[ENABLED, DISABLED]"),
                added("an unknown action", "\"ActionAfterCompletion\":\"KEEP\"", "[NONE, DELETE]"),
                added("a group with a slash",
                        "\"GroupName\":\"a/b\"", "regular expression pattern"),
                added("a token with a blank", "\"ClientToken\":\"a b\"",
                        "regular expression pattern"),
                added("a token of 65", "\"ClientToken\":\"" + "x".repeat(65) + "\"",
                        "less than or equal to 64"),
                added("a key that is none", "\"KmsKeyArn\":\"key\"",
                        "regular expression pattern"),
                added("a start that is a text", "\"StartDate\":\"tomorrow\"",
                        "startDate must be a timestamp", "SerializationException"),
                added(
                        "a start in the year 30000", "\"StartDate\":9e11", "not a timestamp",
                        "SerializationException"),
                recurring("a start 6 minutes ago",
                        "\"StartDate\":1795254840", "earlier than 5 minutes ago"),
                recurring(
                        "an end before the start",
                        "\"StartDate\":1798000000,\"EndDate\":1797000000",
                        "before the EndDate"));
    }

    static Stream<Arguments> targets() {
        return Stream.of(member("no role", "\"RoleArn\":\"arn:aws:iam::000000000000:role/r\",", "", "'target.roleArn'"),
                member(
                        "a role that is a user", ":role/r", ":user/r", "'target.roleArn'"),
                member("no target", ",\"Target\":", ",\"Other\":",
                        "'target' failed"),
                member("an empty target", "arn:aws:lambda:eu-west-1:000000000000:function:f", "",
                        "'target.arn'"),
                member("a target that is no ARN", "arn:aws:lambda:eu-west-1:000000000000:function:f",
                        "my-function", "Provided Arn is not in correct format."),
                member("an empty input", "\"{}\"", "\"\"",
                        "'target.input'"),
                member("an input that is no JSON", "\"{}\"", "\"{\"", "well-formed JSON"), member(
                        "an input of 256 KB and a byte", "\"{}\"", "\"[" + " ".repeat(262_143) + "]\"",
                        "exceeds 262144 bytes"),
                member("an input that is an object", "\"{}\"", "{}",
                        "target.input must be a string", "SerializationException"),
                toTarget(
                        "186 retries", "\"RetryPolicy\":{\"MaximumRetryAttempts\":186}",
                        "less than or equal to 185"),
                toTarget("-1 retries",
                        "\"RetryPolicy\":{\"MaximumRetryAttempts\":-1}",
                        "greater than or equal to 0"),
                toTarget("an age of 59 seconds",
                        "\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":59}",
                        "greater than or equal to 60"),
                toTarget(
                        "an age of more than a day",
                        "\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":86401}",
                        "less than or equal to 86400"),
                toTarget(
                        "a dead-letter topic",
                        "\"DeadLetterConfig\":{\"Arn\":\"arn:aws:sns:eu-west-1:000000000000:t\"}",
                        "'target.deadLetterConfig.arn'"),
                toTarget("a FIFO dead-letter queue",
                        "\"DeadLetterConfig\":{\"Arn\":\"arn:aws:sqs:eu-west-1:000000000000:t.fifo\"}",
                        "'target.deadLetterConfig.arn'"),
                toTarget("an event source of AWS",
                        "\"EventBridgeParameters\":{\"DetailType\":\"t\",\"Source\":\"aws.mine\"}",
                        "'target.eventBridgeParameters.source'"),
                toTarget("11 tasks", "\"EcsParameters\":{\"TaskDefinitionArn\":\"a\",\"TaskCount\":11}",
                        "less than or equal to 10"),
                toTarget(
                        "6 security groups",
                        "\"EcsParameters\":{\"TaskDefinitionArn\":\"a\",\"NetworkConfiguration\":{\"awsvpcConfiguration\":{\"Subnets\":[\"s\"],\"SecurityGroups\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}}}",
                        "'target.ecsParameters.networkConfiguration.awsvpcConfiguration.securityGroups'"),
                toTarget("a flag that is a text",
                        "\"EcsParameters\":{\"TaskDefinitionArn\":\"a\",\"EnableExecuteCommand\":\"yes\"}",
                        "must be true or false",
                        "SerializationException"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bodies", "members", "targets"})
    void a_bad_schedule_is_refused(String what, String body, String type, String message) throws Exception {
        assertRefused(send("POST", "/schedules/t", body), 400, type, message);
        assertThat(scheduler.client.listSchedules(_ -> {}).schedules()).as(what).isEmpty();
        assertRefused(send("PUT", "/schedules/t", body), 400, type, message);
    }

    static Stream<Arguments> requests() {
        var group = "/tags/arn%3Aaws%3Ascheduler%3Aeu-west-1%3A000000000000%3Aschedule-group%2Fdefault";
        return Stream.of(
                Arguments.of("POST", "/schedules/" + "x".repeat(65), BODY, 400, "ValidationException",
                        "less than or equal to 64"),
                Arguments.of("POST", "/schedules/a%20b", BODY, 400, "ValidationException", "regular expression"),
                Arguments.of("POST",
                        "/schedules/a%2Fb", BODY, 400, "ValidationException", "regular expression"),
                Arguments.of("POST", "/schedules/", BODY,
                        400, "ValidationException", "greater than or equal to 1"),
                Arguments.of("GET", "/schedules?MaxResults=0", "",
                        400, "ValidationException", "greater than or equal to 1"),
                Arguments.of("GET",
                        "/schedules?MaxResults=101", "", 400, "ValidationException", "less than or equal to 100"),
                Arguments.of("GET", "/schedules?MaxResults=ten", "", 400, "SerializationException", "integer"),
                Arguments.of("GET",
                        "/schedules?State=on", "", 400, "ValidationException", "enum value set"),
                Arguments.of("GET",
                        "/schedules?NamePrefix=a%2F", "", 400, "ValidationException", "regular expression"),
                Arguments.of("GET",
                        "/schedules?NextToken=" + "x".repeat(2049), "", 400, "ValidationException",
                        "less than or equal to 2048"),
                Arguments.of("GET", "/schedules/t?groupName=a%2F", "", 400,
                        "ValidationException", "regular expression"),
                Arguments.of("DELETE",
                        "/schedules/t?clientToken=a.b", "", 400, "ValidationException", "regular expression"),
                Arguments.of("POST", "/schedule-groups/a%20b", "{}", 400, "ValidationException", "regular expression"),
                Arguments.of("POST",
                        "/schedule-groups/g", "{\"Tags\":[{\"Key\":\"a\"}]}", 400, "ValidationException",
                        "'tags.1.member.value'"),
                Arguments
                        .of("POST", group, "{\"Tags\":[{\"Key\":\"aws:a\",\"Value\":\"b\"}]}", 400,
                                "ValidationException", "aws:"),
                Arguments.of("POST", group,
                        "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"},{\"Key\":\"a\",\"Value\":\"c\"}]}", 400,
                        "ValidationException", "twice"),
                Arguments.of("POST", group, "{}", 400, "ValidationException", "'tags'"),
                Arguments.of("GET", "/tags/arn%3Aaws%3Asqs", "", 400,
                        "ValidationException", "'resourceArn'"),
                Arguments.of("PATCH", "/schedules/t", BODY, 404,
                        "UnknownOperationException", "no such operation"),
                Arguments.of("POST", "/schedules", BODY, 404,
                        "UnknownOperationException", "no such operation"),
                Arguments.of("GET", "/", "", 404,
                        "UnknownOperationException", "no such operation"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("requests")
    void a_bad_request_is_refused(String method, String path, String body, int status, String type, String message)
            throws Exception {
        assertRefused(send(method, path, body), status, type, message);
    }

    @Test
    void all_broken_constraints_are_named_together() throws Exception {
        var answer = send("POST", "/schedules/t", "{\"State\":\"on\"}");
        assertThat(answer.body()).contains("4 validation errors detected", "'state'", "'flexibleTimeWindow'",
                "'scheduleExpression'",
                "'target'");
    }

    @Test
    void an_input_of_exactly_256_KB_is_taken() throws Exception {
        var body = BODY.replace("\"{}\"", "\"[" + " ".repeat(262_142) + "]\"");
        assertThat(send("POST", "/schedules/big", body).statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/schedules/big", "").statusCode()).isEqualTo(200);
    }

    @Test
    void members_that_the_model_does_not_know_are_ignored() throws Exception {
        var body = BODY.replace("{\"Flex", "{\"Colour\":\"red\",\"Description\":null,\"Flex");
        assertThat(send("POST", "/schedules/odd", body).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/schedules/odd", "").body()).doesNotContain("Colour", "Description");
        assertThat(send("DELETE", "/schedules/odd", "").statusCode()).isEqualTo(200);
    }

    private static Arguments member(String what, String old, String replacement, String message) {
        return member(what, old, replacement, message, "ValidationException");
    }

    private static Arguments member(String what, String old, String replacement, String message, String type) {
        var body = BODY.replaceAll("\\R ?", "").replace(old, replacement);
        assertThat(body).isNotEqualTo(BODY.replaceAll("\\R ?", ""));
        return Arguments.of(what, body, type, message);
    }

    private static Arguments added(String what, String members, String message) {
        return added(what, members, message, "ValidationException");
    }

    private static Arguments added(String what, String members, String message, String type) {
        return member(what, "{\"Flex", "{" + members + ",\"Flex", message, type);
    }

    private static Arguments recurring(String what, String members, String message) {
        return member(what, "\"ScheduleExpression\":\"at(2026-12-01T10:00:00)\"",
                "\"ScheduleExpression\":\"rate(1 day)\"," + members,
                message);
    }

    private static Arguments toTarget(String what, String members, String message) {
        return toTarget(what, members, message, "ValidationException");
    }

    private static Arguments toTarget(String what, String members, String message, String type) {
        return member(what, "\"Input\":\"{}\"", "\"Input\":\"{}\"," + members, message, type);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String type, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(type);
        assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(answer.body()).startsWith("{\"Message\":\"").contains(message);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var uri = URI.create(scheduler.server.endpoint() + path);
        return http.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }
}
