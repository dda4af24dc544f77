package io.taskscheduler.journey;

import static java.util.Objects.requireNonNull;

import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.RouteResource;
import io.taskscheduler.local.template.Template;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every way into the API, and how a caller is turned away from it. */
final class WhoMayCall {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What is sent over one route. */
    record Call(String method, String path, String body) {

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private WhoMayCall() {}

    /** A call for each route that is deployed, and for each other way through the default route; the bodies are refused when they are read. */
    static List<Call> calls() throws IOException {
        Stream<Call> own = RouteResource.of(Template.read(Path.of("template.yaml")).stack(
                Account.local("http://127.0.0.1:1"), Map.of())).stream().map(RouteResource::routeKey)
                .filter(key -> key.contains(" ")).map(key -> key.split(" ", 2))
                .map(key -> new Call(key[0], key[1].replace("{task_id}", "nobody"), key[0].equals("GET") ? "" : "{"));
        return Stream.concat(own, Stream.of(new Call("HEAD", "/tasks/nobody", ""), new Call("OPTIONS", "/tasks", ""),
                new Call("GET", "/no/such/route", ""), new Call("HEAD", "/invariant", ""),
                new Call("POST", "/tasks/nobody/run/", ""), new Call("PUT", "/schedule-task", "{"),
                new Call("POST", "/schedule%2Dtask/", "{"))).toList();
    }

    static HttpResponse<String> send(URI api, Call call, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + call.path()))
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.bytes()));
        headers.forEach(request::header);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** {@code in} when the function has answered; else what API Gateway turned the caller away with. */
    static String outcome(HttpResponse<String> answer) {
        boolean turnedAway = answer.statusCode() == 401 || answer.statusCode() == 403;
        if (turnedAway == answer.headers().firstValue("apigw-requestid").isPresent()) {
            throw new AssertionError("neither in nor out: " + answer + " " + answer.headers().map());
        }
        if (!turnedAway) {
            return "in";
        }
        String message = answer.statusCode() == 401 ? "{\"message\":\"Unauthorized\"}" : "{\"message\":\"Forbidden\"}";
        boolean asItShould = requireNonNull(answer.body())
                .equals(answer.request().method().equals("HEAD") ? "" : message);
        return asItShould ? Integer.toString(answer.statusCode()) : answer.statusCode() + " " + answer.body();
    }
}
