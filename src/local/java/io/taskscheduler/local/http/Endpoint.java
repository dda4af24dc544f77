package io.taskscheduler.local.http;

/** Who answers requests. */
@FunctionalInterface
public interface Endpoint {

    Reply answer(Request request) throws InterruptedException;
}
