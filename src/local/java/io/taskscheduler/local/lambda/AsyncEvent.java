package io.taskscheduler.local.lambda;

import java.time.Instant;

/**
 * An event that Lambda has taken and not yet done with.
 *
 * @param attempts
 *            how often the function has run on it in vain
 * @param next
 *            when it runs next
 */
public record AsyncEvent(String requestId, String functionName, String payload, Instant acceptedAt, int attempts,
        Instant next) {

    AsyncEvent triedAgainAt(Instant when) {
        return new AsyncEvent(requestId, functionName, payload, acceptedAt, attempts + 1, when);
    }

    AsyncEvent noLaterThan(Instant when) {
        return new AsyncEvent(requestId, functionName, payload, acceptedAt, attempts, next.isAfter(when) ? when : next);
    }
}
