package io.taskscheduler.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Prints how many items a second the DynamoDB Local at the given URL stores when nobody else uses it: conditional PutItem of
 * 1 KB, from as many threads as given, for as many seconds as given. Before that it does so for two seconds that do not
 * count. In a table of its own, which it deletes.
 */
public final class StoreLimit {
    private static final String TABLE = "StoreLimit";
    private static final long WARM_UP_SECONDS = 2;
    // The local store reads who calls from it, and does not check the signature.
    private static final String CALLER = "AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/dynamodb/aws4_request,"
            + " SignedHeaders=host, Signature=none";
    private static final String CREATE = """
            {"TableName": "%s", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
             "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}"""
            .formatted(TABLE);
    private static final String PUT = """
            {"TableName": "%s", "ConditionExpression": "attribute_not_exists(id)",
             "Item": {"id": {"S": "%%d"}, "body": {"S": "%s"}}}""".formatted(TABLE, "x".repeat(1000));
    private static final String DELETE = "{\"TableName\": \"%s\"}".formatted(TABLE);

    private final URI store;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong items = new AtomicLong();

    private StoreLimit(URI store) {
        this.store = store;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        StoreLimit limit = new StoreLimit(URI.create(arguments[0]));
        int threads = Integer.parseInt(arguments[1]);
        limit.call("CreateTable", CREATE);
        try {
            limit.fill(threads, WARM_UP_SECONDS);
            System.out.println(Math.round(limit.fill(threads, Long.parseLong(arguments[2]))));
        } finally {
            limit.call("DeleteTable", DELETE);
        }
    }

    /** Items a second. */
    private double fill(int threads, long seconds) throws InterruptedException, ExecutionException {
        long before = items.get();
        long began = System.nanoTime();
        long until = began + TimeUnit.SECONDS.toNanos(seconds);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<?> filling : IntStream.range(0, threads).mapToObj(_ -> pool.submit(() -> putUntil(until)))
                    .toList()) {
                filling.get();
            }
        }
        return (items.get() - before) * 1e9 / (System.nanoTime() - began);
    }

    private Void putUntil(long until) throws IOException, InterruptedException {
        while (System.nanoTime() < until) {
            call("PutItem", PUT.formatted(items.incrementAndGet()));
        }
        return null;
    }

    private void call(String operation, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(store).POST(BodyPublishers.ofString(body))
                .header("content-type", "application/x-amz-json-1.0")
                .header("x-amz-target", "DynamoDB_20120810." + operation)
                .header("x-amz-date", "20261121T000000Z").header("authorization", CALLER).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(operation + " answered " + answer.statusCode() + " " + answer.body());
        }
    }
}
