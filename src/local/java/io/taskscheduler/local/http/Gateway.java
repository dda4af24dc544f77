package io.taskscheduler.local.http;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.taskscheduler.local.lambda.Functions;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.lambda.Outcome;
import io.taskscheduler.local.template.CorsResource;
import io.taskscheduler.local.template.RouteResource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The HTTP API of the template: payload format 2.0 to the function of the route and its answer back, with API Gateway's own
 * answers where the function gives none: 401 and 403 to a caller who has not what the route asks for, 404 without a route, 431
 * for too many headers, 500 when the function fails, 503 when it takes too long.
 */
public final class Gateway implements Endpoint {
    private static final JsonMapper JSON = new JsonMapper();

    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
    private static final int LARGEST_HEAD = 10_240;

    private record Asked(String method, String requestId, String function) {}

    private final RouteTable routes;
    private final Optional<Cors> cors;
    private final Authorizer authorizer;
    private final Functions functions;
    private final InstantSource clock;
    private final String accountId;

    /**
     * @param cors
     *            which pages in browsers may call; empty when they are told nothing
     */
    public Gateway(List<RouteResource> routes, Optional<CorsResource> cors, Authorizer authorizer,
            Functions functions, InstantSource clock,
            String accountId) {
        this.routes = new RouteTable(routes);
        this.cors = cors.map(Cors::new);
        this.authorizer = authorizer;
        this.functions = functions;
        this.clock = clock;
        this.accountId = accountId;
    }

    @Override
    public Reply answer(Request request) throws InterruptedException {
        Optional<Reply.Answer> preflight = cors.flatMap(each -> each.preflight(request));
        if (preflight.isPresent()) {
            return preflight.get();
        }
        Reply.Answer answer = routed(request);
        return cors.map(each -> each.to(request, answer)).orElse(answer);
    }

    private Reply.Answer routed(Request request) throws InterruptedException {
        if (headBytes(request) > LARGEST_HEAD) {
            return Reply.message(431, "Request Header Fields Too Large");
        }
        Optional<RouteTable.Match> match = routes.match(request.method(), request.rawPath());
        if (match.isEmpty()) {
            return Reply.message(404, "Not Found");
        }
        return switch (authorizer.judge(match.get().route().auth(), request)) {
            case Authorizer.Verdict.Refused(Reply.Answer answer) -> answer;
            case Authorizer.Verdict.Allowed(Optional<ObjectNode> caller) -> integrated(request, match.get(), caller);
        };
    }

    private Reply.Answer integrated(Request request, RouteTable.Match match, Optional<ObjectNode> caller)
            throws InterruptedException {
        RouteResource route = match.route();
        Optional<LocalFunction> function = functions.find(route.functionName());
        if (function.isEmpty()) {
            return Reply.message(500, "Internal Server Error");
        }
        String requestId = UUID.randomUUID().toString();
        byte[] event = new GatewayEvent(request, match, caller).json(accountId, requestId, clock.instant());
        return within(route, function.get(), event)
                .map(outcome -> reply(outcome,
                        new Asked(request.method(), requestId, function.get().resource().name())))
                .orElseGet(() -> Reply.message(503, "Service Unavailable"));
    }

    /** The request line and the values of the headers, as AWS counts them. */
    private static int headBytes(Request request) {
        return request.method().length() + request.rawPath().length() + request.rawQuery().length()
                + request.headers().values().stream().flatMap(List::stream).mapToInt(String::length).sum();
    }

    /** Empty when the function answers later than API Gateway waits. */
    private Optional<Outcome> within(RouteResource route, LocalFunction function, byte[] event)
            throws InterruptedException {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread.ofVirtual().name("integration of " + route.routeKey()).start(() -> {
            try {
                outcome.complete(functions.invoke(function, event));
            } catch (Throwable thrown) {
                outcome.completeExceptionally(thrown);
            }
        });
        try {
            return Optional.of(outcome.get(route.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the local run failed to invoke " + function.resource().name(), e);
        }
    }

    private static Reply.Answer reply(Outcome outcome, Asked asked) {
        return switch (outcome) {
            case Outcome.Answer(byte[] json) -> answer(json, asked).orElseGet(() -> {
                System.err.println(asked.function() + " gave no answer that API Gateway understands");
                return Reply.message(500, "Internal Server Error");
            });
            case Outcome.Failure(byte[] json) -> {
                System.err.println(asked.function() + " failed: " + new String(json, StandardCharsets.UTF_8));
                yield Reply.message(500, "Internal Server Error");
            }
            case Outcome.Throttled() -> Reply.message(503, "Service Unavailable");
        };
    }

    private static Optional<Reply.Answer> answer(byte[] json, Asked asked) {
        JsonNode answer;
        try {
            answer = JSON.readTree(json);
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
        if (!answer.has("statusCode")) {
            // What is no answer is the body of one.
            return Optional.of(Reply.json(200, answer));
        }
        int status = answer.path("statusCode").asInt(0);
        if (status < 200 || status > 599) {
            return Optional.empty();
        }
        String body = answer.path("body").asString("");
        try {
            return Optional.of(new Reply.Answer(status, headers(answer, asked),
                    answer.path("isBase64Encoded").asBoolean(false)
                            ? Base64.getDecoder().decode(body)
                            : body.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Map<String, List<String>> headers(JsonNode answer, Asked asked) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("content-type", List.of("text/plain;charset=UTF-8"));
        headers.put("apigw-requestid", List.of(asked.requestId()));
        answer.path("headers").properties().forEach(
                header -> headers.put(header.getKey().toLowerCase(Locale.ROOT),
                        List.of(header.getValue().asString(""))));
        List<String> cookies = new ArrayList<>();
        answer.path("cookies").forEach(cookie -> cookies.add(cookie.asString("")));
        if (!cookies.isEmpty()) {
            headers.put("set-cookie", cookies);
        }
        if (!asked.method().equals("HEAD")) {
            // The server counts for itself where there is something to count.
            headers.remove("content-length");
        }
        return headers;
    }
}
