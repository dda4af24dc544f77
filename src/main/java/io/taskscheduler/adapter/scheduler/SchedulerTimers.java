package io.taskscheduler.adapter.scheduler;

import io.taskscheduler.adapter.FailedCall;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindow;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;

/**
 * One one-shot EventBridge schedule per wake-up, deleted by AWS once it has fired. Its name is the task's id, or the digest of a long one, and
 * the wake-up's number, so a name that is taken means that this very timer is set already.
 *
 * <p>A schedule counts in whole seconds: a fraction is rounded up, never to before the time. AWS promises to fire within the minute that
 * follows.
 */
public final class SchedulerTimers implements Timers {

    // at() takes neither zone nor offset nor fraction.
    private static final DateTimeFormatter AT = DateTimeFormatter
            .ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    // Whether AWS takes an at() that has passed is not documented: a second is left for the call to get there.
    private static final Duration SOONEST = Duration.ofSeconds(1);

    // AWS's own maxima and defaults: a task that is hours late is better than one that never runs; then the dead-letter queue has it.
    private static final int DELIVERY_ATTEMPTS = 185;
    private static final Duration DELIVERY_AGE = Duration.ofDays(1);

    // Source: a name has at most 64 characters; a hyphen and a wake-up's number, 15 digits at most, follow the id.
    private static final int LONGEST_ID = 48;

    private final SchedulerClient client;
    private final TimerTarget target;
    private final InstantSource clock;

    public SchedulerTimers(SchedulerClient client, TimerTarget target, InstantSource clock) {
        this.client = client;
        this.target = target;
        this.clock = clock;
    }

    /**
     * Whom timers wake, and on whose behalf.
     *
     * @param group              the schedule group that holds all timers
     * @param functionArn        the function that runs tasks
     * @param roleArn            what EventBridge Scheduler assumes to call it
     * @param deadLetterQueueArn where a wake-up goes that never reached the function
     */
    public record TimerTarget(String group, String functionArn, String roleArn, String deadLetterQueueArn) {}

    @Override
    public void set(Timer timer) {
        String name = nameOf(timer);
        try {
            client.createSchedule(create -> create.name(name).groupName(target.group())
                    .scheduleExpression(AT.format(wholeSecond(timer.at()))).scheduleExpressionTimezone("UTC")
                    .flexibleTimeWindow(FlexibleTimeWindow.builder().mode(FlexibleTimeWindowMode.OFF).build())
                    .actionAfterCompletion(ActionAfterCompletion.DELETE).target(targetOf(timer.task())));
        } catch (ConflictException alreadySet) {
            return;
        } catch (SdkException e) {
            throw FailedCall.unavailable("EventBridge Scheduler did not take the timer", e);
        }
    }

    private static String nameOf(Timer timer) {
        String task = timer.task().value();
        return (task.length() <= LONGEST_ID ? task : digest(task)) + "-" + timer.wakeUp();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, LONGEST_ID);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Target targetOf(TaskId task) {
        return Target.builder().arn(target.functionArn()).roleArn(target.roleArn()).input(input(task))
                .retryPolicy(retry -> retry.maximumRetryAttempts(DELIVERY_ATTEMPTS)
                        .maximumEventAgeInSeconds(Math.toIntExact(DELIVERY_AGE.toSeconds())))
                .deadLetterConfig(queue -> queue.arn(target.deadLetterQueueArn())).build();
    }

    // An id needs no escaping.
    private static String input(TaskId task) {
        return "{\"source\":\"custom.scheduler\",\"detail\":{\"taskId\":\"" + task + "\"}}";
    }

    private Instant wholeSecond(Instant at) {
        Instant soonest = clock.instant().plus(SOONEST);
        Instant wanted = at.isBefore(soonest) ? soonest : at;
        Instant floor = wanted.truncatedTo(ChronoUnit.SECONDS);
        return floor.equals(wanted) ? floor : floor.plusSeconds(1);
    }
}
