package io.taskscheduler.adapter.dynamodb;

import io.taskscheduler.app.port.Unavailable;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** How calls to DynamoDB fail. */
final class DynamoDb {

    private DynamoDb() {}

    static <T> T answered(String call, Supplier<T> work) {
        try {
            return work.get();
        } catch (SdkException e) {
            throw new Unavailable("DynamoDB did not answer " + call + ": " + e.getMessage(), e);
        }
    }
}
