package io.taskscheduler.domain;

/** A text that does not show when it is printed. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "***";
    }
}
