package io.taskscheduler.load;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/**
 * Adds up the units of capacity that the calls of every client in this process consume, from when it is told to: the SDK finds it on the class path. A query
 * that finds nothing counts half a unit, which is what AWS bills for it; DynamoDB Local says 0.
 */
public final class CapacityCount implements ExecutionInterceptor {
    private static final double LEAST = 0.5;
    private static final AtomicBoolean COUNTING = new AtomicBoolean();
    private static final DoubleAdder UNITS = new DoubleAdder();

    /** Made by the SDK. */
    public CapacityCount() {}

    static void begin() {
        COUNTING.set(true);
    }

    /** What there was since the last time. */
    static double take() {
        return UNITS.sumThenReset();
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
        if (!COUNTING.get()) {
            return context.request();
        }
        return switch (context.request()) {
            case GetItemRequest get -> get.toBuilder().returnConsumedCapacity(total).build();
            case PutItemRequest put -> put.toBuilder().returnConsumedCapacity(total).build();
            case QueryRequest query -> query.toBuilder().returnConsumedCapacity(total).build();
            case BatchGetItemRequest get -> get.toBuilder().returnConsumedCapacity(total).build();
            case SdkRequest other -> other;
        };
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        if (COUNTING.get()) {
            consumed(context.response()).forEach(each -> UNITS.add(Math.max(LEAST, each.capacityUnits())));
        }
    }

    private static Stream<ConsumedCapacity> consumed(SdkResponse response) {
        return switch (response) {
            case GetItemResponse got -> Stream.of(got.consumedCapacity());
            case PutItemResponse put -> Stream.of(put.consumedCapacity());
            case QueryResponse found -> Stream.of(found.consumedCapacity());
            case BatchGetItemResponse got -> got.consumedCapacity().stream();
            case SdkResponse other -> Stream.of();
        };
    }
}
