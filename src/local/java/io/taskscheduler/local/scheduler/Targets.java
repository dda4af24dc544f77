package io.taskscheduler.local.scheduler;

import java.util.Map;

/** Where schedules send to. Calls come from many threads at once, and return once the target has taken what it got. */
public interface Targets {

    void invoke(Invocation invocation) throws TargetFailure;

    /** Sends to a queue what could not be invoked; the attributes are strings. */
    void deadLetter(String queueArn, String body, Map<String, String> attributes) throws TargetFailure;
}
