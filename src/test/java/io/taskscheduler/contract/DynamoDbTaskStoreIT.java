package io.taskscheduler.contract;

import io.taskscheduler.fixture.Tasks;
import java.time.InstantSource;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.app.port.TaskStore;
import io.taskscheduler.fixture.Backends;

/** On DynamoDB Local, or on what {@code -Dcontract.endpoint=} names. */
class DynamoDbTaskStoreIT extends TaskStoreContract {

    private static final TaskStore STORE = new DynamoDbTaskStore(Backends.dynamoDb(),
            Backends.freshTable(Backends.dynamoDb()),
            new TimeIndex(16, 30), InstantSource.fixed(Tasks.CREATED));

    @Override
    TaskStore store() {
        return STORE;
    }
}
