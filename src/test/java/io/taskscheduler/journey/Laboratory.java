package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskscheduler.journey.Caller.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import io.taskscheduler.app.NearAndFarTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;

/**
 * A running system that is made to fail, and hands that reach behind it: they read and write the local AWS by its own API and meet no faults, so
 * that looking at a task neither is counted as its call nor uses up its fault.
 */
final class Laboratory implements AutoCloseable {

    static final String TABLE = "TasksTable";
    static final String GROUP = "ScheduleGroup";
    private static final Set<String> FINAL = Set.of("completed", "failed", "expired", "cancelled");

    /** The clock is moved in several moves: the reconciler comes once in each, at its end. */
    private static final List<Duration> MOVES = Stream.of(3, 2, 1, 5, 4).map(Duration::ofMinutes).toList();
    private static final Duration LONGEST = Duration.ofHours(2);

    private final Caller caller;
    private final DynamoDbClient table = DynamoDbClient.builder().region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create()).build();
    private final SchedulerClient timers = SchedulerClient.builder().region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create()).build();
    private final SqsClient queues = SqsClient.builder().region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create()).build();

    private Optional<Cut.Tries> triesOfTheSdk = Optional.empty();

    Laboratory(Caller caller) {
        this.caller = caller;
    }

    Caller caller() {
        return caller;
    }

    void tell(List<String> faults) {
        Answer told = caller.send(faults().PUT(BodyPublishers.ofString(faults.toString())));
        assertThat(told.status()).as(told.response().body()).isEqualTo(200);
    }

    /** What is left of what was told. */
    JsonNode left() {
        return caller.send(faults().GET()).json();
    }

    /** A cut that nothing ran into proves nothing. */
    void expectMet(Cut cut) {
        // Of the function that sends webhooks a run may have a call less than was counted: what it knows of its secrets is good for five
        // minutes. The death after its last call is then none.
        Assumptions.assumeTrue(isMet(cut) || !cut.toString().matches(".*ExecuteTaskFunction, run .*function dies.*"),
                () -> "the secrets were known: " + cut);
        assertThat(isMet(cut)).as("nothing met %s", cut).isTrue();
    }

    /** Of one that lasts some may be left: the SDK's time is over before its tries are. */
    boolean isMet(Cut cut) {
        List<JsonNode> left = left().valueStream().toList();
        return left.subList(left.size() - cut.faults().size(), left.size()).stream()
                .allMatch(fault -> fault.path("times").asInt() < cut.times());
    }

    /** Nothing fails any more. */
    void mend() {
        assertThat(caller.send(faults().DELETE()).status()).isEqualTo(204);
    }

    private HttpRequest.Builder faults() {
        return HttpRequest.newBuilder(caller.api().resolve("/_local/faults"));
    }

    /** How often the SDK tries: measured, because it is the SDK's to decide, and once, because it takes seconds. */
    Cut.Tries triesOfTheSdk() {
        Cut.Tries known = triesOfTheSdk
                .orElseGet(() -> new Cut.Tries(tries("dynamodb", "PutItem"), tries("scheduler", "CreateSchedule")));
        triesOfTheSdk = Optional.of(known);
        return known;
    }

    private int tries(String service, String operation) {
        int many = 1_000;
        tell(List.of("{\"service\": \"%s\", \"operation\": \"%s\", \"status\": 500, \"times\": %d}".formatted(service,
                operation, many)));
        Answer refused = caller.post("/schedule-task",
                "{\"action\": \"webhook\", \"payload\": {\"url\": \"" + url("tries") + "\"}, \"delay\": \"PT1H\"}");
        int tries = many - left().get(0).get("times").intValue();
        mend();
        assertThat(refused.status()).isEqualTo(503);
        return tries;
    }

    /**
     * What a piece of work calls, beyond what is called without it.
     *
     * @param beside what goes wrong all the while
     * @param work   does it and says how many moves of the clock it took
     */
    OutsideCalls callsOf(List<String> functions, List<String> beside, IntSupplier work) {
        return callsOf(functions, beside, work, () -> {});
    }

    /** The same of work that leaves something to be done, which is not counted. */
    OutsideCalls callsOf(List<String> functions, List<String> beside, IntSupplier work, Runnable rest) {
        return counted(functions, beside, work, rest).and(counted(functions, beside, work, rest));
    }

    private OutsideCalls counted(List<String> functions, List<String> beside, IntSupplier work, Runnable rest) {
        tell(Stream.concat(beside.stream(), OutsideCalls.counters(functions).stream()).toList());
        int moves = work.getAsInt();
        OutsideCalls all = OutsideCalls.counted(left());
        rest.run();
        tell(OutsideCalls.counters(List.of()));
        IntStream.range(0, moves).forEach(this::pass);
        OutsideCalls idle = OutsideCalls.counted(left());
        mend();
        return all.without(idle);
    }

    /** Makes the next move of the clock and says how far it went. */
    Duration pass(int move) {
        Duration by = MOVES.get(move % MOVES.size());
        caller.pass(by.toString());
        return by;
    }

    /** Lets time pass until the tasks have come to their end, and gives the number of moves that took. */
    int moveUntilFinal(List<String> tasks) {
        Duration passed = Duration.ZERO;
        int moves = 0;
        while (!tasks.stream().allMatch(this::isFinal)) {
            assertThat(passed).as("tasks %s are not final", tasks).isLessThan(LONGEST);
            passed = passed.plus(pass(++moves));
        }
        return moves;
    }

    /**
     * An SDK client that has failed for long does not try again any more, not even once, until it has succeeded often enough. What failed in one
     * cut must not change the next.
     */
    void earnRetries() {
        IntStream.range(0, 50)
                .forEach(n -> assertThat(caller.task("01JD5ZK6E0R9W1V8M3Q7T2X4YB").status()).isEqualTo(404));
    }

    String url(String inbox) {
        return caller.api() + "/_local/inbox/" + inbox;
    }

    /** The ids of all rows whose webhook goes to the inbox, whatever their form. */
    List<String> rowsFor(String inbox) {
        return table.scanPaginator(scan -> scan.tableName(TABLE).filterExpression("#payload.#url = :url")
                .expressionAttributeNames(Map.of("#payload", "payload", "#url", "url"))
                .expressionAttributeValues(Map.of(":url", AttributeValue.fromS(url(inbox))))).items().stream()
                .map(row -> requireNonNull(row.get("task_id")).s()).toList();
    }

    boolean isFinal(String id) {
        Map<String, AttributeValue> row = row(id);
        return row.containsKey("status") && FINAL.contains(row.get("status").s());
    }

    /** As the table has it. */
    Map<String, AttributeValue> row(String id) {
        return table.getItem(get -> get.tableName(TABLE).consistentRead(true)
                .key(Map.of("task_id", AttributeValue.fromS(id)))).item();
    }

    void putRow(Map<String, AttributeValue> row) {
        table.putItem(put -> put.tableName(TABLE).item(row));
    }

    List<String> farTimersOf(String id) {
        return timers.listSchedules(list -> list.groupName(GROUP).namePrefix(id)).schedules().stream()
                .map(schedule -> schedule.name()).toList();
    }

    /** As if EventBridge Scheduler had forgotten the far ones; the near ones of all other tasks go with its own. */
    void loseTimersOf(String id) {
        farTimersOf(id).forEach(name -> timers.deleteSchedule(delete -> delete.groupName(GROUP).name(name)));
        purge("TimerQueue");
    }

    /** One more timer for the same time, as if SQS or EventBridge Scheduler delivered twice. */
    void repeatTimersOf(String id) {
        Map<String, AttributeValue> row = row(id);
        Duration ahead = Duration.between(caller.now(), Instant.parse(requireNonNull(row.get("time")).s()));
        if (ahead.compareTo(NearAndFarTimers.HORIZON) < 0) {
            String url = queues.getQueueUrl(get -> get.queueName("TimerQueue")).queueUrl();
            queues.sendMessage(send -> send.queueUrl(url).delaySeconds(Math.toIntExact(ahead.toSeconds())).messageBody(
                    "{\"source\": \"custom.timer\", \"detail\": {\"taskId\": \"%s\", \"wakeUp\": %s}}".formatted(id,
                            requireNonNull(row.get("version")).n())));
        }
        farTimersOf(id).forEach(name -> {
            var timer = timers.getSchedule(get -> get.groupName(GROUP).name(name));
            timers.createSchedule(create -> create.groupName(GROUP).name("again-" + name).target(timer.target())
                    .scheduleExpression(timer.scheduleExpression()).flexibleTimeWindow(timer.flexibleTimeWindow())
                    .actionAfterCompletion(timer.actionAfterCompletion()));
        });
    }

    void purge(String queue) {
        String url = queues.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        queues.purgeQueue(purge -> purge.queueUrl(url));
    }

    void expectNothingForgotten() {
        JsonNode invariant = caller.get("/invariant").json();
        assertThat(invariant.get("violations").intValue()).as("%s", invariant).isZero();
        assertThat(invariant.get("overdue").intValue()).as("%s", invariant).isZero();
    }

    @Override
    public void close() {
        table.close();
        timers.close();
        queues.close();
    }
}
