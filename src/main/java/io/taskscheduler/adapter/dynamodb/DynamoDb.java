package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.adapter.FailedCall;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** How calls to DynamoDB fail. */
final class DynamoDb {

    private DynamoDb() {}

    static <T> T answered(String call, Supplier<T> work) {
        try {
            return work.get();
        } catch (SdkException e) {
            throw FailedCall.unavailable("DynamoDB did not answer " + call, e);
        }
    }
}
