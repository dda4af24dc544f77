package io.taskscheduler.contract;

import io.taskscheduler.fixture.Tasks;
import java.time.InstantSource;
import io.taskscheduler.adapter.dynamodb.DynamoDbFinishedTasks;
import io.taskscheduler.adapter.dynamodb.DynamoDbTaskStore;
import io.taskscheduler.adapter.dynamodb.TimeIndex;
import io.taskscheduler.fixture.Backends;

/** On DynamoDB Local, or on what {@code -Dcontract.endpoint=} names. */
class DynamoDbFinishedTasksIT extends FinishedTasksContract {

    @Override
    World world() {
        TimeIndex index = new TimeIndex(4, 30);
        String table = Backends.freshTable(Backends.dynamoDb());
        return new World(new DynamoDbTaskStore(Backends.dynamoDb(), table, index, InstantSource.fixed(Tasks.CREATED)),
                new DynamoDbFinishedTasks(Backends.dynamoDb(), table, index));
    }
}
