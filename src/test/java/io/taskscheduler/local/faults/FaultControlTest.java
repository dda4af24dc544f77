package io.taskscheduler.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FaultControlTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final Faults faults = new Faults();
    private final Endpoint control = faults.control(Set.of("ExecuteTaskFunction", "ScheduleTaskFunction"));

    @AfterEach
    void end() {
        faults.close();
    }

    @Test
    void what_was_told_is_shown_with_what_is_left_of_it() throws Exception {
        Reply.Answer told = send("PUT", """
                [{"service": "scheduler", "operation": "CreateSchedule", "error": "InternalServerException",
                  "status": 500, "times": 2, "when": "before"},
                 {"service": "dynamodb", "operation": "PutItem", "when": "after", "skip": 1},
                 {"service": "lambda", "function": "ExecuteTaskFunction", "kill_at_call": 2}]""");
        faults.take(Fault.AwsCall.class, fault -> fault.hits(AwsService.SCHEDULER, "CreateSchedule"));
        faults.take(Fault.AwsCall.class, fault -> fault.hits(AwsService.DYNAMODB, "PutItem"));
        faults.take(Fault.Death.class, fault -> fault.hits("ExecuteTaskFunction", 2, Fault.When.BEFORE));

        assertThat(told.status()).isEqualTo(200);
        assertThat(shown()).isEqualTo(JSON.readTree("""
                [{"service": "scheduler", "operation": "CreateSchedule", "error": "InternalServerException",
                  "status": 500, "times": 1, "when": "before"},
                 {"service": "dynamodb", "operation": "PutItem", "when": "after", "skip": 0, "times": 1},
                 {"service": "lambda", "function": "ExecuteTaskFunction", "kill_at_call": 2, "times": 0}]"""));
    }

    @Test
    void a_put_replaces_all_and_a_delete_takes_all_back() throws Exception {
        send("PUT", "[{\"service\": \"webhook\"}, {\"service\": \"webhook\", \"status\": 503}]");
        send("PUT", "[{\"service\": \"webhook\", \"error\": \"timeout\"}]");

        assertThat(shown())
                .isEqualTo(JSON.readTree("[{\"service\": \"webhook\", \"error\": \"timeout\", \"times\": 1}]"));
        assertThat(send("DELETE", "").status()).isEqualTo(204);
        assertThat(shown()).isEmpty();
        assertThat(send("PUT", "[]").status()).isEqualTo(200);
    }

    @Test
    void the_first_that_fits_and_is_left_is_met_and_those_let_pass_are_counted() throws Exception {
        send("PUT",
                """
                        [{"service": "webhook", "status": 500, "skip": 1}, {"service": "webhook", "status": 502, "skip": 1}]""");

        assertThat(List.of(met(), met(), met(), met(), met())).containsExactly(0, 500, 0, 502, 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            dynamodb  | ProvisionedThroughputExceededException | 400
            dynamodb  | ThrottlingException                    | 400
            dynamodb  | InternalServerError                    | 500
            scheduler | ThrottlingException                    | 429
            scheduler | InternalServerException                | 500
            scheduler | ConflictException                      | 409
            scheduler | ResourceNotFoundException              | 404
            scheduler | ValidationException                    | 400
            sqs       | QueueDoesNotExist                      | 400
            sqs       | ServiceUnavailable                     | 503
            """)
    void an_error_has_the_status_that_aws_gives_it(String service, String error, int status) throws Exception {
        String operation = service.equals("sqs") ? "TagQueue" : "TagResource";
        send("PUT", "[{\"service\": \"" + service + "\", \"operation\": \"" + operation + "\", \"error\": \"" + error
                + "\"}]");

        assertThat(faults.take(Fault.AwsCall.class, any -> true).orElseThrow().error())
                .contains(new Fault.AwsError(error, status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GetRecords", "GetShardIterator", "DescribeStream"})
    void streams_are_told_as_what_they_belong_to_and_as_what_is_polled(String operation) throws Exception {
        for (String service : List.of("dynamodb", "sqs")) {
            send("PUT", "[{\"service\": \"" + service + "\", \"operation\": \"" + operation + "\", \"status\": 500}]");

            assertThat(faults.take(Fault.AwsCall.class, fault -> fault.hits(AwsService.DYNAMODB, operation)))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~~                                                                    | body              | must be a list
            nonsense                                                              | body              | is not JSON
            {"service":"webhook"}                                                 | body              | must be a list
            [{"service":"webhook"}] []                                            | body              | is not JSON
            [{"service":"webhook","service":"webhook"}]                           | body              | is not JSON
            [1]                                                                   | [0]               | must be an object
            [{}]                                                                  | [0].service       | dynamodb, scheduler, secretsmanager, sqs, webhook, lambda
            [{"service":"s3"}]                                                    | [0].service       | dynamodb, scheduler, secretsmanager, sqs, webhook, lambda
            [{"service":7}]                                                       | [0].service       | dynamodb, scheduler, secretsmanager, sqs, webhook, lambda
            [{"service":null}]                                                    | [0].service       | dynamodb, scheduler, secretsmanager, sqs, webhook, lambda
            [{"service":"dynamodb","status":500}]                                 | [0].operation     | PutItem
            [{"service":"dynamodb","operation":"CreateSchedule","status":500}]    | [0].operation     | CreateSchedule is none
            [{"service":"scheduler","operation":"createSchedule","status":500}]   | [0].operation     | createSchedule is none
            [{"service":"sqs","operation":["SendMessage"],"status":500}]          | [0].operation     | SendMessage
            [{"service":"sqs","operation":"SendMessage"}]                         | [0]               | nothing would go wrong
            [{"service":"sqs","operation":"SendMessage","when":"before"}]         | [0]               | nothing would go wrong
            [{"service":"sqs","operation":"SendMessage","when":"later"}]          | [0].when          | before or after
            [{"service":"sqs","operation":"SendMessage","when":true}]             | [0].when          | before or after
            [{"service":"sqs","operation":"SendMessage","error":""}]              | [0].error         | name of an AWS error
            [{"service":"sqs","operation":"SendMessage","error":"not a name"}]    | [0].error         | name of an AWS error
            [{"service":"sqs","operation":"SendMessage","error":500}]             | [0].error         | name of an AWS error
            [{"service":"sqs","operation":"SendMessage","status":200}]            | [0].status        | from 400 to 599
            [{"service":"sqs","operation":"SendMessage","status":"500"}]          | [0].status        | from 400 to 599
            [{"service":"sqs","operation":"SendMessage","status":500.5}]          | [0].status        | from 400 to 599
            [{"service":"sqs","operation":"SendMessage","hang_ms":0}]             | [0].hang_ms       | from 1 to 600000
            [{"service":"sqs","operation":"SendMessage","hang_ms":600001}]        | [0].hang_ms       | from 1 to 600000
            [{"service":"sqs","operation":"SendMessage","status":500,"times":0}]  | [0].times         | from 1 to 1000000
            [{"service":"sqs","operation":"SendMessage","status":500,"times":1e3}]| [0].times         | from 1 to 1000000
            [{"service":"sqs","operation":"SendMessage","status":500,"skip":-1}]  | [0].skip          | from 0 to 1000000
            [{"service":"sqs","operation":"SendMessage","state":500}]             | [0].state         | a fault of sqs has error, hang_ms
            [{"service":"webhook","operation":"POST"}]                            | [0].operation     | a fault of webhook has error
            [{"service":"webhook","error":"InternalServerException"}]             | [0].error         | connection_refused
            [{"service":"webhook","error":"timeout","status":500}]                | [0].error         | without a status
            [{"service":"webhook","status":199}]                                  | [0].status        | from 200 to 599
            [{"service":"lambda","kill_at_call":1}]                               | [0].function      | ExecuteTaskFunction, ScheduleTaskFunction
            [{"service":"lambda","function":"Nobody","kill_at_call":1}]           | [0].function      | ExecuteTaskFunction, ScheduleTaskFunction
            [{"service":"lambda","function":"ExecuteTaskFunction"}]               | [0].kill_at_call  | counted from 1
            [{"service":"lambda","function":"ExecuteTaskFunction","kill_at_call":0}] | [0].kill_at_call | from 1
            [{"service":"lambda","function":"ExecuteTaskFunction","kill_at_call":1,"hang_ms":5}] | [0].hang_ms | a fault of lambda has function
            """)
    void what_is_wrong_is_told_by_member_with_what_would_be_right(String body, String member, String problem)
            throws Exception {
        send("PUT", "[{\"service\": \"webhook\", \"status\": 500}]");

        Reply.Answer refused = send("PUT", body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers()).containsEntry("content-type", List.of("application/problem+json"));
        JsonNode violations = json(refused).path("violations");
        assertThat(violations.get(0).path("member").stringValue()).isEqualTo(member);
        assertThat(violations.get(0).path("problem").stringValue()).contains(problem);
        assertThat(json(refused).path("detail").stringValue()).contains(member, problem);
        assertThat(shown().get(0).path("status").intValue()).isEqualTo(500);
    }

    @Test
    void all_that_is_wrong_is_told_at_once_and_nothing_is_kept() throws Exception {
        Reply.Answer refused = send("PUT", """
                [{"service": "webhook"}, {"service": "s3", "times": 0}, 7,
                 {"service": "dynamodb", "operation": "Put", "status": 1, "when": "", "colour": "red"},
                 {"service": "lambda", "function": "Nobody", "kill_at_call": "2", "times": 1.5}]""");

        assertThat(json(refused).path("violations").valueStream().map(each -> each.path("member").stringValue()))
                .containsExactlyInAnyOrder("[1].service", "[1].times", "[2]", "[3].operation", "[3].status", "[3].when",
                        "[3].colour",
                        "[4].function", "[4].kill_at_call", "[4].times");
        assertThat(shown()).isEmpty();
    }

    @Test
    void no_other_method_is_known() throws Exception {
        Reply.Answer refused = send("POST", "[]");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.headers()).containsEntry("allow", List.of("GET, PUT, DELETE"));
    }

    private int met() {
        return faults.take(Fault.Webhook.class, any -> true).flatMap(Fault.Webhook::ending)
                .map(ending -> ((Fault.Ending.Answer) ending).status()).orElse(0);
    }

    private JsonNode shown() throws InterruptedException {
        return json(send("GET", ""));
    }

    private static JsonNode json(Reply.Answer answer) {
        return JSON.readTree(answer.body());
    }

    private Reply.Answer send(String method, String body) throws InterruptedException {
        return (Reply.Answer) control.answer(new Request(method, "/_local/faults", "", Map.of(),
                body.getBytes(StandardCharsets.UTF_8), "HTTP/1.1", "127.0.0.1"));
    }
}
