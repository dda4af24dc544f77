package io.taskscheduler.local.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.taskscheduler.fixture.DynamoDbFixture;
import io.taskscheduler.local.SampleTemplate;
import io.taskscheduler.local.template.TableResource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class DynamoDbProcessIT {
    private static final TableResource TABLE = TableResource.of(SampleTemplate.stack()).getFirst();

    @Test
    void a_fresh_table_is_as_the_template_declares_it() {
        DynamoDbFixture dynamoDb = DynamoDbFixture.running();
        String name = dynamoDb.freshTable(TABLE);

        var table = dynamoDb.client().describeTable(r -> r.tableName(name)).table();
        var ttl = dynamoDb.client().describeTimeToLive(r -> r.tableName(name)).timeToLiveDescription();

        assertThat(table.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
        assertThat(table.keySchema()).extracting("attributeName").containsExactly("id");
        assertThat(table.globalSecondaryIndexes()).singleElement().satisfies(index -> {
            assertThat(index.indexName()).isEqualTo("by-time");
            assertThat(index.keySchema()).extracting("attributeName").containsExactly("shard", "due");
            assertThat(index.projection().projectionTypeAsString()).isEqualTo("INCLUDE");
            assertThat(index.projection().nonKeyAttributes()).containsExactlyInAnyOrder("size", "colour");
        });
        assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(ttl.attributeName()).isEqualTo("delete_after");
    }

    @Test
    void two_fresh_tables_share_nothing() {
        DynamoDbFixture dynamoDb = DynamoDbFixture.running();
        String one = dynamoDb.freshTable(TABLE);
        String two = dynamoDb.freshTable(TABLE);

        dynamoDb.client().putItem(r -> r.tableName(one).item(Map.of("id", AttributeValue.fromS("1"))));

        assertThat(dynamoDb.client().scan(r -> r.tableName(two)).count()).isZero();
    }

    @Test
    void it_listens_on_the_named_address_alone() throws IOException {
        int port = DynamoDbFixture.running().endpoint().getPort();
        var others = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress()).toList();

        for (InetAddress other : others) {
            assertThatThrownBy(() -> connect(other, port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void items_in_a_data_folder_survive_a_killed_process(@TempDir Path folder) throws Exception {
        try (DynamoDbProcess first = start(folder); DynamoDbClient client = client(first)) {
            new Tables(client).create(TABLE, "tasks");
            client.putItem(r -> r.tableName("tasks").item(Map.of("id", AttributeValue.fromS("kept"))));
            ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
            first.ended().get(60, TimeUnit.SECONDS);
        }

        try (DynamoDbProcess second = start(folder); DynamoDbClient client = client(second)) {
            new Tables(client).create(TABLE, "tasks");
            assertThat(client.scan(r -> r.tableName("tasks")).items())
                    .containsExactly(Map.of("id", AttributeValue.fromS("kept")));
        }
    }

    @Test
    void items_whose_time_to_live_has_ended_are_deleted_and_no_others() {
        DynamoDbClient client = DynamoDbFixture.running().client();
        TableResource table = named(DynamoDbFixture.running().freshTable(TABLE));
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        for (int i = 0; i < 450; i++) {
            put(client, table, "over-" + i,
                    Map.of("delete_after", AttributeValue.fromN(Long.toString(now.getEpochSecond()))));
        }
        put(client, table, "later",
                Map.of("delete_after", AttributeValue.fromN(Long.toString(now.getEpochSecond() + 1))));
        put(client, table, "never", Map.of());

        ExpiredItems.of(client, List.of(table), () -> now).forEach(ExpiredItems::delete);

        assertThat(client.scan(r -> r.tableName(table.name())).items().stream()
                .map(item -> String.valueOf(item.get("id"))))
                .hasSize(2).noneMatch(id -> id.contains("over"));
    }

    private static void put(DynamoDbClient client, TableResource table, String id, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> item = new HashMap<>(more);
        item.put("id", AttributeValue.fromS(id));
        client.putItem(r -> r.tableName(table.name()).item(item));
    }

    private static TableResource named(String name) {
        return new TableResource(TABLE.logicalId(), name, TABLE.attributeTypes(), TABLE.key(), TABLE.globalIndexes(),
                TABLE.ttlAttribute(), TABLE.streamView());
    }

    @Test
    void closing_it_leaves_no_process(@TempDir Path folder) throws Exception {
        DynamoDbProcess process = start(folder);

        process.close();

        assertThat(process.ended()).succeedsWithin(java.time.Duration.ofSeconds(30));
        assertThat(ProcessHandle.of(process.pid())).isEmpty();
    }

    @Test
    void a_missing_class_path_file_is_named_with_what_writes_it(@TempDir Path folder) {
        Path missing = folder.resolve("none");
        var options = new DynamoDbProcess.Options(missing, "127.0.0.1", 0, Optional.empty(), folder.resolve("log"));

        assertThatThrownBy(() -> DynamoDbProcess.start(options)).isInstanceOf(IOException.class)
                .hasMessage(missing + " is missing: run mvn test-compile, which writes it");
    }

    private static DynamoDbProcess start(Path folder) throws IOException {
        return DynamoDbProcess.start(new DynamoDbProcess.Options(Path.of("target", DynamoDbProcess.CLASS_PATH_FILE),
                "127.0.0.1", 0, Optional.of(folder.resolve("data")), folder.resolve("log")));
    }

    private static DynamoDbClient client(DynamoDbProcess process) {
        return DynamoDbClient.builder().endpointOverride(process.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.create()).build();
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
        }
    }
}
