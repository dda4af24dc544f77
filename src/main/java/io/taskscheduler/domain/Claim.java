package io.taskscheduler.domain;

import java.time.Instant;

/** What a wake-up may do with the task it found. */
public sealed interface Claim {

    /** Run the attempt, once the transition is stored. */
    record Granted(Transition transition) implements Claim {}

    /** It is not time yet: wait, or come again. */
    record Early(Instant dueAt) implements Claim {}

    /** Another invocation's lease lives: do nothing. */
    record Held(Lease lease) implements Claim {}

    /** No attempt may follow: the last allowed one was lost, the task expired, or it is not valid. Store the transition, which ends it. */
    record Ended(Transition transition) implements Claim {}

    /** The task is in a final state: do nothing. */
    record Finished() implements Claim {}
}
