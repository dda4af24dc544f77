package io.taskscheduler.fuzz;

import static io.taskscheduler.fuzz.FuzzTarget.promise;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.taskscheduler.app.AdoptTask;
import io.taskscheduler.domain.Order;
import io.taskscheduler.domain.Webhook;
import io.taskscheduler.fixture.Tasks;
import io.taskscheduler.fixture.Webhooks;
import io.taskscheduler.handler.http.BatchRequest;
import io.taskscheduler.handler.http.ChangeRequest;
import io.taskscheduler.handler.http.Problem;
import io.taskscheduler.handler.http.RowRequest;
import io.taskscheduler.handler.http.TaskRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Any body, as a task, a batch, an edit, a named task, and a row's payload: what cannot be done is refused in few words. */
public final class RequestFuzz {

    private static final int MOST_TOLD = 51;

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] body) {
        APIGatewayV2HTTPEvent event = APIGatewayV2HTTPEvent.builder()
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody(Base64.getEncoder().encodeToString(body)).withIsBase64Encoded(true).build();
        task(event);
        switch (BatchRequest.read(event, Webhooks.RULES, Tasks.CREATED)) {
            case BatchRequest.Reading.Valid(var tasks) -> promise(tasks.size() <= 100, "a batch of more than 100");
            case BatchRequest.Reading.Refused(Problem problem) -> brief(problem);
        }
        if (ChangeRequest.edit(event, Webhooks.RULES,
                Tasks.CREATED) instanceof ChangeRequest.Reading.Refused<?>(Problem problem)) {
            brief(problem);
        }
        if (ChangeRequest.put(event, "a-name", Webhooks.RULES,
                Tasks.CREATED) instanceof ChangeRequest.Reading.Refused<?>(Problem problem)) {
            brief(problem);
        }
        row(body);
    }

    private static void task(APIGatewayV2HTTPEvent event) {
        switch (TaskRequest.read(event, Webhooks.RULES, Tasks.CREATED)) {
            case TaskRequest.Reading.Valid(Order order, var _) -> {
                promise(TaskRequest.read(event, Webhooks.RULES,
                        Tasks.CREATED) instanceof TaskRequest.Reading.Valid(Order again, var _) && again.equals(order),
                        "the same body is another order the second time");
                promise(!order.runAt().isBefore(Tasks.CREATED.minusSeconds(300)), "a task of the past");
                promise(order.action() instanceof Webhook webhook && webhook.url().getHost() != null,
                        "a webhook without a host");
            }
            case TaskRequest.Reading.Refused(Problem problem, var _) -> brief(problem);
        }
    }

    /** In a row, the payload is a text: it must never become more than the payload. */
    private static void row(byte[] body) {
        String row = "{\"action\":\"webhook\",\"run_at\":\"2027-05-17T15:00:00Z\",\"payload\":"
                + quoted(new String(body, StandardCharsets.UTF_8)) + "}";
        if (RowRequest.read(row, Webhooks.RULES, Tasks.CREATED) instanceof AdoptTask.Reading.Valid(Order order)) {
            promise(order.labels().isEmpty() && order.expiresAt().isEmpty(), "a payload added members to its order");
        }
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> json.append("\\u%04x".formatted(c)));
        return json.append('"').toString();
    }

    static void brief(Problem problem) {
        promise(problem.status() >= 400 && problem.status() < 500, "a refusal that is not the caller's");
        promise(problem.violations().size() <= MOST_TOLD, "a refusal without end");
        promise(problem.detail().length() < 2_000, "a detail without end");
    }
}
