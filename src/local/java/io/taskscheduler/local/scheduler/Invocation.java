package io.taskscheduler.local.scheduler;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to invoke a schedule's target.
 *
 * @param input what the target gets, context attributes replaced; AWS's default event when the schedule names none
 * @param messageGroupId of the schedule's {@code SqsParameters}
 * @param scheduledTime the occurrence this is for, before any spreading
 * @param executionId another one on every attempt
 * @param attempt from 1
 */
public record Invocation(String scheduleArn, String targetArn, String input, Optional<String> messageGroupId,
        Instant scheduledTime,
        String executionId, int attempt) {}
