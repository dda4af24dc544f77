package io.taskscheduler.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints how punctual the SQS at the given URL delivers delayed messages, as many as given: the earliest, the median, the 99th percentile and
 * the latest, in milliseconds after the delay that was asked for. Delays are 1 to 5 s; long polls wait for the messages. A delay may begin
 * anywhere between the sending of a message and its answer: early is counted from the former, late from the latter. In a queue of its own,
 * which it deletes.
 */
public final class QueueDelay {
    private static final String QUEUE = "QueueDelay";
    private static final int LONGEST_DELAY = 5;
    private static final int RECEIVERS = 3;
    // The local queues do not ask who calls.
    private static final String CALLER = "AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/sqs/aws4_request,"
            + " SignedHeaders=host, Signature=none";
    private static final Pattern URL = Pattern.compile("\"QueueUrl\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern BODY = Pattern.compile("\"Body\"\\s*:\\s*\"(\\d+)\"");

    private final URI queues;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ConcurrentLinkedQueue<Double> lateness = new ConcurrentLinkedQueue<>();
    private final AtomicInteger received = new AtomicInteger();

    private QueueDelay(URI queues) {
        this.queues = queues;
    }

    private record Sent(long before, long after, int delaySeconds) {
        double latenessMillis(long arrived) {
            long delay = TimeUnit.SECONDS.toNanos(delaySeconds);
            long late = Math.max(0, arrived - after - delay);
            long early = Math.min(0, arrived - before - delay);
            return (late + early) / 1e6;
        }
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        QueueDelay bench = new QueueDelay(URI.create(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        Matcher created = URL.matcher(bench.call("CreateQueue", "{\"QueueName\": \"%s\"}".formatted(QUEUE)));
        if (!created.find()) {
            throw new IOException("the queue has no URL");
        }
        String url = created.group(1);
        try {
            List<Double> all = bench.run(url, count);
            System.out.printf("%.0f %.0f %.0f %.0f%n", all.getFirst(), all.get(count / 2), all.get(count * 99 / 100),
                    all.getLast());
        } finally {
            bench.call("DeleteQueue", "{\"QueueUrl\": \"%s\"}".formatted(url));
        }
    }

    private List<Double> run(String url, int count) throws IOException, InterruptedException, ExecutionException {
        List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService receivers = Executors.newFixedThreadPool(RECEIVERS)) {
            List<Future<?>> receiving = new ArrayList<>();
            for (int i = 0; i < RECEIVERS; i++) {
                receiving.add(receivers.submit(() -> receive(url, count, sent)));
            }
            for (int number = 0; number < count; number++) {
                int delay = 1 + number % LONGEST_DELAY;
                long before = System.nanoTime();
                call("SendMessage", "{\"QueueUrl\": \"%s\", \"MessageBody\": \"%d\", \"DelaySeconds\": %d}"
                        .formatted(url, number, delay));
                sent.add(new Sent(before, System.nanoTime(), delay));
            }
            for (Future<?> each : receiving) {
                each.get();
            }
        }
        return lateness.stream().sorted().toList();
    }

    private Void receive(String url, int count, List<Sent> sent) throws IOException, InterruptedException {
        while (received.get() < count) {
            String answer = call("ReceiveMessage",
                    "{\"QueueUrl\": \"%s\", \"MaxNumberOfMessages\": 10, \"WaitTimeSeconds\": 2, \"VisibilityTimeout\": 600}"
                            .formatted(url));
            long arrived = System.nanoTime();
            BODY.matcher(answer).results().map(body -> Integer.parseInt(body.group(1))).forEach(number -> {
                lateness.add(sent.get(number).latenessMillis(arrived));
                received.incrementAndGet();
            });
        }
        return null;
    }

    private String call(String operation, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(queues).POST(BodyPublishers.ofString(body))
                .header("content-type", "application/x-amz-json-1.0").header("x-amz-target", "AmazonSQS." + operation)
                .header("x-amz-date", "20261121T000000Z").header("authorization", CALLER).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(operation + " answered " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
