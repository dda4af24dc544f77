package io.taskscheduler.local.scheduler;

import io.taskscheduler.local.clock.Agenda;
import io.taskscheduler.local.clock.ManualTime;
import io.taskscheduler.local.clock.VirtualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindow;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;

/** A server on a free port with a clock that only the test moves, and the real SDK's client of it. */
final class LocalScheduler implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    static final String LAMBDA = "arn:aws:lambda:eu-west-1:000000000000:function:execute";
    static final String QUEUE = "arn:aws:sqs:eu-west-1:000000000000:dead-letters";
    static final String ROLE = "arn:aws:iam::000000000000:role/timer";
    static final SchedulerOptions OPTIONS = SchedulerOptions.exact("eu-west-1", "000000000000");

    final VirtualClock clock;
    final Agenda agenda;
    final RecordingTargets targets;
    final SchedulerServer server;
    final SchedulerClient client;

    LocalScheduler(SchedulerOptions options, Optional<Path> data, Instant start) {
        clock = new VirtualClock(new ManualTime(start));
        agenda = new Agenda(clock);
        targets = new RecordingTargets(clock);
        try {
            server = SchedulerServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options, clock,
                    agenda, targets,
                    data);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        client = SchedulerClient.builder().endpointOverride(server.endpoint()).region(Region.EU_WEST_1)
                .httpClient(UrlConnectionHttpClient
                        .create())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    static LocalScheduler inMemory() {
        return new LocalScheduler(OPTIONS, Optional.empty(), START);
    }

    static LocalScheduler in(Path folder, Instant start) {
        return new LocalScheduler(OPTIONS, Optional.of(folder), start);
    }

    /** A schedule that needs no more than a name, changed as the test wants it. */
    static CreateScheduleRequest schedule(String name, String expression,
            Consumer<CreateScheduleRequest.Builder> change) {
        var request = CreateScheduleRequest.builder().name(name).scheduleExpression(expression)
                .flexibleTimeWindow(FlexibleTimeWindow
                        .builder().mode(FlexibleTimeWindowMode.OFF).build())
                .target(target(_ -> {}));
        change.accept(request);
        return request.build();
    }

    static Target target(Consumer<Target.Builder> change) {
        var target = Target.builder().arn(LAMBDA).roleArn(ROLE).input("{\"task\":\"1\"}");
        change.accept(target);
        return target.build();
    }

    void create(String name, String expression) {
        create(name, expression, _ -> {});
    }

    void create(String name, String expression, Consumer<CreateScheduleRequest.Builder> change) {
        client.createSchedule(schedule(name, expression, change));
    }

    /** Lets time pass, all that becomes due included. */
    void pass(Duration duration) {
        try {
            agenda.advanceBy(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        agenda.close();
    }
}
