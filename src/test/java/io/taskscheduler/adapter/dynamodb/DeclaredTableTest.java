package io.taskscheduler.adapter.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.local.template.EventPattern;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.Properties;
import io.taskscheduler.local.template.Resource;
import io.taskscheduler.local.template.TableResource;
import io.taskscheduler.local.template.TableResource.Attribute;
import io.taskscheduler.local.template.TableResource.Index;
import io.taskscheduler.template.DeployedTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The table of the template is the one that this package writes to, and nobody can lose it by mistake. */
class DeclaredTableTest {

    private static final Map<String, AttributeValue> WRITTEN = new TaskItems(new TimeIndex(16, 30))
            .write(Tasks.running())
            .row();

    private static final JsonMapper JSON = new JsonMapper();

    private final DeployedTemplate template = DeployedTemplate.asWritten();

    @Test
    void the_table_has_the_keys_the_index_and_the_care_that_it_needs() {
        assertThat(faults(template)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AttributeName: task_id, KeyType     | AttributeName: id, KeyType          | its key is [Key[attribute=id, keyType=HASH]]
            AttributeName: time_partition, KeyT | AttributeName: partition, KeyT      | by_time has not the key that is written
            IndexName: by_time                  | IndexName: by_hour                  | its indexes are [by_hour]
            AttributeName: time, AttributeType: S | AttributeName: time, AttributeType: N | time is declared as N
            ProjectionType: INCLUDE             | ProjectionType: ALL                 | by_time holds ALL [lateness_ms] beside its keys
            [lateness_ms]                       | [lateness_ms, labels]               | by_time holds INCLUDE [lateness_ms, labels] beside its keys
            [lateness_ms]                       | [late_by_ms]                        | by_time holds INCLUDE [late_by_ms] beside its keys
            AttributeName: delete_at            | AttributeName: expires_at           | its time to live is not in delete_at
            StreamViewType: NEW_IMAGE           | StreamViewType: OLD_IMAGE           | its stream does not show the rows that are put
            BillingMode: PAY_PER_REQUEST        | BillingMode: PROVISIONED            | it is not paid on demand
            PointInTimeRecoveryEnabled: true    | PointInTimeRecoveryEnabled: false   | it has no point-in-time recovery
            DeletionPolicy: Retain              | DeletionPolicy: Delete              | DeletionPolicy does not keep it
            UpdateReplacePolicy: Retain         | UpdateReplacePolicy: Snapshot       | UpdateReplacePolicy does not keep it
            """)
    void a_difference_is_found(String written, String instead, String fault) {
        assertThat(faults(template.where("TasksTable", written, instead))).contains(fault);
    }

    @Test
    void time_to_live_is_written_where_the_template_says_in_the_unit_of_dynamodb() {
        String attribute = table(template).ttlAttribute().orElseThrow();
        TaskItems items = new TaskItems(new TimeIndex(16, 30));

        Map<String, AttributeValue> finished = items.write(Tasks.completed()).row();
        Map<String, AttributeValue> open = items.write(Tasks.running()).row();

        long thirtyDaysLater = Tasks.RUN_AT.plusSeconds(1).plus(Duration.ofDays(30)).getEpochSecond();
        assertThat(finished).containsEntry(attribute, AttributeValue.fromN(Long.toString(thirtyDaysLater)));
        assertThat(open).doesNotContainKey(attribute);
    }

    /** Else the index would be paid for it by itself. */
    @Test
    void lateness_is_written_with_the_end_of_a_task_and_not_before() {
        TaskItems items = new TaskItems(new TimeIndex(16, 30));

        assertThat(items.write(Tasks.running()).latenessMs()).isNull();
        assertThat(items.write(Tasks.waitingForRetry()).latenessMs()).isNull();
        assertThat(items.write(Tasks.expired()).latenessMs()).isNull();
        assertThat(items.write(Tasks.completed()).latenessMs()).isEqualTo(20);
        assertThat(items.write(Tasks.failed()).latenessMs()).isEqualTo(20);
    }

    /** Else each of our own writes would start the function, or no row from elsewhere would. */
    @Test
    void the_streams_filter_lets_rows_from_elsewhere_through_and_nothing_else() {
        assertThat(passed(template)).containsExactly("a row from elsewhere", "a row from elsewhere, changed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "schema": {"N": [{"exists": false}]} | "schema": [{"exists": false}]        | a row of ours
            "schema": {"N": [{"exists": false}]} | "schema_number": {"N": [{"exists": false}]} | a row of ours
            {"task_id": {"S": [{"exists": true}]}, | {                                    | a row that is deleted
            """)
    void a_filter_that_lets_too_much_through_is_found(String written, String instead, String passed) {
        assertThat(passed(template.where("RowsFromElsewhere", written, instead))).contains(passed);
    }

    /** Which of the stream's records, as Lambda gets them, start the function. */
    private static List<String> passed(DeployedTemplate template) {
        TaskItems items = new TaskItems(new TimeIndex(16, 30));
        Map<String, AttributeValue> key = Map.of(TaskItem.TASK_ID, AttributeValue.fromS(Tasks.ID.value()));
        Map<String, AttributeValue> foreign = Map.of(TaskItem.TASK_ID, key.get(TaskItem.TASK_ID), TaskItem.ACTION,
                AttributeValue.fromS("webhook"));
        Map<String, JsonNode> records = new LinkedHashMap<>();
        records.put("a row from elsewhere", record("INSERT", key, foreign));
        records.put("a row from elsewhere, changed", record("MODIFY", key, foreign));
        records.put("a row of ours", record("INSERT", key,
                items.write(Tasks.running()).row()));
        records.put("a row that is deleted", record("REMOVE", key, Map.of()));
        List<EventPattern> filters = EventSourceResource.of(template.stack()).stream()
                .filter(EventSourceResource.Stream.class::isInstance).map(EventSourceResource.Stream.class::cast)
                .flatMap(stream -> stream.filters().stream()).toList();
        assertThat(filters).hasSize(1);
        return records.entrySet().stream().filter(record -> filters.getFirst().matches(record.getValue()))
                .map(Map.Entry::getKey).toList();
    }

    private static JsonNode record(String event, Map<String, AttributeValue> key, Map<String, AttributeValue> image) {
        ObjectNode record = JSON.createObjectNode().put("eventName", event);
        ObjectNode change = record.putObject("dynamodb");
        change.set("Keys", typed(key));
        if (!image.isEmpty()) {
            change.set("NewImage", typed(image));
        }
        return record;
    }

    /** Only texts and numbers, which is all that a filter can look at. */
    private static ObjectNode typed(Map<String, AttributeValue> attributes) {
        ObjectNode typed = JSON.createObjectNode();
        attributes.forEach((name, value) -> {
            switch (value.type()) {
                case S -> typed.putObject(name).put("S", value.s());
                case N -> typed.putObject(name).put("N", value.n());
                default -> typed.putObject(name).putObject(value.type().name());
            }
        });
        return typed;
    }

    private static List<String> faults(DeployedTemplate template) {
        TableResource table = table(template);
        List<String> faults = new ArrayList<>();
        if (!table.key().equals(List.of(new TableResource.Key(TaskItem.TASK_ID, "HASH")))) {
            faults.add("its key is " + table.key());
        }
        List<String> indexes = table.globalIndexes().stream().map(Index::name).toList();
        if (!indexes.equals(List.of(TimeIndex.NAME))) {
            faults.add("its indexes are " + indexes);
        } else {
            faults.addAll(indexFaults(table.globalIndexes().getFirst()));
        }
        table.attributeTypes().stream().filter(attribute -> !isWrittenAs(attribute))
                .forEach(attribute -> faults.add(attribute.name() + " is declared as " + attribute.type()));
        if (table.streamView().filter(List.of("NEW_IMAGE", "NEW_AND_OLD_IMAGES")::contains).isEmpty()) {
            faults.add("its stream does not show the rows that are put");
        }
        if (!table.ttlAttribute().equals(Optional.of(TaskItem.DELETE_AT))) {
            faults.add("its time to live is not in delete_at");
        }
        faults.addAll(careFaults(template));
        return faults;
    }

    private static List<String> indexFaults(Index index) {
        List<String> faults = new ArrayList<>();
        List<TableResource.Key> written = List.of(
                new TableResource.Key(TimeIndex.PARTITION, "HASH"),
                new TableResource.Key(TimeIndex.TIME, "RANGE"));
        if (!index.key().equals(written)) {
            faults.add("by_time has not the key that is written");
        }
        if (!index.projection().equals("INCLUDE") || !index.nonKeyAttributes().equals(List.of(TaskItem.LATENESS_MS))) {
            faults.add("by_time holds " + index.projection() + " " + index.nonKeyAttributes() + " beside its keys");
        }
        return faults;
    }

    private static boolean isWrittenAs(Attribute declared) {
        return Optional.ofNullable(WRITTEN.get(declared.name()))
                .filter(written -> written.type().name().equals(declared.type())).isPresent();
    }

    private static List<String> careFaults(DeployedTemplate template) {
        Resource resource = template.resource(table(template).logicalId());
        Properties properties = resource.properties();
        List<String> faults = new ArrayList<>();
        if (!properties.text("BillingMode").orElse("PROVISIONED").equals("PAY_PER_REQUEST")) {
            faults.add("it is not paid on demand");
        }
        if (!properties.child("PointInTimeRecoverySpecification").flag("PointInTimeRecoveryEnabled")) {
            faults.add("it has no point-in-time recovery");
        }
        for (String policy : List.of("DeletionPolicy", "UpdateReplacePolicy")) {
            if (!template.written(resource.logicalId()).path(policy).asString("Delete").equals("Retain")) {
                faults.add(policy + " does not keep it");
            }
        }
        return faults;
    }

    private static TableResource table(DeployedTemplate template) {
        List<TableResource> tables = TableResource.of(template.stack());
        assertThat(tables).hasSize(1);
        return tables.getFirst();
    }
}
