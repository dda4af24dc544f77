package io.taskscheduler.local.lambda;

import java.util.Map;

/** Where the records of asynchronous invocations go. */
public interface Destinations {

    /** Sends to the queue or function with this ARN; the attributes are strings. */
    void send(String arn, String body, Map<String, String> attributes);
}
