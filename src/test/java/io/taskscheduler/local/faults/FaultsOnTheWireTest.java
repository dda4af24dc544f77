package io.taskscheduler.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskscheduler.local.http.LocalHttpServer;
import io.taskscheduler.local.http.Reply;
import io.taskscheduler.local.http.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's own clients, as functions and the local run use them, in front of a service that only counts. */
class FaultsOnTheWireTest {

    private final BlockingQueue<Request> arrived = new LinkedBlockingQueue<>();
    private final AtomicReference<Reply> answer = new AtomicReference<>(Reply.json(200, "application/json", "{}"));
    private final LocalHttpServer service;
    private final Faults faults = new Faults();

    FaultsOnTheWireTest() throws IOException {
        service = LocalHttpServer.start("127.0.0.1", 0, request -> {
            arrived.add(request);
            return answer.get();
        });
    }

    @AfterEach
    void end() {
        faults.close();
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"InternalServerException, 500, 4", "ThrottlingException, 429, 4", "ConflictException, 409, 1",
            "ValidationException, 400, 1"})
    void the_scheduler_fails_as_aws_does_and_each_try_of_the_sdk_is_a_call(String error, int status, int tries)
            throws Exception {
        tell("{\"service\": \"scheduler\", \"operation\": \"GetSchedule\", \"error\": \"" + error
                + "\", \"times\": 10}");

        assertThatThrownBy(() -> inFunction(() -> scheduler().getSchedule(r -> r.name("a"))))
                .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo(error);
                    assertThat(e.statusCode()).isEqualTo(status);
                    assertThat(e.getClass().getSimpleName()).isEqualTo(error);
                });

        assertThat(left()).isEqualTo(10 - tries);
        assertThat(arrived).isEmpty();
    }

    @Test
    void the_table_throttles_with_its_own_status() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"error\": \"ProvisionedThroughputExceededException\", \"times\": 100}");

        assertThatThrownBy(() -> inFunction(this::put)).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(400);
            assertThat(e.isThrottlingException()).isTrue();
        });
    }

    @Test
    void a_call_that_has_used_the_faults_up_gets_through() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"status\": 500, \"times\": 2}");

        inFunction(this::put);

        assertThat(left()).isZero();
        Request request = arrived.remove();
        assertThat(request.header("x-amz-target")).contains("DynamoDB_20120810.PutItem");
        assertThat(request.header("amz-sdk-request"))
                .hasValueSatisfying(text -> assertThat(text).contains("attempt=3"));
        assertThat(request.header("host")).contains("127.0.0.1:" + service.port());
        assertThat(request.headers().keySet()).noneMatch(name -> name.startsWith("x-local"));
        assertThat(new String(request.body(), StandardCharsets.UTF_8)).contains("\"TableName\":\"t\"");
    }

    @Test
    void the_query_arrives_as_it_was_sent() throws Exception {
        tell("{\"service\": \"scheduler\", \"operation\": \"GetSchedule\", \"status\": 503}");

        inFunction(() -> scheduler().getSchedule(r -> r.name("a").groupName("g")));

        Request request = arrived.remove();
        assertThat(request.rawPath()).isEqualTo("/schedules/a");
        assertThat(request.rawQuery()).isEqualTo("groupName=g");
    }

    @Test
    void an_answer_that_is_lost_makes_the_sdk_do_the_work_again() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"when\": \"after\"}");

        inFunction(this::put);

        assertThat(arrived).hasSize(2);
        assertThat(left()).isZero();
    }

    /** The JDK's client repeats a request without a body by itself: the SDK sees nothing of it. */
    @Test
    void a_request_without_a_body_is_repeated_below_the_sdk_when_its_answer_is_lost() throws Exception {
        tell("{\"service\": \"scheduler\", \"operation\": \"DeleteSchedule\", \"when\": \"after\"}");

        inFunction(() -> scheduler().deleteSchedule(r -> r.name("a")));

        assertThat(arrived).extracting(request -> request.header("amz-sdk-request").orElse(""))
                .containsExactly("attempt=1; max=4", "attempt=1; max=4");
    }

    @Test
    void a_call_that_nobody_waits_for_any_more_is_still_carried_out() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"hang_ms\": 2000, \"times\": 9}");

        assertThatThrownBy(() -> inFunction(() -> dynamoDb(Duration.ofMillis(200)).putItem(r -> r.tableName("t"))))
                .isInstanceOf(SdkClientException.class);

        assertThat(arrived).isEmpty();
        assertThat(arrived.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void a_late_error_is_only_an_error() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"hang_ms\": 300, \"error\": \"ValidationException\"}");
        long begun = System.nanoTime();

        assertThatThrownBy(() -> inFunction(this::put)).isInstanceOf(AwsServiceException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(299));
        assertThat(arrived).isEmpty();
    }

    @Test
    void what_hangs_when_all_ends_is_not_carried_out() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"hang_ms\": 1000, \"times\": 9}");
        assertThatThrownBy(() -> inFunction(() -> dynamoDb(Duration.ofMillis(200)).putItem(r -> r.tableName("t"))))
                .isInstanceOf(SdkClientException.class);

        faults.close();

        assertThat(arrived.poll(1_500, TimeUnit.MILLISECONDS)).isNull();
        inFunction(this::put);
        assertThat(arrived).hasSize(1);
    }

    @Test
    void who_is_no_function_and_not_the_launcher_meets_no_fault() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"status\": 500}");

        put();

        assertThat(arrived).hasSize(1);
        assertThat(left()).isOne();
    }

    @Test
    void the_launchers_polling_fails_and_its_own_tables_do_not() throws Exception {
        tell("{\"service\": \"sqs\", \"operation\": \"ReceiveMessage\", \"error\": \"QueueDoesNotExist\"}",
                "{\"service\": \"dynamodb\", \"operation\": \"GetRecords\", \"error\": \"ExpiredIteratorException\"}",
                "{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"status\": 500}");

        assertThatThrownBy(() -> asLauncher(() -> sqs().receiveMessage(r -> r.queueUrl(uri() + "/q"))))
                .isInstanceOf(AwsServiceException.class);
        assertThatThrownBy(() -> asLauncher(() -> streams().getRecords(r -> r.shardIterator("i"))))
                .isInstanceOf(AwsServiceException.class);
        assertThat(arrived).isEmpty();
        asLauncher(this::put);
        assertThat(arrived).hasSize(1);
    }

    @Test
    void a_thread_that_a_function_starts_is_the_functions() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"error\": \"ValidationException\"}");
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        inFunction(() -> join(Thread.ofVirtual().start(() -> catching(this::put, thrown::set))));

        assertThat(thrown.get()).isInstanceOf(AwsServiceException.class);
    }

    @ParameterizedTest
    @CsvSource({"before, 1, 0", "after, 1, 1", "before, 2, 1", "after, 2, 2", "before, 3, 2", "after, 3, 3"})
    void a_function_dies_at_its_call_and_nothing_of_it_runs_on(String when, int call, int arrivals) throws Exception {
        tell("{\"service\": \"lambda\", \"function\": \"F\", \"kill_at_call\": " + call + ", \"when\": \"" + when
                + "\"}");
        // An answer that is an error is one too.
        answer.set(new Reply.Answer(400, Map.of("x-amzn-errortype", List.of("ConditionalCheckFailedException")),
                "{}".getBytes(StandardCharsets.UTF_8)));
        CountDownLatch died = new CountDownLatch(1);
        CountDownLatch ranOn = new CountDownLatch(1);
        Invocation invocation = faults.invocation("F", died::countDown);
        Thread running = Thread.ofVirtual().start(() -> invocation.run(() -> {
            try {
                for (int i = 0; i < 3; i++) {
                    catching(this::put, error -> {});
                }
            } finally {
                ranOn.countDown();
            }
        }));

        assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
        running.interrupt();
        assertThat(ranOn.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(running.isAlive()).isTrue();
        assertThat(arrived).hasSize(arrivals);
    }

    @Test
    void tries_of_the_sdk_are_one_outside_call() throws Exception {
        tell("{\"service\": \"dynamodb\", \"operation\": \"PutItem\", \"status\": 500, \"times\": 2}",
                "{\"service\": \"lambda\", \"function\": \"F\", \"kill_at_call\": 2}");
        CountDownLatch died = new CountDownLatch(1);
        Invocation invocation = faults.invocation("F", died::countDown);
        Thread.ofVirtual().start(() -> invocation.run(() -> {
            put();
            put();
        }));

        assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(arrived).hasSize(1);
    }

    @Test
    void the_other_threads_of_a_dead_function_stop_at_their_next_call() throws Exception {
        tell("{\"service\": \"lambda\", \"function\": \"F\", \"kill_at_call\": 1}");
        CountDownLatch died = new CountDownLatch(1);
        CountDownLatch ranOn = new CountDownLatch(1);
        Invocation invocation = faults.invocation("F", died::countDown);
        Thread.ofVirtual().start(() -> invocation.run(() -> {
            Thread.ofVirtual().start(this::put);
            join(Thread.ofVirtual().start(() -> {
                await(died);
                put();
            }));
            ranOn.countDown();
        }));

        assertThat(died.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ranOn.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(arrived).isEmpty();
    }

    @Test
    void another_function_and_a_run_with_fewer_calls_live_on() throws Exception {
        tell("{\"service\": \"lambda\", \"function\": \"F\", \"kill_at_call\": 2}");

        inFunction(this::put);
        faults.invocation("G", () -> {
            throw new AssertionError("died");
        }).run(() -> {
            put();
            put();
        });

        assertThat(arrived).hasSize(3);
        assertThat(left()).isOne();
    }

    private void tell(String... told) throws InterruptedException {
        Reply.Answer answer = (Reply.Answer) faults.control(Set.of("F", "G")).answer(request("PUT",
                "[" + String.join(",", told) + "]"));
        assertThat(answer.status()).as(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(200);
    }

    private int left() {
        return faults.show().get(0).path("times").intValue();
    }

    private static Request request(String method, String body) {
        return new Request(method, "/_local/faults", "", Map.of(), body.getBytes(StandardCharsets.UTF_8), "HTTP/1.1",
                "127.0.0.1");
    }

    private void inFunction(Runnable work) {
        faults.invocation("F", () -> {
            throw new AssertionError("died");
        }).run(work);
    }

    private void asLauncher(Runnable work) {
        boolean _ = faults.asLauncher(() -> {
            work.run();
            return true;
        });
    }

    private static void catching(Runnable work, Consumer<RuntimeException> thrown) {
        try {
            work.run();
        } catch (RuntimeException e) {
            thrown.accept(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put() {
        dynamoDb(Duration.ofSeconds(30))
                .putItem(r -> r.tableName("t").item(Map.of("a", AttributeValue.fromS("b"))));
    }

    private DynamoDbClient dynamoDb(Duration timeout) {
        return local(DynamoDbClient.builder(), timeout)
                .overrideConfiguration(c -> c.apiCallTimeout(timeout).retryStrategy(RetryMode.STANDARD)).build();
    }

    private DynamoDbStreamsClient streams() {
        return local(DynamoDbStreamsClient.builder(), Duration.ofSeconds(30)).build();
    }

    private SchedulerClient scheduler() {
        return local(SchedulerClient.builder(), Duration.ofSeconds(30)).build();
    }

    private SqsClient sqs() {
        return local(SqsClient.builder(), Duration.ofSeconds(30)).build();
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B local(B builder, Duration timeout) {
        return builder.endpointOverride(URI.create(uri())).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(UrlConnectionHttpClient.builder().socketTimeout(timeout).build());
    }

    private String uri() {
        return "http://127.0.0.1:" + service.port();
    }
}
