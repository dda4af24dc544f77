package io.taskscheduler.domain;

/** What becomes of the result of an attempt that has ended. */
public sealed interface Settlement {

    /** The attempt still held the task: store what follows from its result. */
    record Settled(Transition transition) implements Settlement {}

    /** The attempt had been counted as lost: store its result as a note, which changes nothing but that line of the history. */
    record Noted(Transition transition) implements Settlement {}

    /** The history says nothing of the attempt any more, or has the note already. */
    record TooLate() implements Settlement {}
}
