package io.taskscheduler.handler.http;

/** One fault of a request: the member it concerns, as a path such as {@code payload.url}, and what would be right. */
public record Violation(String member, String problem) {}
