package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.adapter.ulid.UlidTaskIds;
import io.taskscheduler.app.port.TaskIds;
import io.taskscheduler.domain.AttemptResult;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Change;
import io.taskscheduler.domain.Claim;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Precision;
import io.taskscheduler.domain.RetryPolicy;
import io.taskscheduler.domain.Settlement;
import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.Transition;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.domain.WokenBy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The rows of tasks as the product writes them, in the package of what writes them: made by the moves of a task and by the table's own mapping, so
 * that the index has what it would have.
 */
public final class Rows {
    private static final int IN_A_CALL = 25;
    private static final int THREADS = 4;
    private static final Duration FIRST_DUE = Duration.ofDays(2);
    private static final Duration ALL_DUE = Duration.ofDays(28);
    private static final Duration TOOK = Duration.ofMillis(84);
    private static final RetryPolicy RETRY = new RetryPolicy(5, Duration.ofSeconds(10), 2.0, Duration.ofHours(1));

    private final TaskItems items;
    private final Webhook webhook;
    private final TaskIds ids = new UlidTaskIds();

    /** @param url where the webhooks go to */
    public Rows(int shards, int retentionDays, String url) {
        this.items = new TaskItems(new TimeIndex(shards, retentionDays));
        this.webhook = new Webhook(URI.create(url), Webhook.Method.POST, Map.of(),
                Optional.of("{\"message\":\"Task executed!" + "x".repeat(500) + "\"}"), Duration.ofSeconds(30));
    }

    /** A new task that is due then. */
    public Task scheduled(Instant runAt, Instant now) {
        Order order = new Order(webhook, runAt.truncatedTo(ChronoUnit.MILLIS), Precision.SECOND, Optional.empty(),
                RETRY, Map.of("order", "4711"));
        return Task.schedule(ids.next(now), 1, order, Caller.ANONYMOUS, now.truncatedTo(ChronoUnit.MILLIS));
    }

    /** The row of a new task that is due then. */
    public Map<String, AttributeValue> row(Instant runAt, Instant now) {
        return row(scheduled(runAt, now));
    }

    /** The rows that a task's life writes: scheduled, running, completed. */
    public List<Map<String, AttributeValue>> life(Instant now) {
        Task scheduled = scheduled(now, now);
        Task running = running(scheduled, scheduled.runAt());
        return List.of(row(scheduled), row(running), row(completed(running, scheduled.runAt())));
    }

    /**
     * Puts so many rows there: half of them open, due in two days and the four weeks that follow, nearly all others completed in the last day, some
     * cancelled.
     */
    public void fill(DynamoDbClient client, String table, int count, Instant now) throws Exception {
        List<Future<?>> filling = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                filling.add(threads.submit(() -> {
                    for (int from = first * IN_A_CALL; from < count; from += THREADS * IN_A_CALL) {
                        List<WriteRequest> puts = IntStream.range(from, Math.min(count, from + IN_A_CALL))
                                .mapToObj(number -> put(number, count, now)).toList();
                        Map<String, List<WriteRequest>> left = Map.of(table, puts);
                        while (!left.isEmpty()) {
                            Map<String, List<WriteRequest>> wanted = left;
                            left = client.batchWriteItem(write -> write.requestItems(wanted)).unprocessedItems();
                        }
                    }
                }));
            }
            for (Future<?> each : filling) {
                each.get();
            }
        }
    }

    private WriteRequest put(int number, int count, Instant now) {
        Map<String, AttributeValue> row = row(task(number, count, now));
        return WriteRequest.builder().putRequest(PutRequest.builder().item(row).build()).build();
    }

    private Task task(int number, int count, Instant now) {
        double share = (double) number / count;
        if (number % 2 == 0) {
            return scheduled(now.plus(FIRST_DUE).plusMillis((long) (share * ALL_DUE.toMillis())), now);
        }
        Instant then = now.minusMillis(1 + (long) (share * Duration.ofDays(1).toMillis()))
                .truncatedTo(ChronoUnit.MILLIS);
        Task scheduled = scheduled(then, then.minusSeconds(60));
        if (number % 20 == 1 && scheduled.cancel(Caller.ANONYMOUS, then) instanceof Change.Made(Transition made)) {
            return made.after();
        }
        return completed(running(scheduled, then), then);
    }

    private static Task running(Task scheduled, Instant now) {
        if (scheduled.claim("a-holder-of-a-lease-that-has-this-size", WokenBy.TIMER,
                now) instanceof Claim.Granted(Transition start)) {
            return start.after();
        }
        throw new IllegalStateException("not granted");
    }

    private static Task completed(Task running, Instant now) {
        AttemptResult result = new AttemptResult.Response(now, TOOK, 200, "", Optional.empty());
        if (running.settle("a-holder-of-a-lease-that-has-this-size", 1, result, 0.5,
                now.plus(TOOK)) instanceof Settlement.Settled(Transition end)) {
            return end.after();
        }
        throw new IllegalStateException("not settled");
    }

    private Map<String, AttributeValue> row(Task task) {
        return items.write(task).row();
    }
}
