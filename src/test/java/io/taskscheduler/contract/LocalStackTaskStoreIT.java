package io.taskscheduler.contract;

import io.taskscheduler.fixture.Tasks;
import java.time.InstantSource;
import static java.util.Objects.requireNonNull;

import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.fixture.Backends;
import io.taskscheduler.fixture.LocalStack;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** On LocalStack, where Docker can run it. */
class LocalStackTaskStoreIT extends TaskStoreContract {

    private static @Nullable TaskStore store;

    @BeforeAll
    static void start() {
        DynamoDbClient client = Backends.dynamoDb(LocalStack.endpointOrSkip());
        store = new DynamoDbTaskStore(client, Backends.freshTable(client), new TimeIndex(16, 30),
                InstantSource.fixed(Tasks.CREATED));
    }

    @Override
    TaskStore store() {
        return requireNonNull(store);
    }
}
