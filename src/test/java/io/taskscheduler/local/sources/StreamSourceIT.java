package io.taskscheduler.local.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.ManualTime;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.dynamodb.DynamoDbProcess;
import io.taskscheduler.local.dynamodb.Tables;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.TableResource;
import io.taskscheduler.local.template.Template;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class StreamSourceIT {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FILTER = "FilterCriteria: {Filters: [{Pattern: '{\"eventName\": [\"INSERT\"],"
            + " \"dynamodb\": {\"NewImage\": {\"schema\": {\"N\": [{\"exists\": false}]}}}}'}]},";
    private static int tables;

    // Its look by real time is out of reach: what a move does not see is not seen.
    private final VirtualClock clock = new VirtualClock(new ManualTime(NOON));
    private final Events work = new Events(clock);
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final String table = "streamed-" + ++tables;

    private record Sent(String arn, JsonNode body, Instant when) {}

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void a_row_that_was_put_before_a_move_reaches_the_function_before_the_clock_moves() throws Exception {
        Local local = start("");
        List<String> order = new CopyOnWriteArrayList<>();
        work.after = id -> order.add(id + " " + clock.instant());
        local.agenda.at(NOON.plusSeconds(1), "first step", () -> order.add("step"));
        local.put("row", Map.of());

        local.agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(order).containsExactly("row 2026-11-21T12:00:00Z", "step");
    }

    @Test
    void only_rows_without_the_attribute_pass_the_filter() throws Exception {
        Local local = start(FILTER);
        local.put("ours", Map.of("schema", AttributeValue.fromN("1")));
        local.put("theirs", Map.of("payload", AttributeValue.fromM(Map.of())));
        local.put("theirs", Map.of("now", AttributeValue.fromS("modified")));

        local.agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(work.seen).containsExactly("theirs 2026-11-21T12:00:00Z");
    }

    @Test
    void the_function_gets_what_lambda_would_give_it() throws Exception {
        Local local = start("");
        local.put("row", Map.of("n", AttributeValue.fromN("1.5"), "b", AttributeValue.fromBool(true), "nul",
                AttributeValue.fromNul(true), "l", AttributeValue.fromL(List.of(AttributeValue.fromS("x"))), "m",
                AttributeValue.fromM(Map.of("k", AttributeValue.fromSs(List.of("s"))))));

        local.agenda.advanceBy(Duration.ofDays(1));

        assertThat(work.records).singleElement().satisfies(record -> {
            assertThat(record.path("eventID").stringValue()).isNotEmpty();
            assertThat(record.path("eventName").stringValue()).isEqualTo("INSERT");
            assertThat(record.path("eventVersion").stringValue()).isEqualTo("1.1");
            assertThat(record.path("eventSource").stringValue()).isEqualTo("aws:dynamodb");
            assertThat(record.path("awsRegion").stringValue()).isEqualTo("us-east-1");
            assertThat(record.path("eventSourceARN").stringValue())
                    .isEqualTo("arn:aws:dynamodb:us-east-1:123456789012:table/" + table + "/stream/local");
            assertThat(record.at("/dynamodb/Keys").toString()).isEqualTo("{\"id\":{\"S\":\"row\"}}");
            assertThat(record.at("/dynamodb/NewImage")).isEqualTo(new JsonMapper().readTree("""
                    {"id": {"S": "row"}, "n": {"N": "1.5"}, "b": {"BOOL": true}, "nul": {"NULL": true},
                     "l": {"L": [{"S": "x"}]}, "m": {"M": {"k": {"SS": ["s"]}}}}"""));
            assertThat(record.at("/dynamodb/StreamViewType").stringValue()).isEqualTo("NEW_IMAGE");
            assertThat(record.at("/dynamodb/SizeBytes").isIntegralNumber()).isTrue();
        });
        var events = LambdaEventSerializers.serializerFor(DynamodbEvent.class, getClass().getClassLoader());
        DynamodbEvent typed = events.fromJson(work.events.getFirst().toString());
        assertThat(typed.getRecords().getFirst().getDynamodb().getNewImage().toString()).contains("1.5");
    }

    @Test
    void a_failing_batch_is_repeated_later_and_later_and_keeps_what_follows_waiting() throws Exception {
        Local local = start("BatchSize: 1,");
        failing("bad");
        local.put("bad", Map.of());
        local.put("good", Map.of());

        local.agenda.advanceBy(Duration.ofSeconds(8));
        assertThat(work.seen).containsExactly("bad 2026-11-21T12:00:00Z", "bad 2026-11-21T12:00:01Z",
                "bad 2026-11-21T12:00:03Z", "bad 2026-11-21T12:00:07Z");
        work.after = id -> {};
        local.agenda.advanceBy(Duration.ofSeconds(8));

        assertThat(work.seen.subList(4, 6)).containsExactly("bad 2026-11-21T12:00:15Z", "good 2026-11-21T12:00:15Z");
    }

    @Test
    void a_batch_given_up_is_halved_first_and_its_last_record_alone_is_reported() throws Exception {
        Local local = start("MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true, "
                + "DestinationConfig: {OnFailure: {Destination: 'arn:aws:sqs:us-east-1:123456789012:Failed'}},");
        failing("bad");
        List.of("a", "b", "bad", "d").forEach(id -> local.put(id, Map.of()));

        local.agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(work.batches).containsExactly(List.of("a", "b", "bad", "d"), List.of("a", "b"), List.of("bad", "d"),
                List.of("bad"), List.of("bad"), List.of("d"));
        String number = work.records.get(2).at("/dynamodb/SequenceNumber").stringValue();
        assertThat(sent).singleElement().satisfies(message -> {
            assertThat(message.arn()).isEqualTo("arn:aws:sqs:us-east-1:123456789012:Failed");
            JsonNode body = message.body();
            assertThat(body.at("/requestContext/condition").stringValue()).isEqualTo("RetryAttemptsExhausted");
            assertThat(body.at("/requestContext/approximateInvokeCount").intValue()).isEqualTo(2);
            assertThat(body.at("/requestContext/functionArn").stringValue()).endsWith(":function:Work");
            assertThat(body.at("/responseContext/functionError").stringValue()).isEqualTo("Unhandled");
            assertThat(body.path("timestamp").stringValue()).isEqualTo("2026-11-21T12:00:01Z");
            assertThat(body.at("/DDBStreamBatchInfo/batchSize").intValue()).isEqualTo(1);
            assertThat(body.at("/DDBStreamBatchInfo/startSequenceNumber").stringValue()).isEqualTo(number);
            assertThat(body.at("/DDBStreamBatchInfo/endSequenceNumber").stringValue()).isEqualTo(number);
            assertThat(body.at("/DDBStreamBatchInfo/shardId").stringValue()).startsWith("shardId-");
            assertThat(body.at("/DDBStreamBatchInfo/streamArn").stringValue()).endsWith(table + "/stream/local");
        });
    }

    @Test
    void a_batch_is_repeated_from_the_first_record_that_its_report_names() throws Exception {
        Local local = start("FunctionResponseTypes: [ReportBatchItemFailures],");
        work.answer = event -> {
            JsonNode records = event.path("Records");
            String third = records.path(2).at("/dynamodb/SequenceNumber").asString("");
            return third.isEmpty() ? "{}" : "{\"batchItemFailures\":[{\"itemIdentifier\":\"" + third + "\"}]}";
        };
        List.of("a", "b", "c", "d").forEach(id -> local.put(id, Map.of()));

        local.agenda.advanceBy(Duration.ofMinutes(1));

        assertThat(work.batches).containsExactly(List.of("a", "b", "c", "d"), List.of("c", "d"));
    }

    @Test
    void records_that_grow_too_old_are_given_up() throws Exception {
        Local local = start("MaximumRecordAgeInSeconds: 60, DestinationConfig: {OnFailure: {Destination: q}},");
        failing("bad");
        local.put("bad", Map.of());
        local.put("after", Map.of());

        local.agenda.advanceBy(Duration.ofMinutes(5));

        assertThat(sent).singleElement().satisfies(message -> {
            assertThat(message.body().at("/requestContext/condition").stringValue()).isEqualTo("RecordAgeExceeded");
            assertThat(message.when()).isBefore(NOON.plusSeconds(61));
        });
    }

    @Test
    void latest_passes_over_what_the_stream_holds_at_the_first_start() throws Exception {
        Local earlier = start("");
        earlier.put("old", Map.of());
        earlier.close();
        Local local = start("", "LATEST", Optional.empty());
        local.put("new", Map.of());

        local.agenda.advanceBy(Duration.ofSeconds(1));

        assertThat(work.seen).containsExactly("new 2026-11-21T12:00:00Z");
    }

    @Test
    void what_was_put_while_it_was_down_and_what_it_was_killed_with_comes_after_a_restart(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("streams").resolve("Work-E.json");
        try (Database first = new Database(folder)) {
            Local local = start("BatchSize: 1,", "LATEST", Optional.of(file), first.client, first.streams);
            failing("killed with");
            local.put("done", Map.of());
            local.put("killed with", Map.of());
            local.agenda.advanceBy(Duration.ofSeconds(1));
            local.close();
            local.put("put while down", Map.of());
            first.kill();
        }
        work.seen.clear();
        work.after = id -> {};

        try (Database second = new Database(folder)) {
            Local local = start("BatchSize: 1,", "LATEST", Optional.of(file), second.client, second.streams);
            local.agenda.advanceBy(Duration.ofSeconds(1));
        }

        assertThat(work.seen).containsExactly("killed with 2026-11-21T12:00:01Z",
                "put while down 2026-11-21T12:00:01Z");
    }

    @Test
    void a_table_of_an_earlier_template_gets_its_stream(@TempDir Path folder) throws Exception {
        try (Database database = new Database(folder)) {
            TableResource declared = TableResource.of(stack("", "TRIM_HORIZON")).getFirst();
            new Tables(database.client).create(new TableResource(declared.logicalId(), table,
                    declared.attributeTypes(), declared.key(), List.of(), Optional.empty(), Optional.empty()), table);
            Local local = start("", "TRIM_HORIZON", Optional.empty(), database.client, database.streams);
            local.put("row", Map.of());

            local.agenda.advanceBy(Duration.ofSeconds(1));

            assertThat(work.seen).hasSize(1);
        }
    }

    private void failing(String id) {
        work.after = name -> {
            if (name.equals(id)) {
                throw new IllegalStateException("no luck");
            }
        };
    }

    private Local start(String source) {
        return start(source, "TRIM_HORIZON", Optional.empty());
    }

    private Local start(String source, String from, Optional<Path> file) {
        DynamoDbFixture running = DynamoDbFixture.running();
        DynamoDbStreamsClient streams = Database.streams(running.endpoint());
        open.add(streams);
        return start(source, from, file, running.client(), streams);
    }

    private Local start(String source, String from, Optional<Path> file, DynamoDbClient client,
            DynamoDbStreamsClient streams) {
        Local local = new Local(source, from, file, client, streams);
        open.add(local);
        return local;
    }

    private Stack stack(String source, String from) {
        return Template.parse("""
                Resources:
                  Tasks:
                    Type: AWS::DynamoDB::Table
                    Properties:
                      TableName: %s
                      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
                      KeySchema: [{AttributeName: id, KeyType: HASH}]
                      StreamSpecification: {StreamViewType: NEW_IMAGE}
                  Work:
                    Type: AWS::Serverless::Function
                    Properties:
                      Handler: work
                      Events:
                        E: {Type: DynamoDB, Properties: {Stream: !GetAtt Tasks.StreamArn, %s StartingPosition: %s}}
                """.formatted(table, source, from)).stack(Account.local("http://sqs"), Map.of());
    }

    /** A table with a stream and a function that takes its changes. */
    private final class Local implements AutoCloseable {
        final Agenda agenda = new Agenda(clock);
        private final DynamoDbClient client;
        private final StreamSource source;

        Local(String events, String from, Optional<Path> file, DynamoDbClient client, DynamoDbStreamsClient streams) {
            this.client = client;
            Stack stack = stack(events, from);
            new Tables(client).create(TableResource.of(stack).getFirst(), table);
            this.source = new StreamSource((EventSourceResource.Stream) EventSourceResource.of(stack).getFirst(),
                    new LocalFunction(FunctionResource.of(stack).getFirst(), any -> work),
                    (arn, body, attributes) -> sent
                            .add(new Sent(arn, new JsonMapper().readTree(body), clock.instant())),
                    streams, client.describeTable(r -> r.tableName(table)).table().latestStreamArn(), file, agenda,
                    clock);
            source.start();
        }

        void put(String id, Map<String, AttributeValue> more) {
            Map<String, AttributeValue> item = new HashMap<>(more);
            item.put("id", AttributeValue.fromS(id));
            client.putItem(r -> r.tableName(table).item(item));
        }

        @Override
        public void close() {
            source.close();
            agenda.close();
        }
    }

    /** DynamoDB Local in a folder. */
    private static final class Database implements AutoCloseable {
        final DynamoDbClient client;
        final DynamoDbStreamsClient streams;
        private final DynamoDbProcess process;

        Database(Path folder) throws IOException {
            process = DynamoDbProcess.start(new DynamoDbProcess.Options(
                    Path.of("target", DynamoDbProcess.CLASS_PATH_FILE), "127.0.0.1", 0,
                    Optional.of(folder.resolve("data")), folder.resolve("log")));
            client = DynamoDbClient.builder().endpointOverride(process.endpoint()).region(Region.US_EAST_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                    .httpClient(UrlConnectionHttpClient.create()).build();
            streams = streams(process.endpoint());
        }

        static DynamoDbStreamsClient streams(java.net.URI endpoint) {
            return DynamoDbStreamsClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                    .httpClient(UrlConnectionHttpClient.create()).build();
        }

        void kill() throws Exception {
            ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
            process.ended().get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            client.close();
            streams.close();
            process.close();
        }
    }
}
