package io.taskscheduler.adapter.dynamodb;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.domain.Caller;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Task;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.handler.http.TaskRequest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Any body that is accepted: the task that is stored is the task that is read. */
public final class StoreFuzz {

    private static final TaskItems ITEMS = new TaskItems(new TimeIndex(16, 30));

    private StoreFuzz() {}

    public static void fuzzerTestOneInput(byte[] body) {
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody(Base64.getEncoder().encodeToString(body)).withIsBase64Encoded(true).build();
        if (TaskRequest.read(event, Webhooks.RULES,
                Tasks.CREATED) instanceof TaskRequest.Reading.Valid(Order order, var _)) {
            Task task = Task.schedule(Tasks.ID, 1, order, Caller.ANONYMOUS, Tasks.CREATED);
            Optional<Task> read = TaskItems.read(ITEMS.write(task).row());
            promise(read.equals(Optional.of(task)), "stored " + task + ", read " + read);
        }
    }
}
