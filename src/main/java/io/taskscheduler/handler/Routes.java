package io.taskscheduler.handler;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.taskscheduler.domain.Violation;
import io.taskscheduler.handler.http.Answers;
import io.taskscheduler.handler.http.Call;
import io.taskscheduler.handler.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Chooses what answers a request. API Gateway has chosen already, save for what it knows no route for: a path of ours with another method is
 * told from one that there is not, {@code HEAD} is answered where {@code GET} only needs the right to read, and {@code OPTIONS} names the
 * methods. Nothing else is served for a route that API Gateway has not chosen: however a path is written, that route's authorizer was asked.
 */
record Routes(List<Route> all) {

    /** For what API Gateway has no route of ours; the second where browsers may call, for their questions without authentication. */
    private static final Set<String> UNDECIDED = Set.of("$default", "OPTIONS /{proxy+}");

    Routes {
        all = List.copyOf(all);
    }

    APIGatewayV2HTTPResponse answer(APIGatewayV2HTTPEvent event, Instant now) {
        if (!UNDECIDED.contains(event.getRouteKey())) {
            Map<String, String> path = Optional.ofNullable(event.getPathParameters()).orElse(Map.of());
            return all.stream().filter(route -> route.key().equals(event.getRouteKey())).findFirst()
                    .map(route -> answer(route, new Call(event, path, now)))
                    .orElseThrow(() -> new IllegalStateException("no answer to route " + event.getRouteKey()));
        }
        String method = event.getRequestContext().getHttp().getMethod();
        String path = event.getRawPath();
        String id = event.getRequestContext().getRequestId();
        List<Route> here = all.stream().filter(route -> route.match(path).isPresent()).toList();
        if (here.isEmpty()) {
            return Answers.problem(Problem.noSuchRoute(), id);
        }
        if (method.equals("HEAD")) {
            Optional<Route> get = here.stream().filter(Route::answersHead).findFirst();
            if (get.isPresent()) {
                return Answers.headOf(answer(get.get(), new Call(event, get.get().match(path).orElseThrow(), now)));
            }
        }
        return method.equals("OPTIONS")
                ? Answers.empty(204, Map.of("Allow", methods(here)))
                : Answers.problem(Problem.methodNotAllowed(methods(here)), id);
    }

    /** A parameter that is ignored would be a wish that is lost. */
    private static APIGatewayV2HTTPResponse answer(Route route, Call call) {
        List<Violation> unknown = route.takesParameters()
                ? List.of()
                : call.query().keySet().stream().sorted()
                        .map(name -> new Violation("query." + name,
                                "is not known here; this path takes no parameters"))
                        .toList();
        return unknown.isEmpty()
                ? route.answer().apply(call)
                : Answers.problem(Problem.validation(unknown), call.id());
    }

    private static String methods(List<Route> routes) {
        boolean hasHead = routes.stream().anyMatch(Route::answersHead);
        return String.join(", ", Stream.concat(routes.stream().map(Route::method),
                hasHead ? Stream.of("HEAD", "OPTIONS") : Stream.of("OPTIONS")).sorted().toList());
    }
}
