package io.taskscheduler.domain;

import java.time.Duration;

/** What a task does when its time has come. */
public sealed interface Action permits Webhook, Unusable {

    /** The longest that one attempt may take, from its first byte out to its last byte in. */
    Duration timeout();
}
