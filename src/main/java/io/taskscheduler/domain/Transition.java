package io.taskscheduler.domain;

import java.util.List;

/**
 * One decided move of a task, to be stored if and only if the stored task still has the version it was decided on.
 *
 * @param decidedOn the version before
 * @param after     the task after, one version on
 * @param events    what the move adds to the history; empty when it changes no more than the version
 */
public record Transition(long decidedOn, Task after, List<TaskEvent> events) {

    public Transition {
        events = List.copyOf(events);
    }
}
