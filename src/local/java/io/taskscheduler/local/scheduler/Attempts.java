package io.taskscheduler.local.scheduler;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One attempt to invoke a target: taken, to be tried again, or given up and dead-lettered. */
final class Attempts {

    private static final System.Logger LOG = System.getLogger(Attempts.class.getName());

    private final InstantSource clock;
    private final Targets targets;
    private final Payload payload;

    Attempts(InstantSource clock, Targets targets, Payload payload) {
        this.clock = clock;
        this.targets = targets;
        this.payload = payload;
    }

    /**
     * Invokes once.
     *
     * @param since when the first attempt of this occurrence began
     * @return when to try again, or nothing when the occurrence is over
     */
    Optional<Retry> attempt(Schedule schedule, Instant occurrence, int attempt, Instant since) {
        var invocation = payload.invocation(schedule, occurrence, attempt);
        var failed = invoke(invocation);
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        var failure = failed.get();
        var again = new Retry(attempt + 1, since, clock.instant().plus(Retry.delayAfter(attempt)));
        var exhausted = exhausted(schedule, again);
        if (failure.retryable() && exhausted.isEmpty()) {
            return Optional.of(again);
        }
        giveUp(schedule, invocation, failure, exhausted.filter(_ -> failure.retryable()));
        return Optional.empty();
    }

    private Optional<TargetFailure> invoke(Invocation invocation) {
        try {
            targets.invoke(invocation);
            return Optional.empty();
        } catch (TargetFailure e) {
            return Optional.of(e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "invoking " + invocation.targetArn() + " failed unexpectedly", e);
            return Optional.of(new TargetFailure("InternalFailure", String.valueOf(e.getMessage()), true));
        }
    }

    private static Optional<String> exhausted(Schedule schedule, Retry again) {
        if (again.attempt() - 1 > schedule.maxRetries()) {
            return Optional.of("MaximumRetryAttempts");
        }
        return Optional.of("MaximumEventAgeInSeconds")
                .filter(_ -> again.at().isAfter(again.since().plus(schedule.maxAge())));
    }

    private void giveUp(Schedule schedule, Invocation invocation, TargetFailure failure, Optional<String> exhausted) {
        LOG.log(System.Logger.Level.WARNING, "gave up {0}: {1} {2}", invocation.scheduleArn(), failure.errorCode(),
                failure.reason());
        schedule.deadLetterQueue().ifPresent(queue -> {
            var attributes = new HashMap<String, String>();
            attributes.put("ERROR_CODE", failure.errorCode());
            attributes.put("ERROR_MESSAGE", failure.reason());
            attributes.put("EXECUTION_ID", invocation.executionId());
            attributes.put("IS_PAYLOAD_TRUNCATED", "false");
            attributes.put("RETRY_ATTEMPTS", Integer.toString(invocation.attempt() - 1));
            attributes.put("SCHEDULED_TIME", invocation.scheduledTime().toString());
            attributes.put("SCHEDULE_ARN", invocation.scheduleArn());
            attributes.put("TARGET_ARN", invocation.targetArn());
            exhausted.ifPresent(condition -> attributes.put("EXHAUSTED_RETRY_CONDITION", condition));
            deadLetter(queue, invocation, attributes);
        });
    }

    private void deadLetter(String queue, Invocation invocation, Map<String, String> attributes) {
        try {
            targets.deadLetter(queue, invocation.input(), attributes);
        } catch (TargetFailure | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the dead-letter queue " + queue + " did not take " + invocation, e);
        }
    }
}
