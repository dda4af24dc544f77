package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;

import io.taskscheduler.fixture.FreePort;
import io.taskscheduler.fixture.RawReceiver;
import io.taskscheduler.journey.Caller.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Everything that can be asked of the system and that can befall it, once, with a {@linkplain #MARK mark} in all that a caller, a receiver or a
 * keeper of secrets would not want to see elsewhere.
 */
final class MarkedJourneys {

    /** Begins every text that must not get about; what it is of follows. */
    static final String MARK = "zq7";

    /** For the properties file of secrets. */
    static final Map<String, String> SECRETS = Map.of("task-scheduler/billing", MARK + "secret",
            "task-scheduler/two-lines", MARK + "secret\\nline");

    private static final String IDENTITY = "Bearer " + MARK + "authorization";

    private final Caller caller;
    private final Laboratory lab;
    private final List<Answer> answers = new ArrayList<>();

    MarkedJourneys(Laboratory lab) {
        this.caller = lab.caller();
        this.lab = lab;
    }

    /** All that callers were answered. */
    List<Answer> answers() {
        return answers;
    }

    void all() throws IOException {
        tasksThatRun();
        tasksThatAreTriedAgain();
        changes();
        questions();
        refusals();
        receiversThatAreBroken();
        rowsFromElsewhere();
        messagesOfAnotherForm();
        servicesThatFail();
        functionsThatDie();
        forgottenTasks();
        lateWakeUps();
    }

    private void tasksThatRun() {
        answering("ok", "{\"status\": 200, \"headers\": {\"x-answer\": \"zq7answerheader\"}, \"body\": \"zq7answer\"}");
        answering("moved",
                "{\"status\": 302, \"headers\": {\"location\": \"http://localhost/zq7location?a=zq7location\"}}");
        schedule("ok", "PT1S", "\"labels\": {\"team\": \"zq7label\"}");
        schedule("ok", "PT20M", "\"labels\": {\"zq7labelname\": \"x\"}");
        schedule("moved", "PT1S", "\"retry\": {\"max_attempts\": 1}");
        call("POST", "/schedule-task?dry_run=true", task(url("ok"), "PT1S", ""));
        call("POST", "/schedule-tasks", "{\"tasks\": [" + task(url("ok"), "PT1S", "") + ", "
                + task(url("ok"), "PT20M", "\"zq7unknownname\": \"zq7unknown\"") + "]}");
        caller.pass("PT21M");
    }

    private void tasksThatAreTriedAgain() {
        answering("near", "{\"status\": 500, \"body\": \"zq7answer\"}, {\"status\": 200}");
        answering("far",
                "{\"status\": 503, \"headers\": {\"retry-after\": \"3000\"}, \"body\": \"zq7answer\"}, {\"status\": 200}");
        schedule("near", "PT1S", "\"retry\": {\"initial_delay_seconds\": 5}");
        schedule("far", "PT1S", "\"retry\": {\"max_delay_seconds\": 7200}");
        caller.pass("PT1M");
        caller.pass("PT1H");
    }

    private void changes() {
        String id = schedule("ok", "PT1H", "");
        call("PATCH", "/tasks/" + id, "{\"delay\": \"PT2H\", \"payload\": {\"data\": \"zq7data\"}}");
        call("PATCH", "/tasks/" + id, "{\"delay\": \"zq7value\"}");
        call("POST", "/tasks/" + id + "/run", "");
        caller.pass("PT5S");
        call("DELETE", "/tasks/" + id, "");
        call("DELETE", "/tasks/" + schedule("ok", "PT1H", ""), "");
        call("PUT", "/tasks/kept", task(url("ok"), "PT1H", ""));
        call("PUT", "/tasks/kept", task(url("ok"), "PT2H", ""));
        call("PUT", "/tasks/kept", task(url("ok"), "PT2H", ""), "if-match", "\"zq7tag\"");
        call("DELETE", "/tasks/kept", "");
    }

    private void questions() {
        String id = schedule("ok", "PT1H", "");
        call("GET", "/tasks/" + id, "");
        call("GET", "/tasks/01JD5ZK6E0R9W1V8M3Q7T2X4YB", "");
        call("GET", "/tasks?status=scheduled&limit=100", "");
        call("GET", "/tasks?status=completed&limit=100", "");
        call("GET", "/tasks?status=failed&limit=100", "");
        call("GET", "/tasks?next_token=zq7pagetoken", "");
        call("GET", "/tasks?zq7parameter=zq7query", "");
        call("GET", "/invariant", "");
        call("GET", "/lateness", "");
        call("GET", "/openapi.yaml", "");
        call("GET", "/nothing/here?a=zq7query", "");
        call("DELETE", "/schedule-task?a=zq7query", "");
    }

    /** A caller's own words back to him are no leak; in the log they would be one. */
    private void refusals() {
        for (String body : List.of("{\"action\": zq7malformed}", "{\"action\": \"zq7malformed", "zq7malformed",
                "{\"zq7twice\": 1, \"zq7twice\": 2}", "{\"action\": \"zq7action\", \"payload\": \"zq7payload\"}",
                task(url("ok"), "zq7delay", ""), task("zq7url", "PT1S", ""),
                task("http://169.254.169.254/zq7path?zq7query", "PT1S", ""),
                task("http://zq7user:zq7password@localhost/", "PT1S", ""),
                task(url("ok") + "%zz", "PT1S", ""), task(url("ok"), "PT1S", "\"retry\": {\"zq7retry\": \"zq7retry\"}"),
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + url("ok")
                        + "\", \"headers\": {\"zq7 header name\": \"zq7header\", \"b\": \"zq7\\n\"}}}",
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + url("ok") + "\", \"data\": \""
                        + "zq7large".repeat(40_000) + "\"}}")) {
            call("POST", "/schedule-task", body);
            call("POST", "/schedule-tasks", "{\"tasks\": [" + body + "]}");
        }
        call("POST", "/schedule-task", task(url("ok"), "PT1S", ""), "content-type", "text/zq7type");
        call("POST", "/schedule-task", task(url("ok"), "PT1S", ""), "traceparent", "zq7traceparent");
        String key = "zq7key-1";
        call("POST", "/schedule-task", task(url("ok"), "PT1S", ""), "idempotency-key", key);
        call("POST", "/schedule-task", task(url("ok"), "PT1S", ""), "idempotency-key", key);
        call("POST", "/schedule-task", task(url("ok"), "PT9S", ""), "idempotency-key", key);
        caller.pass("PT10S");
    }

    private void receiversThatAreBroken() throws IOException {
        String once = "\"retry\": {\"max_attempts\": 1}";
        try (RawReceiver garbage = RawReceiver.answering("zq7garbage\r\n\r\n");
                RawReceiver header = RawReceiver.answering("HTTP/1.1 200 OK\r\nzq7garbage\r\n\r\n");
                RawReceiver chunk = RawReceiver
                        .answering("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzq7garbage\r\n")) {
            for (String url : List.of(garbage.url("/").toString(), header.url("/").toString(),
                    chunk.url("/").toString(), "https://127.0.0.1:" + garbage.port() + "/",
                    "http://127.0.0.1:" + FreePort.find() + "/", "http://zq7host.invalid/")) {
                ask("POST", "/schedule-task", task(url + "zq7path?a=zq7query", "PT1S", once));
            }
            schedule("ok", "PT1S", once, "{{secret:two-lines}}");
            schedule("ok", "PT1S", once, "{{secret:none/such}}");
            caller.pass("PT20S");
        }
        call("GET", "/tasks?status=failed&limit=100", "");
    }

    private void rowsFromElsewhere() {
        putRow("row-near", row("PT1M", "\"url\": \"" + url("ok") + "\", \"data\": \"zq7data\""));
        putRow("row-far", row("PT2H", "\"url\": \"" + url("ok") + "\", \"data\": \"zq7data\""));
        putRow("row-bad",
                row("PT1M", "\"url\": \"zq7url\", \"headers\": {\"zq7 name\": \"zq7header\"}, \"zq7unknown\": 1"));
        putRow("row redacted", row("PT1M", "\"url\": \"zq7url\"}, \"redact\": true, \"labels\": {\"a\": \"zq7label\""));
        putRow("row bad", row("PT1M", "\"url\": \"" + url("ok") + "\", \"data\": \"zq7data\""));
        putRow("row-text", "{\"action\": \"webhook\", \"run_at\": \"zq7time\", \"payload\": \"{zq7malformed\"}");
        putRow("row-odd", "{\"action\": {\"zq7\": 1}, \"run_at\": [\"zq7time\"], \"payload\": \"zq7malformed\"}");
        caller.pass("PT5S");
        List.of("row-near", "row-bad", "row-text", "row-odd").forEach(id -> call("GET", "/tasks/" + id, ""));
        breakRow(schedule("ok", "PT10M", ""), "run_at", AttributeValue.fromS("zq7time"));
        breakRow(schedule("ok", "PT10M", ""), "attempts", AttributeValue.fromS("zq7number"));
        breakRow(schedule("ok", "PT10M", ""), "status", AttributeValue.fromS("zq7status"));
        breakRow(schedule("ok", "PT10M", ""), "payload", AttributeValue.fromM(Map.of("url",
                AttributeValue.fromS("zq7 url"), "method", AttributeValue.fromS("zq7method"))));
        caller.pass("PT15M");
        call("GET", "/tasks?status=failed&limit=100", "");
    }

    private void breakRow(String id, String attribute, AttributeValue value) {
        Map<String, AttributeValue> row = new java.util.HashMap<>(lab.row(id));
        row.put(attribute, value);
        lab.putRow(row);
        call("GET", "/tasks/" + id, "");
    }

    /** As any other program with access to the queues could send. What it sent is its own; what becomes of it here is not. */
    private void messagesOfAnotherForm() {
        try (SqsClient queues = SqsClient.builder().region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create()).build()) {
            for (String queue : List.of("TimerQueue", "WakeUpQueue", "TimerDeadLetterQueue",
                    "ExecuteTaskFailureQueue")) {
                String url = queues.getQueueUrl(get -> get.queueName(queue)).queueUrl();
                for (String body : List.of("zq7malformed",
                        "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"zq7/id\"}}",
                        "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"row-near\", \"wakeUp\": \"zq7\"}}")) {
                    queues.sendMessage(send -> send.queueUrl(url).messageBody(body));
                }
            }
        }
        caller.pass("PT40M");
    }

    private void servicesThatFail() {
        for (String fault : List.of("\"dynamodb\", \"operation\": \"PutItem\"",
                "\"dynamodb\", \"operation\": \"GetItem\"",
                "\"sqs\", \"operation\": \"SendMessage\"", "\"secretsmanager\", \"operation\": \"GetSecretValue\"",
                "\"dynamodb\", \"operation\": \"Query\"", "\"dynamodb\", \"operation\": \"BatchGetItem\"",
                "\"scheduler\", \"operation\": \"CreateSchedule\"")) {
            for (String how : List.of("\"error\": \"ValidationException\"", "\"when\": \"after\"")) {
                String id = schedule("ok", "PT3S", "");
                lab.tell(List.of("{\"service\": " + fault + ", " + how + ", \"times\": 20}"));
                call("POST", "/schedule-task", task(url("ok"), "PT1S", ""));
                call("POST", "/schedule-task", task(url("ok"), "PT1H", ""));
                call("PATCH", "/tasks/" + id, "{\"payload\": {\"data\": \"zq7data\"}}");
                call("GET", "/tasks/" + id, "");
                call("GET", "/tasks", "");
                putRow("row-" + id, row("PT1H", "\"url\": \"" + url("ok") + "\", \"data\": \"zq7data\""));
                caller.pass("PT6M");
                lab.mend();
                caller.pass("PT5M");
            }
        }
        // What was kept of a secret is asked for again only now.
        lab.tell(List.of(
                "{\"service\": \"secretsmanager\", \"operation\": \"GetSecretValue\", \"status\": 400, \"times\": 100}"));
        schedule("ok", "PT1S", "");
        caller.pass("PT1M");
        lab.mend();
        caller.pass("PT40M");
    }

    private void functionsThatDie() {
        for (String function : List.of("ScheduleTaskFunction", "ExecuteTaskFunction", "AdoptTaskFunction")) {
            for (int at = 1; at <= 2; at++) {
                lab.tell(List.of("{\"service\": \"lambda\", \"function\": \"%s\", \"kill_at_call\": %d}"
                        .formatted(function, at)));
                call("POST", "/schedule-task", task(url("ok"), "PT1S", ""));
                putRow("row-" + function + at, row("PT1M", "\"url\": \"" + url("ok") + "\", \"data\": \"zq7data\""));
                caller.pass("PT5M");
                lab.mend();
            }
        }
    }

    private void forgottenTasks() {
        String id = schedule("ok", "PT20M", "");
        lab.loseTimersOf(id);
        caller.pass("PT25M");
        call("GET", "/tasks/" + id, "");
    }

    /** Nobody takes messages and nobody looks for the forgotten: when that ends, timers come late. */
    private void lateWakeUps() {
        String id = schedule("ok", "PT1M", "");
        lab.tell(List.of("{\"service\": \"sqs\", \"operation\": \"ReceiveMessage\", \"status\": 500, \"times\": 10000}",
                "{\"service\": \"dynamodb\", \"operation\": \"Query\", \"error\": \"ValidationException\", \"times\": 10000}"));
        caller.pass(Duration.ofMinutes(8).toString());
        lab.tell(List.of(
                "{\"service\": \"dynamodb\", \"operation\": \"Query\", \"error\": \"ValidationException\", \"times\": 10000}"));
        caller.pass("PT1M");
        lab.mend();
        caller.pass("PT5M");
        call("GET", "/tasks/" + id, "");
    }

    private String schedule(String inbox, String delay, String members) {
        return schedule(inbox, delay, members, "{{secret:billing}}");
    }

    private String schedule(String inbox, String delay, String members, String secret) {
        Answer answer = ask("POST", "/schedule-task",
                task(url(inbox), delay, members).replace("{{secret:billing}}", secret));
        if (answer.status() != 201) {
            throw new AssertionError(answer.response().body());
        }
        return answer.text("task_id");
    }

    private static String task(String url, String delay, String members) {
        return """
                {"action": "webhook", "payload": {"url": "%s", "data": {"zq7data": "zq7data"}, "timeout_seconds": 10,
                 "headers": {"x-zq7headername": "zq7header", "x-secret": "{{secret:billing}}"}},
                 "delay": "%s"%s}""".formatted(url, delay, members.isEmpty() ? "" : ", " + members);
    }

    private String row(String delay, String payload) {
        return "{\"action\": \"webhook\", \"run_at\": \"%s\", \"note\": \"zq7note\", \"payload\": {%s}}"
                .formatted(caller.now().plus(Duration.parse(delay)), payload);
    }

    private void putRow(String id, String row) {
        lab.putRow(EnhancedDocument.fromJson(row).toBuilder().putString("task_id", id).build().toMap());
    }

    private String url(String inbox) {
        return lab.url(inbox) + "?a=zq7query";
    }

    private void answering(String inbox, String answers) {
        caller.tellInbox(inbox, "[" + answers + "]");
    }

    private Answer ask(String method, String path, String body) {
        return requireNonNull(call(method, path, body));
    }

    private Answer call(String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("authorization", IDENTITY, "x-amz-security-token", "zq7token",
                "cookie", "session=zq7cookie", "user-agent", "zq7agent"));
        all.addAll(List.of(headers));
        Answer answer = caller.call(method, path, body, all.toArray(String[]::new));
        answers.add(answer);
        return answer;
    }
}
