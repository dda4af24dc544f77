package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.app.ListTasks;
import io.taskscheduler.app.port.TaskList.Position;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.Call;
import io.taskscheduler.handler.http.ListRequest;
import io.taskscheduler.handler.http.PageTokens;
import io.taskscheduler.handler.http.TaskPage;
import io.taskscheduler.wiring.Components;
import io.taskscheduler.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code GET /tasks}: one page of the list, and the token that the next one is asked for with. */
final class TaskPages {

    private final ListTasks listTasks;
    private final PageTokens tokens;

    TaskPages(ListTasks listTasks, PageTokens tokens) {
        this.listTasks = listTasks;
        this.tokens = tokens;
    }

    /** An {@link IllegalStateException} when the function was not told the key: a token without one could be made by anybody. */
    static TaskPages of(Components components) {
        Secret key = components.settings().pageTokenKey()
                .orElseThrow(
                        () -> new IllegalStateException("The environment is incomplete: PAGE_TOKEN_KEY is missing"));
        return new TaskPages(components.listTasks(), new PageTokens(key.value().getBytes(StandardCharsets.UTF_8)));
    }

    APIGatewayV2HTTPResponse answer(Call call) {
        return switch (ListRequest.read(call.event(), tokens)) {
            case ListRequest.Reading.Refused(var problem) -> Answers.problem(problem, call.id());
            case ListRequest.Reading.Valid(var filter, var limit, var after) -> {
                TaskPage page = new TaskPage();
                Optional<Position> end = listTasks.list(filter, after, limit, page::add);
                yield Answers.json(page.json(end.map(position -> tokens.write(filter, position))));
            }
        };
    }
}
