package io.taskscheduler.adapter.scheduler;

import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.Unavailable;
import io.taskscheduler.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.ConflictException;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindow;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;

/**
 * One one-shot EventBridge schedule per wake-up, deleted by AWS once it has fired. Its name is the task's id and the wake-up's number, so a
 * name that is taken means that this very timer is set already.
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
        String name = timer.task() + "-" + timer.wakeUp();
        try {
            client.createSchedule(create -> create.name(name).clientToken(name).groupName(target.group())
                    .scheduleExpression(AT.format(wholeSecond(timer.at()))).scheduleExpressionTimezone("UTC")
                    .flexibleTimeWindow(FlexibleTimeWindow.builder().mode(FlexibleTimeWindowMode.OFF).build())
                    .actionAfterCompletion(ActionAfterCompletion.DELETE).target(targetOf(timer.task())));
        } catch (ConflictException alreadySet) {
            return;
        } catch (SdkException e) {
            throw new Unavailable("EventBridge Scheduler did not take the timer: " + e.getMessage(), e);
        }
    }

    private Target targetOf(TaskId task) {
        return Target.builder().arn(target.functionArn()).roleArn(target.roleArn()).input(input(task))
                .retryPolicy(retry -> retry.maximumRetryAttempts(DELIVERY_ATTEMPTS)
                        .maximumEventAgeInSeconds(Math.toIntExact(DELIVERY_AGE.toSeconds())))
                .deadLetterConfig(queue -> queue.arn(target.deadLetterQueueArn())).build();
    }

    // A ULID needs no escaping.
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
