package io.taskscheduler.local.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.taskscheduler.app.port.Pause;
import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.AgendaPause;
import io.taskscheduler.local.clock.ManualTime;
import io.taskscheduler.local.clock.VirtualClock;
import io.taskscheduler.local.lambda.LocalFunction;
import io.taskscheduler.local.sqs.MessageWatch;
import io.taskscheduler.local.sqs.Queues;
import io.taskscheduler.local.sqs.SqsServer;
import io.taskscheduler.local.template.Account;
import io.taskscheduler.local.template.EventSourceResource;
import io.taskscheduler.local.template.FunctionResource;
import io.taskscheduler.local.template.QueueResource;
import io.taskscheduler.local.template.Stack;
import io.taskscheduler.local.template.Template;

import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import tools.jackson.databind.JsonNode;

@Timeout(60)
class QueueSourceIT {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FAILED = "arn:aws:sqs:us-east-1:123456789012:FailedQueue";

    private final ManualTime real = new ManualTime(NOON);
    private final VirtualClock clock = new VirtualClock(real);
    private final Events work = new Events(clock);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void a_delayed_message_is_delivered_at_its_own_instant_during_a_move() throws Exception {
        Local local = start(Optional.empty(), "");
        local.send("late", 90);
        local.send("early", 30);

        local.agenda.advanceBy(Duration.ofMinutes(15));

        assertThat(work.seen).containsExactly("early 2026-11-21T12:00:30Z", "late 2026-11-21T12:01:30Z");
        assertThat(local.count("SourceQueue")).isZero();
    }

    @Test
    void a_message_that_a_run_sends_is_delivered_in_the_same_move() throws Exception {
        Local local = start(Optional.empty(), "");
        work.after = body -> {
            if (body.equals("first")) {
                local.send("second", 60);
            }
        };
        local.send("first", 60);

        local.agenda.advanceBy(Duration.ofMinutes(2));

        assertThat(work.seen).containsExactly("first 2026-11-21T12:01:00Z", "second 2026-11-21T12:02:00Z");
    }

