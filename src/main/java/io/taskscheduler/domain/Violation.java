package io.taskscheduler.domain;

/** One fault of what was asked: the member it concerns, as a path such as {@code payload.url}, and what would be right. */
public record Violation(String member, String problem) {}
