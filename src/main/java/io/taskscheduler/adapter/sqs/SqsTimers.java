package io.taskscheduler.adapter.sqs;

import io.taskscheduler.adapter.FailedCall;
import io.taskscheduler.app.port.Timers;
import io.taskscheduler.app.port.WakeUps;
import java.time.Duration;
import java.time.InstantSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One delayed message per wake-up. Its body names the task and the wake-up. SQS delays no longer than {@link WakeUps#HORIZON}: what lies further
 * ahead comes too early by the rest.
 *
 * <p>SQS counts in whole seconds. Where the second matters the delay is rounded down, so that the message comes before its time, by less than
 * {@link #EARLIEST} if SQS is punctual, unless it would come less than {@link #LATEST} after it: what waits a whole number of seconds is sent some
 * milliseconds after it was ordered, and a second of waiting in the function costs more than these. Otherwise the delay is rounded up.
 */
public final class SqsTimers implements Timers {

    /** How long after its time a message is still worth sending for, beside what it takes on its way; {@code bench/lateness} shows what comes of it. */
    public static final Duration LATEST = Duration.ofMillis(25);

    /** How early a message comes at most where the second matters. */
    public static final Duration EARLIEST = Duration.ofSeconds(1).minus(LATEST);

    private final SqsClient client;
    private final String queueUrl;
    private final InstantSource clock;

    public SqsTimers(SqsClient client, String queueUrl, InstantSource clock) {
        this.client = client;
        this.queueUrl = queueUrl;
        this.clock = clock;
    }

    @Override
    public void set(Timer timer) {
        int delay = delaySeconds(timer);
        try {
            client.sendMessage(send -> send.queueUrl(queueUrl).delaySeconds(delay).messageBody(body(timer)));
        } catch (SdkException e) {
            throw FailedCall.unavailable("SQS did not take the timer", e);
        }
    }

    private int delaySeconds(Timer timer) {
        Duration ahead = Duration.between(clock.instant(), timer.at());
        Duration delay = switch (timer.precision()) {
            case SECOND -> ahead.plus(LATEST).minusNanos(1);
            case MINUTE -> ahead.plusMillis(999);
        };
        return delay.isNegative() ? 0 : Math.toIntExact(Math.min(delay.toSeconds(), WakeUps.HORIZON.toSeconds()));
    }

    // An id needs no escaping.
    private static String body(Timer timer) {
        return "{\"source\":\"custom.timer\",\"detail\":{\"taskId\":\"" + timer.task() + "\",\"wakeUp\":"
                + timer.wakeUp() + "}}";
    }
}