    @Test
    void the_function_gets_what_lambda_would_give_it() throws Exception {
        Local local = start(Optional.empty(), "");
        local.queues.client().sendMessage(r -> r.queueUrl(local.url("SourceQueue")).messageBody("hello")
                .messageAttributes(
                        Map.of("kind", MessageAttributeValue.builder().dataType("String").stringValue("near")
                                .build())));
        local.settle();

        assertThat(work.records).singleElement().satisfies(record -> {
            assertThat(record.path("messageId").stringValue()).isNotEmpty();
            assertThat(record.path("receiptHandle").stringValue()).isNotEmpty();
            assertThat(record.path("body").stringValue()).isEqualTo("hello");
            assertThat(record.path("md5OfBody").stringValue()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
            assertThat(record.path("md5OfMessageAttributes").stringValue()).hasSize(32);
            assertThat(record.path("eventSource").stringValue()).isEqualTo("aws:sqs");
            assertThat(record.path("eventSourceARN").stringValue())
                    .isEqualTo("arn:aws:sqs:us-east-1:123456789012:SourceQueue");
            assertThat(record.path("awsRegion").stringValue()).isEqualTo("us-east-1");
            assertThat(record.at("/attributes/ApproximateReceiveCount").stringValue()).isEqualTo("1");
            assertThat(record.at("/attributes/ApproximateFirstReceiveTimestamp").stringValue())
                    .isEqualTo(Long.toString(NOON.toEpochMilli()));
            assertThat(record.path("attributes").propertyNames()).contains("SentTimestamp", "SenderId");
            assertThat(record.at("/messageAttributes/kind/stringValue").stringValue()).isEqualTo("near");
            assertThat(record.at("/messageAttributes/kind/dataType").stringValue()).isEqualTo("String");
        });
    }

    @Test
    void only_the_reported_messages_of_a_batch_come_back_after_the_visibility_time_out() throws Exception {
        Local local = start(Optional.empty(), "BatchSize: 10, MaximumBatchingWindowInSeconds: 5, "
                + "FunctionResponseTypes: [ReportBatchItemFailures]");
        work.answer = event -> report(event, Set.of("b"));
        List.of("a", "b", "c").forEach(body -> local.send(body, 0));

        local.agenda.advanceBy(Duration.ofSeconds(60));
        work.answer = event -> "{\"batchItemFailures\":[]}";
        assertThat(work.batches).hasSize(1);
        assertThat(local.count("SourceQueue")).isEqualTo(1);
        local.agenda.advanceBy(Duration.ofSeconds(60));

        assertThat(work.seen).hasSize(4).last().isEqualTo("b 2026-11-21T12:01:40Z");
        assertThat(local.count("SourceQueue")).isZero();
    }

    @Test
    void a_report_that_names_an_unknown_message_fails_the_whole_batch() throws Exception {
        Local local = start(Optional.empty(), "FunctionResponseTypes: [ReportBatchItemFailures]");
        work.answer = event -> "{\"batchItemFailures\":[{\"itemIdentifier\":\"nobody\"}]}";
        local.send("again", 0);

        local.agenda.advanceBy(Duration.ofSeconds(100));

        assertThat(work.seen).containsExactly("again 2026-11-21T12:00:00Z", "again 2026-11-21T12:01:30Z");
    }

    @Test
    void a_message_that_failed_too_often_goes_to_the_redrive_queue_without_another_one_coming() throws Exception {
        Local local = start(Optional.empty(), "");
        work.answer = event -> {
            throw new IllegalStateException("no luck");
        };
        local.send("bad", 0);

        local.agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(work.seen).containsExactly("bad 2026-11-21T12:00:00Z", "bad 2026-11-21T12:01:30Z",
                "bad 2026-11-21T12:03:00Z");
        assertThat(local.count("SourceQueue")).isZero();
        assertThat(local.bodies("FailedQueue")).containsExactly("bad");
        assertThat(local.agenda.advanceBy(Duration.ofDays(1)).fired()).isZero();
    }

    @Test
    void no_more_batches_run_at_once_than_the_source_may_and_no_message_is_received_in_vain() throws Exception {
        Local local = start(Optional.empty(), "BatchSize: 1, ScalingConfig: {MaximumConcurrency: 3}");
        for (int i = 0; i < 30; i++) {
            local.send("m" + i, 1);
        }

        expectAtMost(3, local);

        assertThat(work.seen).hasSize(30);
        assertThat(receiveCounts()).containsExactly("1");
    }

    @Test
    void the_functions_reserved_concurrency_holds_and_costs_no_receive() throws Exception {
        Local local = start(Optional.empty(), "BatchSize: 1", "ReservedConcurrentExecutions: 2,");
        for (int i = 0; i < 20; i++) {
            local.send("m" + i, 1);
        }

        expectAtMost(2, local);

        assertThat(work.seen).hasSize(20);
        assertThat(receiveCounts()).containsExactly("1");
    }

    @Test
    void what_an_earlier_process_left_is_taken_up_each_at_its_time(@TempDir Path data) throws Exception {
        Local first = start(Optional.of(data), "");
        CountDownLatch running = new CountDownLatch(1);
        work.after = body -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        first.send("delayed", 300);
        first.send("was running", 0);
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        // Never the end of the run, as with a killed process.
        first.close();
        work.after = body -> {};
        work.seen.clear();

        Local second = start(Optional.of(data), "");
        second.agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(work.seen).containsExactly("was running 2026-11-21T12:01:30Z", "delayed 2026-11-21T12:05:00Z");
        assertThat(second.count("SourceQueue")).isZero();
    }

    @Test
    void a_function_that_is_switched_off_leaves_its_messages() throws Exception {
        Local local = start(Optional.empty(), "", "ReservedConcurrentExecutions: 0,");
        local.send("waits", 0);

        local.agenda.advanceBy(Duration.ofMinutes(10));

        assertThat(work.seen).isEmpty();
        assertThat(local.count("SourceQueue")).isEqualTo(1);
    }

    @Test
    void messages_that_were_taken_away_unseen_are_forgotten() throws Exception {
        Local local = start(Optional.empty(), "");
        local.send("purged", 60);
        local.queues.client().purgeQueue(r -> r.queueUrl(local.url("SourceQueue")));

        local.agenda.advanceBy(Duration.ofMinutes(2));

        assertThat(work.seen).isEmpty();
        assertThat(local.agenda.advanceBy(Duration.ofMinutes(2)).fired()).isZero();
    }

    /** The real time stands still: a move that waited for a single pause would never end. */
    @Test
    void runs_that_pause_do_not_hold_up_a_move() throws Exception {
        Local local = start(Optional.empty(), "BatchSize: 10, ScalingConfig: {MaximumConcurrency: 3}");
        Pause pause = new AgendaPause(local.agenda);
        List<String> done = new CopyOnWriteArrayList<>();
        work.after = body -> {
            pause.until(NOON.plusSeconds(Integer.parseInt(body)).plusMillis(900));
            done.add(body + " " + clock.instant());
        };
        List<String> expected = new ArrayList<>();
        for (int second = 1; second <= 20; second++) {
            local.send(Integer.toString(second), second);
            expected.add(second + " " + NOON.plusSeconds(second).plusMillis(900));
        }

        local.agenda.advanceBy(Duration.ofSeconds(30));

        assertThat(done).containsExactlyElementsOf(expected);
        assertThat(local.count("SourceQueue")).isZero();
        assertThat(real.instant()).isEqualTo(NOON);
    }

    @Test
    void each_message_of_a_batch_pauses_for_itself() throws Exception {
        Local local = start(Optional.empty(), "BatchSize: 10, MaximumBatchingWindowInSeconds: 5");
        CountDownLatch oneIsBack = new CountDownLatch(1);
        List<String> log = new CopyOnWriteArrayList<>();
        work.answer = event -> {
            Thread one = Thread.ofVirtual().start(() -> {
                local.agenda.pauseUntil(NOON.plusSeconds(6));
                oneIsBack.countDown();
            });
            log.add("held up " + !happensSoon(oneIsBack) + " " + clock.instant());
            local.agenda.pauseUntil(NOON.plusSeconds(6));
            join(one);
            return "null";
        };
        List.of("a", "b").forEach(body -> local.send(body, 0));

        local.agenda.advanceBy(Duration.ofSeconds(10));

        assertThat(log).containsExactly("held up true 2026-11-21T12:00:05Z");
        assertThat(local.count("SourceQueue")).isZero();
    }

    private static boolean happensSoon(CountDownLatch latch) {
        try {
            return latch.await(150, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_message_does_not_wait_for_a_poll() throws Exception {
        VirtualClock live = new VirtualClock(InstantSource.system());
        Events soon = new Events(live);
        Local local = new Local(Optional.empty(), "", "", live, soon);
        open.add(local);
        local.send("warm up", 0);
        local.settle();
        List<Long> late = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Instant> delivered = new CompletableFuture<>();
            soon.after = body -> delivered.complete(live.instant());
            Instant sent = live.instant();
            local.send("m" + i, 1);
            late.add(Duration.between(sent.plusSeconds(1), delivered.get(20, TimeUnit.SECONDS)).toMillis());
        }
        // The upper bound only says that it does not wait: a loaded machine may be slow.
        assertThat(late).allSatisfy(millis -> assertThat(millis).isBetween(0L, 5_000L));
    }

    /** Moves the clock while every run is held, until as many as allowed are there and one more had a second to come. */
    private void expectAtMost(int allowed, Local local) throws Exception {
        CountDownLatch full = new CountDownLatch(allowed);
        CountDownLatch tooMany = new CountDownLatch(allowed + 1);
        CountDownLatch release = new CountDownLatch(1);
        work.after = body -> {
            full.countDown();
            tooMany.countDown();
            await(release);
        };
        CompletableFuture<Void> move = CompletableFuture.runAsync(local::moveOn);
        await(full);
        boolean oneMore = tooMany.await(1, TimeUnit.SECONDS);
        release.countDown();
        move.get(60, TimeUnit.SECONDS);
        assertThat(oneMore).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> receiveCounts() {
        Set<String> counts = new HashSet<>();
        work.records.forEach(r -> counts.add(r.at("/attributes/ApproximateReceiveCount").stringValue()));
        return counts;
    }

    private static String report(JsonNode event, Set<String> bodies) {
        List<String> ids = event.path("Records").valueStream()
                .filter(r -> bodies.contains(r.path("body").stringValue()))
                .map(r -> "{\"itemIdentifier\":\"" + r.path("messageId").stringValue() + "\"}").toList();
        return "{\"batchItemFailures\":[" + String.join(",", ids) + "]}";
    }

    private Local start(Optional<Path> data, String source) throws IOException {
        return start(data, source, "");
    }

    private Local start(Optional<Path> data, String source, String function) throws IOException {
        Local local = new Local(data, source, function, clock, work);
        open.add(local);
        return local;
    }

    /** A queue with a redrive queue and a function that takes its messages. */
    private static final class Local implements AutoCloseable {
        final Agenda agenda;
        final Queues queues;
        private final SqsServer server;
        private final QueueSource source;
        private final List<QueueResource> declared;

        Local(Optional<Path> data, String source, String function, VirtualClock clock, Events work)
                throws IOException {
            MessageWatch watch = new MessageWatch();
            this.agenda = new Agenda(clock);
            this.server = SqsServer.start(
                    new SqsServer.Options("127.0.0.1", 0, "us-east-1", "123456789012", data), clock, watch);
            Stack stack = stack(server.endpoint(), source, function);
            this.declared = QueueResource.of(stack);
            this.queues = Queues.create(server.endpoint(), "us-east-1", declared);
            this.source = new QueueSource((EventSourceResource.Queue) EventSourceResource.of(stack).getFirst(),
                    new LocalFunction(FunctionResource.of(stack).getFirst(), any -> work), queues.client(), watch,
                    agenda, clock);
            this.source.start();
        }

        private static Stack stack(URI endpoint, String source, String function) {
            return Template.parse("""
                    Resources:
                      FailedQueue: {Type: AWS::SQS::Queue}
                      SourceQueue:
                        Type: AWS::SQS::Queue
                        Properties:
                          VisibilityTimeout: 90
                          RedrivePolicy: {deadLetterTargetArn: %s, maxReceiveCount: 3}
                      Work:
                        Type: AWS::Serverless::Function
                        Properties: {Handler: work, Timeout: 60, %s
                          Events: {M: {Type: SQS, Properties: {Queue: !GetAtt SourceQueue.Arn, %s}}}}
                    """.formatted(FAILED, function, source)).stack(Account.local(endpoint.toString()), Map.of());
        }

        void send(String body, int delaySeconds) {
            queues.client().sendMessage(
                    r -> r.queueUrl(url("SourceQueue")).messageBody(body).delaySeconds(delaySeconds));
        }

        /** Until what is due now is done. */
        void settle() throws InterruptedException {
            agenda.advanceBy(Duration.ZERO);
        }

        void moveOn() {
            try {
                agenda.advanceBy(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        String url(String queue) {
            return declared.stream().filter(q -> q.name().equals(queue)).findFirst().orElseThrow().url();
        }

        int count(String queue) {
            var attributes = queues.client()
                    .getQueueAttributes(r -> r.queueUrl(url(queue)).attributeNames(QueueAttributeName.ALL))
                    .attributes();
            return List.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE).stream()
                    .mapToInt(name -> Integer.parseInt(attributes.get(name))).sum();
        }

        List<String> bodies(String queue) {
            return queues.client().receiveMessage(r -> r.queueUrl(url(queue))).messages().stream()
                    .map(message -> message.body()).toList();
        }

        @Override
        public void close() {
            source.close();
            agenda.close();
            queues.close();
            server.close();
        }
    }
}
