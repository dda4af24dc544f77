package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.domain.Task;
import io.taskscheduler.domain.TaskId;
import io.taskscheduler.domain.TaskState.Cancelled;
import io.taskscheduler.domain.TaskState.Completed;
import io.taskscheduler.domain.TaskState.Expired;
import io.taskscheduler.domain.TaskState.Failed;
import io.taskscheduler.domain.TaskState.Running;
import io.taskscheduler.domain.TaskState.Scheduled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The keys of the index {@value #NAME}, by which everything is found that is asked by time, and when a finished task leaves the table.
 *
 * <p>Open tasks stand in the partitions {@code open#0…} under their due time, which an attempt does not change, so that a claim costs no
 * index write. Finished ones stand in {@code completed#0…}, {@code failed#0…}, {@code cancelled#0…} and {@code expired#0…} under their
 * finishing time. Beside its keys an entry holds {@code lateness_ms}. That costs no write of its own: it is set in the write that moves the task to the partition
 * of its end, which is paid in the index anyway, and the entry stays far below the kilobyte that a write unit is for.
 *
 * @param shards        how many partitions share a state, 1 or more: one partition of an index takes 1,000 writes a second (AWS, "Partition
 *                      key design"). It may be raised at any time and never lowered: rows in the shards above would be out of sight.
 * @param retentionDays how long a finished task stays; 0 keeps it for ever
 */
public record TimeIndex(int shards, int retentionDays) {

    public static final String NAME = "by_time";

    static final String PARTITION = "time_partition";
    static final String TIME = "time";

    public TimeIndex {
        if (shards < 1 || retentionDays < 0) {
            throw new IllegalArgumentException("shards must be 1 or more and retention days 0 or more");
        }
    }

    String partition(Task task) {
        String group = switch (task.state()) {
            case Scheduled s -> "open";
            case Running r -> "open";
            case Completed c -> "completed";
            case Failed f -> "failed";
            case Cancelled c -> "cancelled";
            case Expired e -> "expired";
        };
        return partition(group, shardOf(task.id()));
    }

    /** The partition of one shard of those that share a state. */
    static String partition(String group, int shard) {
        return group + "#" + shard;
    }

    Instant time(Task task) {
        return task.dueAt().or(task::finishedAt).orElseThrow();
    }

    /** The second from which on DynamoDB may remove the task; empty while it is open, or when tasks are kept for ever. */
    Optional<Long> deleteAt(Task task) {
        return task.finishedAt().flatMap(this::deleteAfter);
    }

    /** The partitions in which open tasks stand. */
    List<String> openPartitions() {
        return IntStream.range(0, shards).mapToObj(shard -> "open#" + shard).toList();
    }

    /** The partitions in which tasks stand that have been carried out, the two of a shard together. */
    List<List<String>> endedPartitions() {
        return IntStream.range(0, shards).mapToObj(shard -> List.of("completed#" + shard, "failed#" + shard)).toList();
    }

    /**
     * The entries of a partition in a stretch of time.
     *
     * @param last the last instant that counts: a key takes one condition only, and BETWEEN includes both ends
     */
    static QueryRequest.Builder between(String tableName, String partition, Instant first, Instant last) {
        return QueryRequest.builder().tableName(tableName).indexName(NAME)
                .keyConditionExpression("#partition = :partition AND #time BETWEEN :first AND :last")
                .expressionAttributeNames(Map.of("#partition", PARTITION, "#time", TIME))
                .expressionAttributeValues(Map.of(":partition", AttributeValue.fromS(partition), ":first",
                        AttributeValue.fromS(StoredTime.text(first)), ":last",
                        AttributeValue.fromS(StoredTime.text(last))));
    }

    Optional<Long> deleteAfter(Instant finishedAt) {
        return retentionDays == 0
                ? Optional.empty()
                : Optional.of(finishedAt.plus(Duration.ofDays(retentionDays)).getEpochSecond());
    }

    private int shardOf(TaskId id) {
        // String.hashCode is specified: every JVM gives the same.
        return Math.floorMod(id.value().hashCode(), shards);
    }
}
