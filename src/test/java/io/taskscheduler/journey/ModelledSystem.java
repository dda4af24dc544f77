package io.taskscheduler.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import io.taskscheduler.local.RunningSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The running system with what its surroundings can do to it: time, faults, restarts, another program, a lost timer, a message too many. */
final class ModelledSystem implements AutoCloseable {

    private static final String EXECUTE_TASK = "arn:aws:lambda:us-east-1:123456789012:function:local-ExecuteTask";
    private static final String ROLE = "arn:aws:iam::123456789012:role/TimerRole";
    private static final String GROUP = "ScheduleGroup";
    private static final String TABLE = "TasksTable";
    private static final Pattern SHARDS = Pattern.compile("(\\n  IndexShards:\\n(?:    .*\\n)*?    Default: )16");

    private final Path folder;
    private final CountingReceiver receiver = new CountingReceiver(() -> caller().now());
    private RunningSystem system;
    private DynamoDbClient dynamoDb;
    private SchedulerClient scheduler;
    private SqsClient sqs;
    private long numbers;

    ModelledSystem() {
        try {
            folder = Files.createTempDirectory("model");
            // The default of 16 makes a run of the reconciler and a look at the invariant cost sixteen queries each: most of the test's time.
            String template = Files.readString(Path.of("template.yaml"));
            assertThat(template).containsPattern(SHARDS);
            Files.writeString(folder.resolve("template.yaml"), SHARDS.matcher(template).replaceFirst("$12"));
            Files.createSymbolicLink(folder.resolve("target"), Path.of("target").toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        system = RunningSystem.start(folder.resolve("data"), folder);
        dynamoDb = dynamoDb();
        scheduler = scheduler();
        sqs = sqs();
    }

    Caller caller() {
        return new Caller(system.api());
    }

    CountingReceiver receiver() {
        return receiver;
    }

    long nextNumber() {
        return ++numbers;
    }

    /** Ends the whole run and starts it again on what it left on disk. */
    void restart() {
        closeAll();
        system = RunningSystem.start(folder.resolve("data"), folder);
        dynamoDb = dynamoDb();
        scheduler = scheduler();
        sqs = sqs();
    }

    void putRow(Map<String, AttributeValue> row) {
        dynamoDb.putItem(put -> put.tableName(TABLE).item(row));
    }

    /** As it stands in the table, every attribute of it; empty when there is none. */
    String row(String taskId) {
        return dynamoDb.getItem(get -> get.tableName(TABLE).consistentRead(true)
                .key(Map.of("task_id", AttributeValue.fromS(taskId)))).item().toString();
    }

    /** Forgets every task: what one run of the model spoilt must not fail the next. */
    void forgetTasks() {
        dynamoDb.scanPaginator(scan -> scan.tableName(TABLE).projectionExpression("task_id")).items()
                .forEach(key -> dynamoDb.deleteItem(delete -> delete.tableName(TABLE).key(key)));
    }

    void loseTimers(String taskId) {
        scheduler.listSchedules(list -> list.groupName(GROUP).namePrefix(taskId)).schedules()
                .forEach(timer -> scheduler.deleteSchedule(delete -> delete.groupName(GROUP).name(timer.name())));
        // Messages cannot be told apart while they are delayed: the near timers of all other tasks go with its own.
        String url = sqs.getQueueUrl(get -> get.queueName("TimerQueue")).queueUrl();
        sqs.purgeQueue(purge -> purge.queueUrl(url));
    }

    /** Two more wake-ups at that second. */
    void wakeTwice(String taskId, Instant at) {
        String second = at.plusMillis(999).truncatedTo(ChronoUnit.SECONDS).toString();
        for (int each = 0; each < 2; each++) {
            String name = "also-" + nextNumber();
            scheduler.createSchedule(create -> create.groupName(GROUP).name(name)
                    .scheduleExpression("at(" + second.replace("Z", ")"))
                    .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                    .target(to -> to.arn(EXECUTE_TASK).roleArn(ROLE).input(wakeUp(taskId))));
        }
    }

    /** The line delivers a wake-up that nobody has sent. */
    void putIntoLine(String taskId) {
        String url = sqs.getQueueUrl(get -> get.queueName("WakeUpQueue")).queueUrl();
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(wakeUp(taskId)));
    }

    void tellFaults(String faults) {
        check(caller().send(faults().PUT(BodyPublishers.ofString(faults))));
    }

    void clearFaults() {
        check(caller().send(faults().DELETE()));
    }

    private HttpRequest.Builder faults() {
        return HttpRequest.newBuilder(system.api().resolve("/_local/faults"));
    }

    private static void check(Answer answer) {
        if (answer.status() >= 300) {
            throw new AssertionError(answer.response().body());
        }
    }

    private static String wakeUp(String taskId) {
        return "{\"source\": \"custom.scheduler\", \"detail\": {\"taskId\": \"" + taskId + "\"}}";
    }

    private DynamoDbClient dynamoDb() {
        return DynamoDbClient.builder().region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private SchedulerClient scheduler() {
        return SchedulerClient.builder().region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private SqsClient sqs() {
        return SqsClient.builder().region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create()).build();
    }

    private void closeAll() {
        dynamoDb.close();
        scheduler.close();
        sqs.close();
        system.close();
    }

    @Override
    public void close() {
        closeAll();
        receiver.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
