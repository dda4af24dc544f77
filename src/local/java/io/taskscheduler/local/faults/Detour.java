package io.taskscheduler.local.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.taskscheduler.local.http.Endpoint;
import io.taskscheduler.local.http.LocalHttpServer;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;

import software.amazon.awssdk.http.SdkHttpRequest;

import tools.jackson.databind.json.JsonMapper;

/**
 * The way to the services on which requests meet their faults. It knows requests, not calls: each try of the SDK meets a fault
 * of its own. A request that meets none is passed on as it came.
 */
final class Detour implements Endpoint, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final System.Logger LOG = System.getLogger(Detour.class.getName());

    private static final String SERVICE = "x-local-service";
    private static final String OPERATION = "x-local-operation";
    private static final String DESTINATION = "x-local-destination";
    // Written by the client or the server themselves.
    private static final Set<String> NOT_PASSED_ON = Set.of("connection", "content-length", "date", "expect", "host",
            "keep-alive", "transfer-encoding", "upgrade", SERVICE, OPERATION, DESTINATION);

    private final Faults faults;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final LocalHttpServer server;

    private Detour(Faults faults) throws IOException {
        this.faults = faults;
        this.server = LocalHttpServer.start("127.0.0.1", 0, this);
    }

    static Detour start(Faults faults) throws IOException {
        return new Detour(faults);
    }

    /** The request, led over here. */
    SdkHttpRequest lead(SdkHttpRequest request, AwsService service, String operation) {
        SdkHttpRequest.Builder led = SdkHttpRequest.builder().method(request.method()).protocol("http")
                .host("127.0.0.1").port(server.port()).encodedPath(request.encodedPath())
                .rawQueryParameters(request.rawQueryParameters()).headers(request.headers());
        return led.putHeader(SERVICE, service.name()).putHeader(OPERATION, operation)
                .putHeader(DESTINATION, request.protocol() + "://" + request.host() + ":" + request.port()).build();
    }

    @Override
    public Reply answer(Request request) throws InterruptedException {
        AwsService service = AwsService.valueOf(request.header(SERVICE).orElseThrow());
        String operation = request.header(OPERATION).orElseThrow();
        Optional<Fault.AwsCall> fault = faults.take(Fault.AwsCall.class, each -> each.hits(service, operation));
        return fault.isPresent() ? meet(fault.get(), request) : passOn(request);
    }

    /** Ends what hangs: nothing that was late may still be done to services that others start on the same ports. */
    @Override
    public void close() {
        ended.complete(null);
        server.close();
        client.shutdownNow();
    }

    private Reply meet(Fault.AwsCall fault, Request request) throws InterruptedException {
        switch (fault.when()) {
            case BEFORE -> {
                if (!isOverAfter(fault.hang())) {
                    return fault.error().isPresent() ? refusal(fault.error().get()) : passOn(request);
                }
            }
            case AFTER -> {
                Reply lost = passOn(request);
                boolean over = isOverAfter(fault.hang());
                LOG.log(System.Logger.Level.DEBUG, "lost {0}, ended meanwhile: {1}", lost, over);
            }
        }
        return new Reply.HangUp();
    }

    /** Whether all of it has ended before the time has passed. */
    private boolean isOverAfter(Duration hang) throws InterruptedException {
        if (hang.isZero()) {
            return false;
        }
        try {
            ended.get(hang.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException passed) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end does not fail", e);
        }
    }

    private Reply passOn(Request request) throws InterruptedException {
        String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
        HttpRequest.Builder onward = HttpRequest
                .newBuilder(URI.create(request.header(DESTINATION).orElseThrow() + request.rawPath() + query))
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name)) {
                values.forEach(value -> onward.header(name, value));
            }
        });
        try {
            HttpResponse<byte[]> answer = client.send(onward.build(), BodyHandlers.ofByteArray());
            Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
            headers.keySet().removeIf(name -> NOT_PASSED_ON.contains(name) || name.startsWith(":"));
            return new Reply.Answer(answer.statusCode(), headers, answer.body());
        } catch (IOException noAnswer) {
            return new Reply.HangUp();
        }
    }

    /** As JSON 1.0 and REST-JSON both read it. */
    private static Reply refusal(Fault.AwsError error) {
        String body = JSON.createObjectNode().put("__type", error.name())
                .put("message", "told to fail by /_local/faults").toString();
        return new Reply.Answer(error.status(),
                Map.of("x-amzn-errortype", List.of(error.name()), "x-amzn-requestid",
                        List.of(UUID.randomUUID().toString()), "content-type", List.of("application/x-amz-json-1.0")),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
