package io.taskscheduler.local;

/** Why the local run cannot start; the message is one line that says what to do. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String whatToDo) {
        super(whatToDo);
    }

    StartFailure(String whatToDo, Throwable cause) {
        super(whatToDo, cause);
    }

    String line() {
        return String.valueOf(getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }
}
